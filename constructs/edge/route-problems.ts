import type { RouteRequest } from '../contracts';
import { REACH_LABEL, internalReason } from '../kit/reach';
import type { Backend } from './backend';
import { chainProblems, hostProblems, type Certificates } from './certificates';
import { isHost, isLabel } from './front-door-props';

/** What a route is judged against. */
export interface RouteState {
  readonly internalNetworks: number;
  readonly wildcards: readonly string[];
  readonly certificates: Certificates;
  readonly takenBy: string | undefined;
  readonly backend: Backend | undefined;
}

/** What is wrong with a route at any front door, one message each. */
export function routeProblems(request: RouteRequest, state: RouteState): string[] {
  const { host, name, path, service } = request;
  return [
    ...hostNameProblems(host, state.wildcards),
    ...(isLabel(name)
      ? []
      : [`'name' must be lower-case letters, digits and '-', at most 63, got '${name}'`]),
    ...pathProblems('path', path),
    ...pathProblems('rewrite', request.rewrite),
    ...reachProblems(request, state),
    ...tlsProblems(request, state.certificates),
    ...timeoutProblems(request),
    ...guardProblems(request),
    ...(state.takenBy === undefined
      ? []
      : [`'${host}${path ?? '/'}' is already routed by '${state.takenBy}'`]),
    ...(state.backend === undefined
      ? [
          `its chart has no Service '${service.name}' with a port named '${service.port}' and a selector; ` +
            `make the Service before its route`,
        ]
      : []),
  ];
}

/** Throws one error with every problem of a route; does nothing if there is none. */
export function rejectRoute({ name, scope }: RouteRequest, problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new Error(
    `the route '${name}' of '${scope.node.path}' cannot be made:\n  - ${problems.join('\n  - ')}`,
  );
}

function hostNameProblems(host: string, wildcards: readonly string[]): string[] {
  if (host.startsWith('*.') && isHost(host.slice(2))) {
    if (wildcards.includes(host)) return [];
    const allowed = wildcards.length === 0 ? 'none' : wildcards.join(', ');
    return [
      `'host' takes every name of '${host}', which the ingress does not allow (its 'wildcards': ${allowed}); ` +
        'add it there or name one host',
    ];
  }
  return isHost(host)
    ? []
    : [`'host' must be a full host name in lower case, without scheme or port, got '${host}'`];
}

/** Letters that a URL carries as they are: others would have to be escaped differently for every proxy. */
function pathProblems(field: string, path: string | undefined): string[] {
  if (path === undefined) return [];
  if (!path.startsWith('/')) return [`'${field}' must begin with '/', got '${path}'`];
  return /^[\w/.~@:+-]+$/.test(path)
    ? []
    : [`'${field}' must be letters, digits and any of '/._~@:+-', got '${path}'`];
}

function reachProblems({ reach, scope, service }: RouteRequest, state: RouteState): string[] {
  if (reach === 'internal') {
    return state.internalNetworks > 0
      ? []
      : [
          `'reach' is 'internal', but the ingress lists no internal network; ` +
            `give it 'internalNetworks' or make the route public`,
        ];
  }
  const reason = internalReason(scope) ?? markOf(state.backend);
  return reason === undefined
    ? []
    : [
        `'reach' is 'public', but '${service.name}' is kept internal: ${reason}; make the route internal`,
      ];
}

function markOf(backend: Backend | undefined): string | undefined {
  if (backend === undefined) return undefined;
  return backend.service.metadata.getLabel(REACH_LABEL) === 'internal'
    ? `its Service has the label ${REACH_LABEL}: internal`
    : internalReason(backend.service);
}

function tlsProblems(
  { host, path, rewrite, guards, sticky, tls }: RouteRequest,
  certificates: Certificates,
): string[] {
  const mode = tls?.mode ?? 'edge';
  if (tls?.mode === 'passthrough') {
    const seen = [
      ...(path !== undefined && path !== '/' ? ["'path'"] : []),
      ...(rewrite === undefined ? [] : ["'rewrite'"]),
      ...(sticky === true ? ["'sticky'"] : []),
      ...(Object.keys(guards ?? {}).length === 0 ? [] : ["'guards'"]),
    ];
    return seen.length === 0
      ? []
      : [
          `TLS ends at the pods ('passthrough'), so the ingress sees no request and cannot have ${seen.join(', ')}; ` +
            "use 'edge' or 'reencrypt'",
        ];
  }
  const own = tls?.certificate;
  return [
    ...(tls?.mode === 'reencrypt' ? chainProblems('tls.authority', tls.authority) : []),
    ...(own?.publicPart === undefined
      ? []
      : [
          ...chainProblems('tls.certificate.publicPart', own.publicPart),
          ...hostProblems('tls.certificate.publicPart', own.publicPart, host),
        ]),
    ...(own === undefined && certificates.kind === 'given' && mode !== 'passthrough'
      ? hostProblems('certificates.chain', certificates.chain, host)
      : []),
  ];
}

function timeoutProblems({ timeouts }: RouteRequest): string[] {
  return Object.entries(timeouts ?? {}).flatMap(([field, seconds]: [string, number | undefined]) =>
    seconds === undefined || (Number.isInteger(seconds) && seconds > 0 && seconds <= 24 * 86_400)
      ? []
      : [`'timeouts.${field}' must be whole seconds from 1 to 24 days, got '${seconds}'`],
  );
}

function guardProblems({ guards }: RouteRequest): string[] {
  const { rate, login, answerHeaders } = guards ?? {};
  return [
    ...(rate === undefined
      ? []
      : Object.entries(rate).flatMap(([field, value]) =>
          Number.isInteger(value) && value > 0
            ? []
            : [`'guards.rate.${field}' must be a whole number from 1, got '${value}'`],
        )),
    ...(login?.kind === 'forward' && !/^https?:\/\/\S+$/.test(login.url)
      ? [`'guards.login.url' must be an http or https URL, got '${login.url}'`]
      : []),
    ...Object.entries(answerHeaders ?? {}).flatMap(([header, value]) =>
      /^[A-Za-z0-9-]+$/.test(header) && !/[\r\n]/.test(value)
        ? []
        : [
            `'guards.answerHeaders' must be header names with one line of text each, got '${header}'`,
          ],
    ),
  ];
}
