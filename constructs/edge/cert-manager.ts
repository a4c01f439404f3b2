import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { RouteRequest } from '../contracts';
import { hint } from '../kit/hints';
import { labelsOf, type Part } from '../kit/labels';
import { allow } from '../kit/network';
import { customObject, namespaceOf } from '../kit/objects';
import { UpstreamManifest } from '../kit/upstream-manifest';
import { UPSTREAM_FILES } from '../versions';
import type { Definitions, Issuer } from './certificates';
import { routePart } from './ingress-object';

const API = 'cert-manager.io/v1';
/** The pods that answer an authority, as cert-manager labels them, and the port they listen on. */
const SOLVER = { 'acme.cert-manager.io/http01-solver': 'true' };
const SOLVER_PORT = 8089;

/** What makes the certificates of a front door. */
export interface CertManagerProps {
  readonly issuer: Issuer;
  readonly definitions: Definitions;
  /** The IngressClass that an authority's questions come in by. */
  readonly className: string;
  /** Where the front door's requests come from. */
  readonly from: readonly NetworkPolicyPeer[];
}

/** A ClusterIssuer and, route by route, the Certificates it signs. cert-manager itself is the cluster's. */
export class CertManager extends Construct {
  private readonly issuer: string;
  /** Namespaces whose solvers the front door can reach. */
  private readonly opened = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: CertManagerProps,
  ) {
    super(scope, id);
    const { issuer, className } = props;
    this.issuer = issuer.type === 'existing' ? issuer.name : `${className}-${issuer.type}`;
    if (props.definitions === 'here') this.addDefinitions();
    if (issuer.type !== 'existing') this.addIssuer(issuer);
  }

  /** Adds the certificate of a route and answers the name of the Secret that will hold it. */
  public certify(scope: Construct, request: RouteRequest): string {
    const secretName = `${request.name}-tls`;
    const made = customObject(scope, 'Certificate', {
      apiVersion: API,
      kind: 'Certificate',
      metadata: { name: request.name, labels: labelsOf(routePart(request.name)) },
      spec: {
        secretName,
        dnsNames: [request.host],
        issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: this.issuer },
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
      },
    });
    hint(made, { ready: { kind: 'condition', type: 'Ready' } });
    made.node.addDependency(this);
    if (this.props.issuer.type === 'acme') this.open(scope, namespaceOf(scope));
    return secretName;
  }

  private addDefinitions(): void {
    new UpstreamManifest(this, 'Issuers', { pin: UPSTREAM_FILES.certManagerClusterIssuers });
    new UpstreamManifest(this, 'Certificates', { pin: UPSTREAM_FILES.certManagerCertificates });
  }

  private addIssuer(issuer: Exclude<Issuer, { readonly type: 'existing' }>): ApiObject {
    const part: Part = {
      name: 'issuer',
      instance: this.issuer,
      component: 'certificates',
      partOf: 'ingress',
    };
    const made = customObject(this, 'Issuer', {
      apiVersion: API,
      kind: 'ClusterIssuer',
      metadata: { name: this.issuer, labels: labelsOf(part) },
      spec: specOf(issuer, this.issuer, this.props.className),
    });
    hint(made, { ready: { kind: 'condition', type: 'Ready' } });
    return made;
  }

  private open(scope: Construct, namespace: string): void {
    if (this.opened.has(namespace)) return;
    this.opened.add(namespace);
    allow(scope, 'AllowSolver', {
      name: 'acme-solver-from-ingress',
      part: routePart('acme-solver'),
      pods: SOLVER,
      from: [{ peers: this.props.from, ports: [SOLVER_PORT] }],
    });
  }
}

/** The Secret with the certificate of a route: its own, or one that cert-manager makes; undefined for the front door's. */
export function secretOf(
  scope: Construct,
  request: RouteRequest,
  certManager: CertManager | undefined,
): string | undefined {
  if (request.tls?.mode === 'passthrough') return undefined;
  return request.tls?.certificate?.secret ?? certManager?.certify(scope, request);
}

function specOf(
  issuer: Exclude<Issuer, { readonly type: 'existing' }>,
  name: string,
  className: string,
): Readonly<Record<string, unknown>> {
  switch (issuer.type) {
    case 'self-signed':
      return { selfSigned: {} };
    case 'ca':
      return { ca: { secretName: issuer.secret } };
    case 'acme':
      return {
        acme: {
          server: issuer.server,
          email: issuer.email,
          privateKeySecretRef: { name: `${name}-account` },
          solvers: [{ http01: { ingress: { ingressClassName: className } } }],
        },
      };
  }
}
