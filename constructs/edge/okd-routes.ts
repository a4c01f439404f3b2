import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { RouteRequest } from '../contracts';
import { hint } from '../kit/hints';
import { labelsOf } from '../kit/labels';
import { allow } from '../kit/network';
import { customObject, namespaceOf } from '../kit/objects';
import { grantInNamespace } from '../kit/rbac';
import { REACH_LABEL } from '../kit/reach';
import { secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import type { Backend } from './backend';
import { CertManager, secretOf } from './cert-manager';
import { FrontDoor } from './front-door';
import { frontDoorProblems, type FrontDoorProps } from './front-door-props';
import { routePart } from './ingress-object';
import { MOST_NETWORKS, otherHeaders, routerAnnotations } from './okd-annotations';

/** OKD's own router as the front door. */
export interface OkdRoutesProps extends FrontDoorProps {
  /**
   * Labels of the namespaces that the router's requests come from, as network policies see them.
   *
   * @default - the labels that OKD 4 gives its router's namespace and its nodes; `name: default` on 3.11, which its admin sets
   */
  readonly routerNamespaces?: readonly Readonly<Record<string, string>>[];
}

/**
 * Routes for OKD's router, which needs nothing installed. A site that allows wildcards has to let its router admit them:
 * `routeAdmission.wildcardPolicy: WildcardsAllowed` of the IngressController, or `ROUTER_ALLOW_WILDCARD_ROUTES` on 3.11.
 */
export class OkdRoutes extends FrontDoor {
  private readonly certManager: CertManager | undefined;
  private readonly from: readonly NetworkPolicyPeer[];

  constructor(scope: Construct, id: string, props: OkdRoutesProps) {
    super(scope, id, props);
    const target = targetOf(this);
    const { certificates } = this;
    const networks = this.internalNetworks.length;
    rejectInvalid(this, [
      ...target.problemsOf('a Route', 'route'),
      ...frontDoorProblems(props),
      ...(networks <= MOST_NETWORKS
        ? []
        : [
            `'internalNetworks' may list ${MOST_NETWORKS} networks for a Route, got ${networks}; join some`,
          ]),
      ...(certificates.kind === 'cert-manager'
        ? target.problemsOf(
            'a Route with a certificate of cert-manager',
            'route-external-certificate',
          )
        : []),
    ]);
    const labels = props.routerNamespaces ?? (target.has('router-labels') ? OKD_4 : OKD_3);
    this.from = labels.map((matchLabels) => ({
      namespaceSelector: { matchLabels: { ...matchLabels } },
    }));
    if (certificates.kind === 'cert-manager') {
      this.certManager = new CertManager(this, 'CertManager', {
        issuer: certificates.issuer,
        definitions: certificates.definitions ?? 'cluster',
        className: 'openshift-default',
        from: this.from,
      });
    }
  }

  protected problemsOf(request: RouteRequest): string[] {
    const target = targetOf(this);
    const { tls, guards, timeouts, rewrite } = request;
    const headers = otherHeaders(request);
    const own = tls === undefined || tls.mode === 'passthrough' ? undefined : tls.certificate;
    return [
      ...(own === undefined
        ? []
        : target.problemsOf(
            'a Route with a certificate in a Secret',
            'route-external-certificate',
          )),
      ...((timeouts?.websocketSeconds ?? 0) <= 3600
        ? []
        : target.problemsOf('a websocket that is silent for over an hour', 'route-tunnel-timeout')),
      ...(rewrite === undefined ? [] : target.problemsOf("a 'rewrite'", 'route-rewrite')),
      ...(guards?.login === undefined
        ? []
        : ["a Route cannot ask for a 'guards.login'; let the program ask, or use Traefik"]),
      ...(headers.length === 0
        ? []
        : [
            `a Route sets no header but Strict-Transport-Security, got ${headers.join(', ')}; ` +
              'let the program set it, or use Traefik',
          ]),
    ];
  }

  protected publish(request: RouteRequest, backend: Backend): void {
    const { name, host, path, reach, scope, service } = request;
    const route = new Construct(scope, `Route-${name}`);
    const wildcard = host.startsWith('*.');
    customObject(route, 'Route', {
      apiVersion: targetOf(this).apiVersion('Route'),
      kind: 'Route',
      metadata: {
        name,
        labels: { ...labelsOf(routePart(name)), [REACH_LABEL]: reach },
        annotations: routerAnnotations(request, this.internalNetworks),
      },
      spec: {
        host: wildcard ? host.replace(/^\*/, 'wildcard') : host,
        wildcardPolicy: wildcard ? 'Subdomain' : 'None',
        ...(path === undefined || path === '/' ? {} : { path }),
        to: { kind: 'Service', name: service.name, weight: 100 },
        port: { targetPort: service.port },
        tls: this.tls(route, request),
      },
    });
    allow(route, 'Allow', {
      name: `${name}-from-ingress`,
      part: routePart(name),
      pods: backend.selector,
      from: [{ peers: this.from, ports: [backend.port] }],
    });
  }

  private tls(route: Construct, request: RouteRequest): Readonly<Record<string, unknown>> {
    const { tls = { mode: 'edge' } } = request;
    const redirected = { termination: tls.mode, insecureEdgeTerminationPolicy: 'Redirect' };
    switch (tls.mode) {
      case 'passthrough':
        return redirected;
      case 'edge':
        return { ...redirected, ...this.certificate(route, request) };
      case 'reencrypt':
        return {
          ...redirected,
          ...this.certificate(route, request),
          destinationCACertificate: tls.authority,
        };
    }
  }

  /** A Secret is read by the router itself, which then needs the right to; a given certificate is part of the Route. */
  private certificate(route: Construct, request: RouteRequest): Readonly<Record<string, unknown>> {
    const secret = secretOf(route, request, this.certManager);
    if (secret !== undefined) {
      letRouterRead(route, request.name, secret);
      return { externalCertificate: { name: secret } };
    }
    if (this.certificates.kind !== 'given') return {};
    return { certificate: this.certificates.chain, key: secretToken(this.certificates.key) };
  }
}

/** Set by OKD's network and ingress operators: the router's own namespace, and its nodes where it uses their network. */
const OKD_4: readonly Readonly<Record<string, string>>[] = [
  { 'network.openshift.io/policy-group': 'ingress' },
  { 'policy-group.network.openshift.io/host-network': '' },
];
/** The router of 3.11 uses the network of its nodes, which counts as the namespace `default`. */
const OKD_3: readonly Readonly<Record<string, string>>[] = [{ name: 'default' }];

/** The router's own account, in the namespace that its operator makes. */
const ROUTER = { name: 'router', namespace: 'openshift-ingress' };

function letRouterRead(route: Construct, name: string, secret: string): void {
  grantInNamespace(route, 'Router', {
    name: `${name}-router`,
    part: routePart(name),
    rules: [
      {
        apiGroups: [''],
        resources: ['secrets'],
        resourceNames: [secret],
        verbs: ['get', 'list', 'watch'],
      },
    ],
    to: ROUTER,
    namespace: namespaceOf(route),
  });
  for (const child of route.node.children) {
    if (!ApiObject.isApiObject(child) || child.kind !== 'RoleBinding') continue;
    hint(child, { external: [`${ROUTER.namespace}/serviceaccount/${ROUTER.name}`] });
  }
}
