import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import type { RouteRequest } from '../contracts';
import { hint } from '../kit/hints';
import { labelsOf, type Part } from '../kit/labels';
import { customObject } from '../kit/objects';
import { REACH_LABEL } from '../kit/reach';
import { targetOf, type Target } from '../targets';

/** How an Ingress says whose it is. */
export type ControlledBy =
  /** An IngressClass; `ours` when it is in this tree. */
  | { readonly class: string; readonly ours: boolean }
  /** The annotation from before there were classes. */
  | { readonly annotation: string };

/** What an Ingress holds beside its request. */
export interface IngressObject {
  readonly by: ControlledBy;
  readonly annotations: Readonly<Record<string, string>>;
  /**
   * The Secret with the certificate of the host.
   *
   * @default - the controller's own certificate
   */
  readonly secret?: string;
  /**
   * The path as the controller wants it written, where that is not a plain prefix.
   *
   * @default - the path of the request, as a prefix
   */
  readonly pattern?: string;
}

/** What a route is in labels and policies. */
export function routePart(name: string): Part {
  return { name: 'route', instance: name, component: 'route', partOf: 'ingress' };
}

/** Adds the Ingress of a route, in the form that the target has: by class since 1.18, in the v1 body since 1.19. */
export function ingressObject(
  scope: Construct,
  request: RouteRequest,
  { by, annotations, secret, pattern }: IngressObject,
): ApiObject {
  const target = targetOf(scope);
  const old: Record<string, string> =
    'annotation' in by ? { 'kubernetes.io/ingress.class': by.annotation } : {};
  const made = customObject(scope, 'Ingress', {
    apiVersion: target.apiVersion('Ingress'),
    kind: 'Ingress',
    metadata: {
      name: request.name,
      labels: { ...labelsOf(routePart(request.name)), [REACH_LABEL]: request.reach },
      annotations: { ...old, ...annotations },
    },
    spec: {
      ...('class' in by ? { ingressClassName: by.class } : {}),
      // Always named, so that the controller speaks TLS for the host even without a Secret.
      tls: [{ hosts: [request.host], ...(secret === undefined ? {} : { secretName: secret }) }],
      rules: [{ host: request.host, http: { paths: [pathOf(target, request, pattern)] } }],
    },
  });
  if ('class' in by && !by.ours) {
    hint(made, { external: [`_/ingressclass.networking.k8s.io/${by.class}`] });
  }
  return made;
}

function pathOf(
  target: Target,
  { path = '/', service }: RouteRequest,
  pattern: string | undefined,
): Readonly<Record<string, unknown>> {
  const pathType = pattern === undefined ? 'Prefix' : 'ImplementationSpecific';
  const written = pattern ?? path;
  if (target.has('ingress-v1')) {
    const backend = { service: { name: service.name, port: { name: service.port } } };
    return { path: written, pathType, backend };
  }
  const backend = { serviceName: service.name, servicePort: service.port };
  return { path: written, ...(target.has('ingress-class') ? { pathType } : {}), backend };
}
