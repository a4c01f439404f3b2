import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { RouteRequest } from '../contracts';
import { grafanaDashboard } from '../kit/dashboards';
import { exempt } from '../kit/exceptions';
import { autoscaler } from '../kit/autoscaler';
import { find } from '../kit/findings';
import { labelsOf, type Part } from '../kit/labels';
import { scrape } from '../kit/monitoring';
import { allow, inNamespace, network, podsOf } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, grantOnCluster, serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { UpstreamManifest } from '../kit/upstream-manifest';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { IMAGES, UPSTREAM_FILES } from '../versions';
import type { Backend } from './backend';
import { CertManager } from './cert-manager';
import { FrontDoor } from './front-door';
import { routePart } from './ingress-object';
import { forwardPolicy, ownPolicy } from './traefik-policies';
import { propsProblems, traefikRouteProblems } from './traefik-problems';
import { program } from './traefik-program';
import type { TraefikProps } from './traefik-props';
import { guardKind, internalOnly, TraefikRoute } from './traefik-routes';
import { CLUSTER_RULES, NAMESPACE_RULES, SECRETS_REASON } from './traefik-rules';
import { ingressService, metricsService } from './traefik-services';
import { dashboard, defaultCertificate, tlsOptions } from './traefik-tls';
import { traefikPanels } from './traefik-dashboard';

const NAME = 'traefik';
/** What Traefik gives a request to come in by itself, in seconds. */
const REQUEST_SECONDS = 60;

/**
 * Traefik 3 as the front door of a cluster. It reads only the namespaces that routes lead to, sends HTTP to HTTPS, runs
 * non-root, and has a dashboard only if asked, for internal networks.
 *
 * Its custom resource definitions are the cluster's: of several Traefiks, one brings them.
 */
