import { BlockList, isIP, isIPv4 } from 'node:net';

/** A network as address and prefix length. */
interface Network {
  readonly address: string;
  readonly prefix: number;
  readonly family: 'ipv4' | 'ipv6';
}

/** Shortest prefix that is still a site and not the world: `10.0.0.0/8`, `fd00::/8`. */
const SHORTEST = 8;

/** What is wrong with networks that something is opened to: none, no CIDR, or so wide that it is the world. */
export function openToProblems(field: string, cidrs: readonly string[], what: string): string[] {
  return [
    ...(cidrs.length > 0
      ? []
      : [`'${field}' must name at least one network of ${what}, got none; list the site's own`]),
    ...cidrs.flatMap((cidr) => {
      const network = networkIn(cidr);
      if (network === undefined) {
        return [
          `'${field}' must be networks in CIDR notation, got '${cidr}'; write '192.0.2.0/24'`,
        ];
      }
      return network.prefix >= SHORTEST
        ? []
        : [
            `'${field}' must not be open to the world, got '${cidr}'; name ${what}, /${SHORTEST} or smaller each`,
          ];
    }),
  ];
}

/** What is wrong with the pinned address of a Service. */
export function serviceAddressProblems(address: string, serviceNetwork: string): string[] {
  const range = networkIn(serviceNetwork);
  if (range?.family !== 'ipv4') {
    return [
      `'address.serviceNetwork' must be the IPv4 range of Services in CIDR notation, got '${serviceNetwork}'; OKD's is '172.30.0.0/16'`,
    ];
  }
  if (!isIPv4(address)) {
    return [`'address.clusterIp' must be an IPv4 address of '${serviceNetwork}', got '${address}'`];
  }
  const place = placeIn(address, range);
  const size = 2 ** (32 - range.prefix);
  if (!covers(range, address) || place === 0 || place === size - 1) {
    return [
      `'address.clusterIp' must be in the range of Services, '${serviceNetwork}', without its first and last address, got '${address}'`,
    ];
  }
  return [];
}

/**
 * How many addresses at the beginning of the range are kept for pinned ones: 1/16 of it, from 16 to 256. See
 * https://kubernetes.io/docs/concepts/services-networking/cluster-ip-allocation/
 */
export function isPinnable(address: string, serviceNetwork: string): boolean {
  const range = networkIn(serviceNetwork);
  if (range === undefined) return false;
  const band = Math.min(Math.max(16, Math.floor(2 ** (32 - range.prefix) / 16)), 256);
  return placeIn(address, range) <= band;
}

function networkIn(cidr: string): Network | undefined {
  const [address = '', length = '', ...more] = cidr.split('/');
  const version = isIP(address);
  const prefix = Number(length);
  const longest = version === 4 ? 32 : 128;
  const valid = version !== 0 && more.length === 0 && /^\d+$/.test(length) && prefix <= longest;
  return valid ? { address, prefix, family: version === 4 ? 'ipv4' : 'ipv6' } : undefined;
}

function covers({ address, prefix, family }: Network, candidate: string): boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return list.check(candidate, family);
}

function placeIn(address: string, range: Network): number {
  const size = 2 ** (32 - range.prefix);
  return numberOf(address) - Math.floor(numberOf(range.address) / size) * size;
}

function numberOf(address: string): number {
  return address.split('.').reduce((number, byte) => number * 256 + Number(byte), 0);
}
