import type { RouteRequest } from '../contracts';

const NGINX = 'nginx.ingress.kubernetes.io';

/** What ingress-nginx reads of an Ingress, see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/. */
export function nginxAnnotations(
  { guards, reach, rewrite, sticky, timeouts }: RouteRequest,
  networks: readonly string[],
): Record<string, string> {
  const seconds = Math.max(timeouts?.requestSeconds ?? 0, timeouts?.websocketSeconds ?? 0);
  const { rate, login } = guards ?? {};
  const found: Record<string, string> = {
    'force-ssl-redirect': 'true',
    // Its own limit of 1 MiB is for web pages.
    'proxy-body-size': '0',
    ...(reach === 'internal' ? { 'whitelist-source-range': networks.join(',') } : {}),
    // A websocket is a request like any other to it.
    ...(seconds === 0
      ? {}
      : { 'proxy-read-timeout': String(seconds), 'proxy-send-timeout': String(seconds) }),
    ...(sticky === true ? { affinity: 'cookie', 'affinity-mode': 'persistent' } : {}),
    ...(rewrite === undefined
      ? {}
      : { 'use-regex': 'true', 'rewrite-target': `${rewrite.replace(/\/+$/, '')}/$2` }),
    ...(rate === undefined
      ? {}
      : {
          'limit-rps': String(rate.perSecond),
          'limit-burst-multiplier': String(Math.max(1, Math.ceil(rate.burst / rate.perSecond))),
        }),
    ...(login?.kind === 'basic' ? { 'auth-type': 'basic', 'auth-secret': login.secret } : {}),
    ...(login?.kind === 'forward'
      ? { 'auth-url': login.url, 'auth-response-headers': login.answerHeaders.join(',') }
      : {}),
  };
  return Object.fromEntries(Object.entries(found).map(([key, text]) => [`${NGINX}/${key}`, text]));
}

/** The path as ingress-nginx wants it for a rewrite: what stays is the second group. */
export function nginxPattern({ path = '/', rewrite }: RouteRequest): string | undefined {
  if (rewrite === undefined) return undefined;
  return `${path.replace(/\/+$/, '').replace(/[.+]/g, '\\$&')}(/|$)(.*)`;
}

/** What ingress-nginx cannot do, or not without settings of its own that a site may have switched off. */
export function nginxProblems({ guards, tls }: RouteRequest): string[] {
  return [
    ...(tls === undefined || tls.mode === 'edge'
      ? []
      : [
          `an existing ingress-nginx cannot be relied on for '${tls.mode}' (its flags decide); ` +
            "use 'edge', or Traefik",
        ]),
    ...(guards?.answerHeaders === undefined
      ? []
      : [
          "an existing ingress-nginx sets headers by snippets alone, which it refuses by default; let the program set 'guards.answerHeaders'",
        ]),
  ];
}

/** What a controller that nothing is known of cannot be asked for. */
export function unknownProblems(request: RouteRequest): string[] {
  const { guards, reach, rewrite, sticky, timeouts, tls } = request;
  const asked = [
    ...(reach === 'internal' ? ["'reach: internal'"] : []),
    ...(rewrite === undefined ? [] : ["'rewrite'"]),
    ...(sticky === true ? ["'sticky'"] : []),
    ...(timeouts === undefined ? [] : ["'timeouts'"]),
    ...(guards === undefined ? [] : ["'guards'"]),
    ...(tls === undefined || tls.mode === 'edge' ? [] : [`'tls.mode: ${tls.mode}'`]),
  ];
  return asked.length === 0
    ? []
    : [
        `a controller of kind 'other' gets a plain Ingress and cannot be asked for ${asked.join(', ')}; ` +
          "say which it is ('nginx', 'traefik'), or leave these out",
      ];
}
