import type { Construct } from 'constructs';

import type { RouteRequest } from '../contracts';
import { labelsOf } from '../kit/labels';
import { customObject } from '../kit/objects';
import { routePart } from './ingress-object';

/** The API group of Traefik's own kinds. */
export const TRAEFIK_API = 'traefik.io/v1alpha1';

/** Adds what Traefik does with the requests of a route; answers the names, in the order in which it does them. */
export function middlewares(scope: Construct, request: RouteRequest): string[] {
  return Object.entries(specsOf(request)).map(([what, spec]) => {
    const name = `${request.name}-${what}`;
    customObject(scope, `Middleware-${what}`, {
      apiVersion: TRAEFIK_API,
      kind: 'Middleware',
      metadata: { name, labels: labelsOf(routePart(request.name)) },
      spec,
    });
    return name;
  });
}

function specsOf({
  path = '/',
  rewrite,
  guards,
}: RouteRequest): Record<string, Readonly<Record<string, unknown>>> {
  const { rate, login, answerHeaders } = guards ?? {};
  return {
    ...(rate === undefined
      ? {}
      : { rate: { rateLimit: { average: rate.perSecond, burst: rate.burst, period: '1s' } } }),
    ...(login === undefined ? {} : { login: loginOf(login) }),
    ...(answerHeaders === undefined
      ? {}
      : { headers: { headers: { customResponseHeaders: { ...answerHeaders } } } }),
    ...(rewrite === undefined ? {} : { rewrite: { replacePathRegex: replaced(path, rewrite) } }),
  };
}

function loginOf(
  login: NonNullable<NonNullable<RouteRequest['guards']>['login']>,
): Readonly<Record<string, unknown>> {
  switch (login.kind) {
    case 'basic':
      // The pods need not see the password.
      return { basicAuth: { secret: login.secret, removeHeader: true } };
    case 'forward':
      return { forwardAuth: { address: login.url, authResponseHeaders: [...login.answerHeaders] } };
  }
}

/** Whole segments only: '/app' with '/' turns '/app/x' into '/x'. */
function replaced(path: string, rewrite: string): { regex: string; replacement: string } {
  const prefix = path.replace(/\/+$/, '').replace(/[.+]/g, '\\$&');
  return { regex: `^${prefix}(?:/(.*))?$`, replacement: `${rewrite.replace(/\/+$/, '')}/$1` };
}
