import { ApiObject, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { Service, ServicePort } from 'kubernetes-types/core/v1';
import type { IngressSpec } from 'kubernetes-types/networking/v1';

import type { RouteRequest } from '../contracts';
import { labelsOf, type Part } from '../kit/labels';
import { allow, podsOf } from '../kit/network';
import { customObject } from '../kit/objects';
import { targetOf } from '../targets';

/** Name of the middleware that turns away everybody but the internal networks, one in each namespace that needs it. */
export const INTERNAL_ONLY = 'internal-only';

/** What a route needs to know about its ingress. */
export interface RouteContext {
  readonly className: string;
  /** Where its pods are. */
  readonly namespace: string;
  readonly part: Part;
}

/** The objects of one route: the Ingress, and a policy that lets the ingress reach the pods behind the Service. */
export class TraefikRoute extends Construct {
  constructor(request: RouteRequest, namespace: string, backend: Backend, context: RouteContext) {
    super(request.scope, `Route-${request.name}`);
    const { name, host, reach, service } = request;
    const part = { name: 'route', instance: name, component: 'route', partOf: 'ingress' };
    const middleware = `${namespace}-${INTERNAL_ONLY}@kubernetescrd`;
    customObject(this, 'Ingress', {
      apiVersion: targetOf(this).apiVersion('Ingress'),
      kind: 'Ingress',
      metadata: {
        name,
        labels: { ...labelsOf(part), 'beamline/reach': reach },
        annotations: {
          'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
          ...(reach === 'internal'
            ? { 'traefik.ingress.kubernetes.io/router.middlewares': middleware }
            : {}),
        },
      },
      spec: {
        ingressClassName: context.className,
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: request.path ?? '/',
                  pathType: 'Prefix',
                  backend: { service: { name: service.name, port: { name: service.port } } },
                },
              ],
            },
          },
        ],
      } satisfies IngressSpec,
    });
    allow(this, 'Allow', {
      name: `${name}-from-ingress`,
      part,
      pods: backend.selector,
      from: [{ peers: [podsOf(context.part, context.namespace)], ports: [backend.port] }],
    });
  }
}

/** The pods behind a Service and the port that they listen on. */
export interface Backend {
  readonly selector: Readonly<Record<string, string>>;
  readonly port: number | string;
}

/** Finds what a route leads to, in the chart that asks for it. */
export function backendOf({ scope, service }: RouteRequest): Backend | undefined {
  for (const construct of Chart.of(scope).node.findAll()) {
    if (!ApiObject.isApiObject(construct) || construct.kind !== 'Service') continue;
    if (construct.name !== service.name) continue;
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- cdk8s types a rendered object as any; a Service is one
    const { spec }: Service = construct.toJson();
    const port = spec?.ports?.find(({ name }) => name === service.port);
    if (port !== undefined && spec?.selector !== undefined) {
      return { selector: spec.selector, port: podPort(port) };
    }
  }
  return undefined;
}

function podPort({ port, targetPort }: ServicePort): number | string {
  return targetPort ?? port;
}
