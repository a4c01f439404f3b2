import { Construct } from 'constructs';

import type { IIngress, RouteRequest } from '../contracts';
import { httpProbe } from '../kit/containers';
import { exempt } from '../kit/exceptions';
import { labelsOf, type Part } from '../kit/labels';
import { later } from '../kit/later';
import { allow, API_SERVER, inNamespace } from '../kit/network';
import { customObject, kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { UpstreamManifest } from '../kit/upstream-manifest';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { targetOf } from '../targets';
import { imageRef, IMAGES, UPSTREAM_FILES } from '../versions';
import { NAMESPACE_FLAGS, PORTS, staticArguments } from './traefik-arguments';
import { propsProblems, rejectRoute, routeProblems } from './traefik-problems';
import type { TraefikProps } from './traefik-props';
import { backendOf, INTERNAL_ONLY, TraefikRoute } from './traefik-routes';
import { CLUSTER_RULES, NAMESPACE_RULES, SECRETS_REASON } from './traefik-rules';
import { ingressService, metricsService } from './traefik-services';

const NAME = 'traefik';

/**
 * Traefik 3 as the front door of a cluster. It reads only the namespaces that routes lead to, has neither dashboard
 * nor API, sends HTTP to HTTPS, and runs non-root.
 *
 * Its custom resource definitions come with it and are the cluster's: install it once.
 */
export class Traefik extends Construct implements IIngress {
  public readonly className: string;
  private readonly namespace: string;
  private readonly part: Part;
  private readonly internalNetworks: readonly string[];
  /** Who routes what, by host and path. */
  private readonly routes = new Map<string, string>();
  private readonly served = new Set<string>();
  private readonly guarded = new Set<string>();

  constructor(scope: Construct, id: string, props: TraefikProps) {
    super(scope, id);
    rejectInvalid(this, propsProblems(targetOf(this), props));

    this.className = props.className ?? 'traefik';
    this.namespace = namespaceOf(this);
    this.internalNetworks = props.internalNetworks ?? [];
    this.part = {
      name: NAME,
      instance: this.className,
      component: 'proxy',
      partOf: 'ingress',
      version: IMAGES.traefik.tag,
    };
    const definitions = new UpstreamManifest(this, 'Definitions', {
      pin: UPSTREAM_FILES.traefikCrds,
    });
    this.addClass(props.isDefault ?? false);
    this.addRights();
    ingressService(this, NAME, this.part, props.exposure);
    metricsService(this, NAME, this.part);
    this.addProgram(props).node.addDependency(definitions);
    this.addPolicies(props.monitoringNamespaces ?? []);
    for (const namespace of [this.namespace, ...(props.watchedNamespaces ?? [])]) {
      this.serve(this, namespace);
    }
  }

  public route(request: RouteRequest): void {
    const namespace = namespaceOf(request.scope);
    const key = `${request.host}${request.path ?? '/'}`;
    const backend = backendOf(request);
    const taken = this.routes.get(key);
    rejectRoute(
      request,
      routeProblems(request, {
        internalNetworks: this.internalNetworks.length,
        found: backend !== undefined,
        ...(taken === undefined ? {} : { taken }),
      }),
    );
    if (backend === undefined) return; // rejected above

    this.routes.set(key, request.scope.node.path);
    this.serve(request.scope, namespace);
    if (request.reach === 'internal') this.guard(request.scope, namespace);
    new TraefikRoute(request, namespace, backend, {
      className: this.className,
      namespace: this.namespace,
      part: this.part,
    });
  }

  private addClass(isDefault: boolean): void {
    kubeObject(this, 'Class', 'IngressClass', {
      metadata: {
        name: this.className,
        labels: labelsOf(this.part),
        annotations: { 'ingressclass.kubernetes.io/is-default-class': String(isDefault) },
      },
      spec: { controller: 'traefik.io/ingress-controller' },
    });
  }

  private addRights(): void {
    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    grantOnCluster(this, 'Cluster', {
      name: `beamline:${this.namespace}:${NAME}`,
      part: this.part,
      rules: CLUSTER_RULES,
      to: { name: NAME, namespace: this.namespace },
    });
  }

  private addProgram(props: TraefikProps): Construct {
    const served = (): string => [...this.served].sort().join(',');
    return deployment(this, 'Deployment', {
      name: NAME,
      part: this.part,
      replicas: props.replicas ?? 2,
      serviceAccount: NAME,
      usesApi: true,
      graceSeconds: 60,
      containers: [
        {
          name: NAME,
          image: imageRef(IMAGES.traefik),
          args: [
            ...staticArguments(this.className, `${this.namespace}/${NAME}`),
            ...NAMESPACE_FLAGS.map((flag) => later(() => `${flag}=${served()}`)),
          ],
          ports: { ...PORTS },
          resources: props.resources ?? { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' },
          probes: {
            readiness: { ...httpProbe('ping', '/ping'), periodSeconds: 5 },
            // Stopping answers 503 for a while: patience, or the kill comes before the last request.
            liveness: { ...httpProbe('ping', '/ping'), periodSeconds: 15, failureThreshold: 4 },
          },
          scratch: { '/tmp': '64Mi' },
        },
      ],
    });
  }

  private addPolicies(monitoring: readonly string[]): void {
    const scrapers = monitoring.map(inNamespace);
    allow(this, 'Allow', {
      name: NAME,
      part: this.part,
      from: [
        { peers: 'anyone', ports: [PORTS.web, PORTS.websecure] },
        ...(scrapers.length > 0 ? [{ peers: scrapers, ports: [PORTS.metrics] }] : []),
      ],
      to: [API_SERVER],
    });
  }

  /** Lets Traefik read a namespace and send requests into it. */
  private serve(scope: Construct, namespace: string): void {
    if (this.served.has(namespace)) return;
    this.served.add(namespace);
    const role = grantInNamespace(scope, `${this.node.id}In-${namespace}`, {
      name: `${this.namespace}-${NAME}`,
      part: this.part,
      rules: NAMESPACE_RULES,
      to: { name: NAME, namespace: this.namespace },
      namespace,
    });
    exempt(role, { rule: 'secret-access', reason: SECRETS_REASON });
    if (namespace === this.namespace) return;
    allow(this, `AllowTo-${namespace}`, {
      name: `${NAME}-to-${namespace}`,
      part: this.part,
      to: [{ peers: [inNamespace(namespace)], ports: 'any' }],
    });
  }

  /** Adds the allow list that the internal routes of a namespace name. */
  private guard(scope: Construct, namespace: string): void {
    if (this.guarded.has(namespace)) return;
    this.guarded.add(namespace);
    customObject(scope, `${this.node.id}InternalOnly`, {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: { name: INTERNAL_ONLY, labels: labelsOf(this.part) },
      spec: { ipAllowList: { sourceRange: [...this.internalNetworks] } },
    });
  }
}
