import { Construct } from 'constructs';

import type { RouteRequest } from '../contracts';
import { labelsOf } from '../kit/labels';
import { customObject, kubeObject } from '../kit/objects';
import { REACH_LABEL } from '../kit/reach';
import type { Backend } from './backend';
import { secretOf, type CertManager } from './cert-manager';
import { ingressObject, routePart, type ControlledBy } from './ingress-object';
import { middlewares, TRAEFIK_API } from './traefik-middlewares';

const PREFIX = 'traefik.ingress.kubernetes.io';

/** What a route needs to know about its Traefik. */
export interface TraefikRouteProps {
  readonly request: RouteRequest;
  readonly backend: Backend;
  readonly by: ControlledBy;
  readonly namespace: string;
  /** The middleware that turns away everybody but the internal networks, for HTTP and for TCP. */
  readonly guard: string;
  /** What makes certificates; undefined where the Traefik has one for all hosts. */
  readonly certManager: CertManager | undefined;
}

/** The objects of one route: an Ingress with its middlewares, or a TCP router where TLS ends at the pods. */
export class TraefikRoute extends Construct {
  constructor(scope: Construct, id: string, props: TraefikRouteProps) {
    super(scope, id);
    if (props.request.tls?.mode === 'passthrough') this.addTcpRouter(props);
    else this.addIngress(props);
  }

  private addIngress({
    request,
    backend,
    by,
    namespace,
    guard,
    certManager,
  }: TraefikRouteProps): void {
    const internal = request.reach === 'internal' ? [guard] : [];
    const used = [...internal, ...middlewares(this, request)];
    const references = used.map((name) => `${namespace}-${name}@kubernetescrd`).join(',');
    const secret = secretOf(this, request, certManager);
    if (request.sticky === true) stick(backend);
    if (request.tls?.mode === 'reencrypt') {
      this.encrypt(request, backend, namespace, request.tls.authority);
    }
    ingressObject(this, request, {
      by,
      annotations: {
        [`${PREFIX}/router.entrypoints`]: 'websecure',
        ...(used.length === 0 ? {} : { [`${PREFIX}/router.middlewares`]: references }),
        // By itself the longer rule wins, and that of a wildcard is longer than that of a host below it.
        ...(request.host.startsWith('*.')
          ? { [`${PREFIX}/router.priority`]: String(Math.min((request.path ?? '/').length, 20)) }
          : {}),
      },
      ...(secret === undefined ? {} : { secret }),
    });
  }

  /** Traefik takes what is between it and the pods from annotations of the Service. */
  private encrypt(
    { name, service }: RouteRequest,
    { service: object }: Backend,
    namespace: string,
    authority: string,
  ): void {
    const metadata = { name: `${name}-backend`, labels: labelsOf(routePart(name)) };
    kubeObject(this, 'Authority', 'ConfigMap', { metadata, data: { 'ca.crt': authority } });
    customObject(this, 'Transport', {
      apiVersion: TRAEFIK_API,
      kind: 'ServersTransport',
      metadata,
      spec: {
        serverName: `${service.name}.${namespace}.svc`,
        rootCAs: [{ configMap: metadata.name }],
      },
    });
    object.metadata.addAnnotation(`${PREFIX}/service.serversscheme`, 'https');
    object.metadata.addAnnotation(
      `${PREFIX}/service.serverstransport`,
      `${namespace}-${metadata.name}@kubernetescrd`,
    );
  }

  private addTcpRouter({ request, backend, guard }: TraefikRouteProps): void {
    const { name, host, reach, service } = request;
    const match = host.startsWith('*.')
      ? `HostSNIRegexp(\`^[a-z0-9-]+${host.slice(1).replaceAll('.', '\\.')}$\`)`
      : `HostSNI(\`${host}\`)`;
    customObject(this, 'Router', {
      apiVersion: TRAEFIK_API,
      kind: 'IngressRouteTCP',
      metadata: { name, labels: { ...labelsOf(routePart(name)), [REACH_LABEL]: reach } },
      spec: {
        entryPoints: ['websecure'],
        routes: [
          {
            match,
            ...(reach === 'internal' ? { middlewares: [{ name: guard }] } : {}),
            services: [{ name: service.name, port: backend.servicePort }],
          },
        ],
        tls: { passthrough: true },
      },
    });
  }
}

/** All routes to the Service are sticky then: Traefik has it of the Service. */
function stick({ service }: Backend): void {
  const cookie = `${PREFIX}/service.sticky.cookie`;
  service.metadata.addAnnotation(cookie, 'true');
  service.metadata.addAnnotation(`${cookie}.secure`, 'true');
  service.metadata.addAnnotation(`${cookie}.httponly`, 'true');
}

/** The kind of the allow list that a route needs. */
export function guardKind({ tls }: RouteRequest): 'Middleware' | 'MiddlewareTCP' {
  return tls?.mode === 'passthrough' ? 'MiddlewareTCP' : 'Middleware';
}

/** Adds the allow list that internal routes of a namespace name. */
export function internalOnly(
  scope: Construct,
  id: string,
  kind: 'Middleware' | 'MiddlewareTCP',
  list: {
    readonly name: string;
    readonly networks: readonly string[];
    readonly labels: Readonly<Record<string, string>>;
  },
): void {
  customObject(scope, id, {
    apiVersion: TRAEFIK_API,
    kind,
    metadata: { name: list.name, labels: list.labels },
    spec: { ipAllowList: { sourceRange: [...list.networks] } },
  });
}
