import type { RouteRequest } from '../contracts';

const HAPROXY = 'haproxy.router.openshift.io';
/** The router counts requests over this many seconds: the stick-table of its haproxy-config.template. */
const WINDOW_SECONDS = 10;

/** The longest allow list that a router of any version reads (nw-route-specific-annotations of OpenShift's documentation). */
export const MOST_NETWORKS = 61;

/** What OKD's router reads of a route, see https://docs.okd.io/latest/networking/routes/route-configuration.html. */
export function routerAnnotations(
  request: RouteRequest,
  networks: readonly string[],
): Record<string, string> {
  const { reach, rewrite, sticky, timeouts, guards, tls } = request;
  const rate = guards?.rate;
  const hsts = hstsOf(request);
  const list = networks.join(' ');
  return {
    // The router had the second name first; a router that knows both takes the new one.
    ...(reach === 'internal'
      ? { [`${HAPROXY}/ip_allowlist`]: list, [`${HAPROXY}/ip_whitelist`]: list }
      : {}),
    ...(timeouts?.requestSeconds === undefined
      ? {}
      : { [`${HAPROXY}/timeout`]: `${timeouts.requestSeconds}s` }),
    ...(timeouts?.websocketSeconds === undefined
      ? {}
      : { [`${HAPROXY}/timeout-tunnel`]: `${timeouts.websocketSeconds}s` }),
    // By itself the router makes every browser come back to its pod.
    ...(sticky === true || tls?.mode === 'passthrough'
      ? {}
      : { [`${HAPROXY}/disable_cookies`]: 'true' }),
    ...(rewrite === undefined ? {} : { [`${HAPROXY}/rewrite-target`]: rewrite }),
    ...(rate === undefined
      ? {}
      : {
          [`${HAPROXY}/rate-limit-connections`]: 'true',
          [`${HAPROXY}/rate-limit-connections.rate-http`]: String(
            Math.max(rate.perSecond * WINDOW_SECONDS, rate.burst),
          ),
        }),
    ...(hsts === undefined ? {} : { [`${HAPROXY}/hsts_header`]: hsts }),
  };
}

/** The one header of answers that every version of the router can set. */
export function otherHeaders({ guards }: RouteRequest): string[] {
  return Object.keys(guards?.answerHeaders ?? {}).filter((header) => !isHsts(header));
}

function hstsOf({ guards }: RouteRequest): string | undefined {
  return Object.entries(guards?.answerHeaders ?? {}).find(([header]) => isHsts(header))?.[1];
}

function isHsts(header: string): boolean {
  return header.toLowerCase() === 'strict-transport-security';
}
