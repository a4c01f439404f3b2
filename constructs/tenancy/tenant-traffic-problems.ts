import type { Target } from '../targets';
import type { TenantTraffic } from './tenant-props';

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const HOST = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What is wrong with the traffic of a tenant, or cannot be held on its target. */
export function trafficProblems(target: Target, at: string, traffic: TenantTraffic): string[] {
  const { to = [], from = [] } = traffic;
  const rules = [
    ...to.map((rule, index) => ({ ...rule, field: `${at}.to[${index}]` })),
    ...from.map(
      (rule, index) => ({ ...rule, kind: 'from', field: `${at}.from[${index}]` }) as const,
    ),
  ];
  const hosts = to.filter((rule) => rule.kind === 'host');
  return [
    ...(to.length > 0 ? target.problemsOf(`'${at}.to'`, 'network-policy-egress') : []),
    ...(hosts.length > 0
      ? target.problemsOf(
          `'${at}.to' host '${hosts.map(({ host }) => host).join("', '")}'`,
          'egress-hosts',
        )
      : []),
    ...rules.flatMap((rule) => [
      ...portProblems(rule.field, rule.ports),
      ...peerProblems(rule.field, rule),
    ]),
  ];
}

function portProblems(field: string, ports: readonly number[] | 'any'): string[] {
  if (ports === 'any') return [];
  const wrong = ports.filter((port) => !Number.isInteger(port) || port < 1 || port > 65535);
  return ports.length === 0 || wrong.length > 0
    ? [`'${field}.ports' must be TCP ports from 1 to 65535, got '${ports.join(', ')}'`]
    : [];
}

type Peer =
  | { readonly kind: 'pods' | 'from'; readonly namespace: string }
  | { readonly kind: 'network'; readonly cidr: string }
  | { readonly kind: 'host'; readonly host: string };

function peerProblems(field: string, peer: Peer): string[] {
  switch (peer.kind) {
    case 'pods':
    case 'from':
      return DNS_LABEL.test(peer.namespace)
        ? []
        : [`'${field}.namespace' must be the name of a namespace, got '${peer.namespace}'`];
    case 'network':
      return isNetwork(peer.cidr)
        ? []
        : [`'${field}.cidr' must be a network such as '192.0.2.0/24', got '${peer.cidr}'`];
    case 'host':
      return HOST.test(peer.host)
        ? []
        : [`'${field}.host' must be a full host name in lower case, got '${peer.host}'`];
  }
}

function isNetwork(text: string): boolean {
  const [address = '', length = '', ...rest] = text.split('/');
  const octets = address.split('.');
  return (
    rest.length === 0 &&
    octets.length === 4 &&
    octets.every((octet) => /^\d{1,3}$/.test(octet) && Number(octet) <= 255) &&
    /^\d{1,2}$/.test(length) &&
    Number(length) <= 32
  );
}
