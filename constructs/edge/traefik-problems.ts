import { isIP } from 'node:net';

import type { RouteRequest } from '../contracts';
import type { Target } from '../targets';
import { frontDoorProblems, isHost, isLabel, networksProblems } from './front-door-props';
import type { Exposure, TraefikProps } from './traefik-props';

/** What is wrong with the props on this target, one message each. */
export function propsProblems(target: Target, props: TraefikProps): string[] {
  const { className, internalNetworks = [] } = props;
  const namespaces = [...(props.watchedNamespaces ?? []), ...(props.monitoringNamespaces ?? [])];
  return [
    ...target.problemsOf('Traefik 3', 'endpoint-slice-v1'),
    ...(className === undefined || isLabel(className)
      ? []
      : [`'className' must be lower-case letters, digits and '-', got '${className}'`]),
    ...scaleProblems(props),
    ...frontDoorProblems(props),
    ...networksProblems('trustedProxies', props.trustedProxies ?? []),
    ...namespaces.flatMap((name) =>
      isLabel(name) ? [] : [`a namespace must be a DNS label, got '${name}'`],
    ),
    ...(props.reach === 'internal' && internalNetworks.length === 0
      ? ["'reach' is 'internal', but 'internalNetworks' lists no network; list those it is for"]
      : []),
    ...dashboardProblems(props.dashboard, internalNetworks),
    ...exposureProblems(props.exposure),
  ];
}

/** What Traefik cannot do for a route, one message each. */
export function traefikRouteProblems(
  { reach }: RouteRequest,
  props: Pick<TraefikProps, 'reach'>,
): string[] {
  return props.reach === 'internal' && reach === 'public'
    ? [
        "'reach' is 'public', but the ingress as a whole is internal; make the route internal, or give it another ingress",
      ]
    : [];
}

function scaleProblems({ replicas, scaling }: TraefikProps): string[] {
  const least = replicas ?? 2;
  return [
    ...(Number.isInteger(least) && least > 0
      ? []
      : [`'replicas' must be a whole number from 1, got '${least}'`]),
    ...(scaling === undefined || (Number.isInteger(scaling.max) && scaling.max > least)
      ? []
      : [`'scaling.max' must be a whole number above 'replicas' (${least}), got '${scaling.max}'`]),
    ...(scaling === undefined || (scaling.cpuPercent >= 1 && scaling.cpuPercent <= 100)
      ? []
      : [`'scaling.cpuPercent' must be from 1 to 100, got '${scaling.cpuPercent}'`]),
  ];
}

function dashboardProblems(host: string | undefined, internal: readonly string[]): string[] {
  if (host === undefined) return [];
  return [
    ...(isHost(host) ? [] : [`'dashboard' must be a full host name in lower case, got '${host}'`]),
    ...(internal.length > 0
      ? []
      : ["'dashboard' is for internal networks alone; list these in 'internalNetworks'"]),
  ];
}

function exposureProblems(exposure: Exposure): string[] {
  switch (exposure.type) {
    case 'ClusterIP':
      return [];
    case 'LoadBalancer':
      return exposure.address === undefined || isIP(exposure.address) !== 0
        ? []
        : [`'exposure.address' must be an IP address, got '${exposure.address}'`];
    case 'NodePort':
      return Object.entries({ http: exposure.http, https: exposure.https }).flatMap(
        ([field, port]) =>
          Number.isInteger(port) && port >= 30000 && port <= 32767
            ? []
            : [`'exposure.${field}' must be a port from 30000 to 32767, got '${port}'`],
      );
    case 'HostNetwork':
      return [
        ...(exposure.consent.trim() === ''
          ? ["'exposure.consent' must say who agreed to pods in the network of their node, and why"]
          : []),
        ...(exposure.nodeNetworks.length === 0
          ? ["'exposure.nodeNetworks' must list the networks of the nodes, got none"]
          : []),
        ...networksProblems('exposure.nodeNetworks', exposure.nodeNetworks),
      ];
  }
}
