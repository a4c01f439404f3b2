import { isIP } from 'node:net';

import type { RouteRequest } from '../contracts';
import type { Target } from '../targets';
import type { TraefikProps } from './traefik-props';

const HOST =
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** What is wrong with the props on this target, one message each. */
export function propsProblems(target: Target, props: TraefikProps): string[] {
  const { exposure, replicas, className } = props;
  const namespaces = [...(props.watchedNamespaces ?? []), ...(props.monitoringNamespaces ?? [])];
  return [
    ...target.problemsOf('Traefik 3', 'endpoint-slice-v1'),
    ...(className === undefined || LABEL.test(className)
      ? []
      : [`'className' must be lower-case letters, digits and '-', got '${className}'`]),
    ...(replicas === undefined || (Number.isInteger(replicas) && replicas > 0)
      ? []
      : [`'replicas' must be a whole number from 1, got '${replicas}'`]),
    ...(props.internalNetworks ?? []).flatMap((cidr) =>
      isNetwork(cidr)
        ? []
        : [
            `'internalNetworks' must be networks in CIDR notation, as '192.0.2.0/24', got '${cidr}'`,
          ],
    ),
    ...namespaces.flatMap((name) =>
      LABEL.test(name) ? [] : [`a namespace must be a DNS label, got '${name}'`],
    ),
    ...(exposure.type === 'LoadBalancer' &&
    exposure.address !== undefined &&
    isIP(exposure.address) === 0
      ? [`'exposure.address' must be an IP address, got '${exposure.address}'`]
      : []),
    ...(exposure.type === 'NodePort'
      ? Object.entries({ http: exposure.http, https: exposure.https }).flatMap(([field, port]) =>
          Number.isInteger(port) && port >= 30000 && port <= 32767
            ? []
            : [`'exposure.${field}' must be a port from 30000 to 32767, got '${port}'`],
        )
      : []),
  ];
}

/** What is wrong with a route, one message each. */
export function routeProblems(
  { host, name, path, reach, service }: RouteRequest,
  state: { readonly internalNetworks: number; readonly taken?: string; readonly found: boolean },
): string[] {
  return [
    ...(HOST.test(host)
      ? []
      : [`'host' must be a full host name in lower case, without scheme or port, got '${host}'`]),
    ...(LABEL.test(name)
      ? []
      : [`'name' must be lower-case letters, digits and '-', at most 63, got '${name}'`]),
    ...(path === undefined || /^\/\S*$/.test(path)
      ? []
      : [`'path' must begin with '/', got '${path}'`]),
    ...(reach === 'internal' && state.internalNetworks === 0
      ? [
          `'reach' is 'internal', but the ingress lists no internal network; ` +
            `give it 'internalNetworks' or make the route public`,
        ]
      : []),
    ...(state.taken === undefined
      ? []
      : [`'${host}${path ?? '/'}' is already routed by '${state.taken}'`]),
    ...(state.found
      ? []
      : [
          `its chart has no Service '${service.name}' with a port named '${service.port}' and a selector; ` +
            `make the Service before its route`,
        ]),
  ];
}

/** Throws one error with every problem of a route; does nothing if there is none. */
export function rejectRoute({ name, scope }: RouteRequest, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(
    `the route '${name}' of '${scope.node.path}' cannot be made:\n  - ${problems.join('\n  - ')}`,
  );
}

function isNetwork(cidr: string): boolean {
  const [address = '', length = '', ...rest] = cidr.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  return isIP(address) !== 0 && rest.length === 0 && /^\d+$/.test(length) && Number(length) <= bits;
}