export class Traefik extends FrontDoor {
  public readonly className: string;
  private readonly namespace: string;
  private readonly part: Part;
  private readonly guardName: string;
  private readonly certManager: CertManager | undefined;
  private readonly served = new Set<string>();
  private readonly guarded = new Set<string>();
  private requestSeconds = REQUEST_SECONDS;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TraefikProps,
  ) {
    super(scope, id, props);
    rejectInvalid(this, propsProblems(targetOf(this), props));

    this.className = props.className ?? 'traefik';
    this.namespace = namespaceOf(this);
    this.guardName = `${this.className}-internal-only`;
    this.part = {
      name: NAME,
      instance: this.className,
      component: 'proxy',
      partOf: 'ingress',
      version: IMAGES.traefik.tag,
    };
    const definitions = this.addDefinitions();
    this.addClass();
    this.addRights();
    ingressService(this, NAME, this.part, props);
    metricsService(this, NAME, this.part);
    scrape(this, 'Monitor', props.monitoring ?? 'none', {
      name: NAME,
      part: this.part,
      port: 'metrics',
    });
    grafanaDashboard(this, 'Board', props.monitoring ?? 'none', {
      name: this.className,
      title: `Front door ${this.className}`,
      part: this.part,
      panels: traefikPanels(this.namespace),
    });
    const workload = this.addProgram();
    if (definitions !== undefined) workload.node.addDependency(definitions);
    ownPolicy(this, NAME, this.part, props);
    this.certManager = this.addCertificates();
    if (props.dashboard !== undefined) this.addDashboard(props.dashboard);
    for (const namespace of [this.namespace, ...(props.watchedNamespaces ?? [])]) {
      this.serve(this, namespace);
    }
  }

  protected problemsOf(request: RouteRequest): string[] {
    return traefikRouteProblems(request, this.props);
  }

  protected publish(request: RouteRequest, backend: Backend): void {
    const { scope, name, reach, guards, timeouts } = request;
    const namespace = namespaceOf(scope);
    this.serve(scope, namespace);
    if (reach === 'internal') this.guard(scope, namespace, guardKind(request));
    this.requestSeconds = Math.max(this.requestSeconds, timeouts?.requestSeconds ?? 0);
    const route = new TraefikRoute(scope, `Route-${name}`, {
      request,
      backend,
      by: { class: this.className, ours: true },
      namespace,
      guard: this.guardName,
      certManager: this.certManager,
    });
    allow(route, 'Allow', {
      name: `${name}-from-ingress`,
      part: routePart(name),
      pods: backend.selector,
      from: [{ peers: this.peers(), ports: [backend.port] }],
    });
    if (guards?.login?.kind === 'forward') {
      forwardPolicy(this, `${NAME}-to-login-of-${namespace}-${name}`, this.part, guards.login.url);
    }
  }

  private addDefinitions(): Construct | undefined {
    if (this.props.definitions === 'cluster') return undefined;
    return new UpstreamManifest(this, 'Definitions', { pin: UPSTREAM_FILES.traefikCrds });
  }

  private addClass(): void {
    kubeObject(this, 'Class', 'IngressClass', {
      metadata: {
        name: this.className,
        labels: labelsOf(this.part),
        annotations: {
          'ingressclass.kubernetes.io/is-default-class': String(this.props.isDefault ?? false),
        },
      },
      spec: { controller: 'traefik.io/ingress-controller' },
    });
  }

  private addRights(): void {
    const to = { name: NAME, namespace: this.namespace };
    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    grantOnCluster(this, 'Cluster', {
      name: `beamline:${this.namespace}:${NAME}`,
      part: this.part,
      rules: CLUSTER_RULES,
      to,
    });
    if (this.props.exposure.type === 'HostNetwork') {
      grantScc(this, 'HostNetwork', { scc: 'hostnetwork', part: this.part, serviceAccount: to });
    }
  }

  private addProgram(): ApiObject {
    const { scaling, replicas: min = 2 } = this.props;
    const workload = program(this, NAME, this.part, {
      ...this.props,
      className: this.className,
      namespace: this.namespace,
      namespaces: () => [...this.served].sort(),
      requestSeconds: () => this.requestSeconds,
    });
    if (scaling !== undefined) {
      autoscaler(this, 'Autoscaler', { part: this.part, workload, min, ...scaling });
    }
    return workload;
  }

  private addCertificates(): CertManager | undefined {
    const { certificates } = this;
    tlsOptions(this, this.part, this.props.oldestTls ?? '1.2');
    switch (certificates.kind) {
      case 'own':
        find(this, {
          rule: 'edge/self-signed',
          severity: 'warning',
          reason: 'Traefik makes a certificate of its own at each start, which no browser trusts',
          fix: "give the ingress 'certificates' of kind 'given' or 'cert-manager'",
        });
        return undefined;
      case 'given':
        defaultCertificate(this, this.part, certificates);
        return undefined;
      case 'cert-manager':
        return new CertManager(this, 'CertManager', {
          issuer: certificates.issuer,
          definitions: certificates.definitions ?? 'cluster',
          className: this.className,
          from: this.peers(),
        });
    }
  }

  private addDashboard(host: string): void {
    this.guard(this, this.namespace, 'Middleware');
    dashboard(this, this.part, host, this.guardName);
  }

  /** Where its requests come from. */
  private peers(): NetworkPolicyPeer[] {
    const { exposure } = this.props;
    return exposure.type === 'HostNetwork'
      ? exposure.nodeNetworks.map(network)
      : [podsOf(this.part, this.namespace)];
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
  private guard(scope: Construct, namespace: string, kind: 'Middleware' | 'MiddlewareTCP'): void {
    const key = `${namespace}/${kind}`;
    if (this.guarded.has(key)) return;
    this.guarded.add(key);
    internalOnly(scope, `${this.node.id}InternalOnly-${kind}`, kind, {
      name: this.guardName,
      networks: this.internalNetworks,
      labels: labelsOf(this.part),
    });
  }
}
