import { isIP } from 'node:net';

import { chainProblems, type Certificates } from './certificates';

/** What every front door of a site is told. */
export interface FrontDoorProps {
  /**
   * Networks whose clients count as internal, in CIDR notation: the site's own, and the address of its SSH or SOCKS gateway.
   * The front door judges by the address it sees; where a proxy stands before it, that is the proxy's.
   *
   * @default [] - no route can be internal
   */
  readonly internalNetworks?: readonly string[];

  /**
   * Hosts that may be taken whole, as `*.hub.example.org`: whoever has such a route answers for every name one level below.
   *
   * @default [] - no route can have a wildcard
   */
  readonly wildcards?: readonly string[];

  /**
   * Where its certificates come from.
   *
   * @default { kind: 'own' }
   */
  readonly certificates?: Certificates;
}

const HOST =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a text is a full host name in lower case. */
export function isHost(text: string): boolean {
  return HOST.test(text);
}

/** Whether a text can be the name of a namespace or of most other objects. */
export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/** What is wrong with what a front door is told, one message each. */
export function frontDoorProblems(props: FrontDoorProps): string[] {
  return [
    ...networksProblems('internalNetworks', props.internalNetworks ?? []),
    ...(props.wildcards ?? []).flatMap((host) =>
      host.startsWith('*.') && isHost(host.slice(2))
        ? []
        : [`'wildcards' must be hosts that begin with '*.', as '*.hub.example.org', got '${host}'`],
    ),
    ...(props.certificates === undefined ? [] : certificatesProblems(props.certificates)),
  ];
}

/** Whether a text is a network in CIDR notation. Not the whole address space: that would make internal mean public. */
function isNetwork(cidr: string): boolean {
  const [address = '', length = '', ...rest] = cidr.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  if (isIP(address) === 0 || rest.length > 0 || !/^\d+$/.test(length)) return false;
  return Number(length) > 0 && Number(length) <= bits;
}

/** The entries of a list of networks that are none. */
export function networksProblems(field: string, networks: readonly string[]): string[] {
  return networks.flatMap((cidr) =>
    isNetwork(cidr)
      ? []
      : [`'${field}' must be networks in CIDR notation, as '192.0.2.0/24', got '${cidr}'`],
  );
}

function certificatesProblems(certificates: Certificates): string[] {
  switch (certificates.kind) {
    case 'own':
      return [];
    case 'given':
      return chainProblems('certificates.chain', certificates.chain);
    case 'cert-manager': {
      const { issuer } = certificates;
      switch (issuer.type) {
        case 'self-signed':
          return [];
        case 'existing':
          return isHost(`x.${issuer.name}`)
            ? []
            : [
                `'certificates.issuer.name' must be the name of a ClusterIssuer, got '${issuer.name}'`,
              ];
        case 'ca':
          return isLabel(issuer.secret)
            ? []
            : [`'certificates.issuer.secret' must be the name of a Secret, got '${issuer.secret}'`];
        case 'acme':
          return [
            ...(URL.canParse(issuer.server) && issuer.server.startsWith('https://')
              ? []
              : [
                  `'certificates.issuer.server' must be the https URL of an ACME directory, got '${issuer.server}'`,
                ]),
            ...(/^[^\s@]+@[^\s@]+$/.test(issuer.email)
              ? []
              : [`'certificates.issuer.email' must be an address, got '${issuer.email}'`]),
          ];
      }
    }
  }
}
