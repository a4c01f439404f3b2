import { Construct } from 'constructs';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { RouteRequest } from '../contracts';
import { labelsOf } from '../kit/labels';
import { allow, inNamespace } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import type { Backend } from './backend';
import { CertManager, secretOf } from './cert-manager';
import {
  nginxAnnotations,
  nginxPattern,
  nginxProblems,
  unknownProblems,
} from './existing-annotations';
import { FrontDoor } from './front-door';
import { frontDoorProblems, isHost, isLabel, type FrontDoorProps } from './front-door-props';
import { ingressObject, routePart } from './ingress-object';
import { guardKind, internalOnly, TraefikRoute } from './traefik-routes';

/** A controller that the cluster has already: Beamline installs none. */
export interface ExistingIngressProps extends FrontDoorProps {
  /** Which it is: what can be asked of it depends on that. */
  readonly controller: 'nginx' | 'traefik' | 'other';
  /** How it knows its Ingresses: by an IngressClass, or by the value of the annotation `kubernetes.io/ingress.class`. */
  readonly by: { readonly class: string } | { readonly annotation: string };
  /** Its pods, which the pods behind routes are opened for. */
  readonly pods: {
    readonly namespace: string;
    /**
     * Labels of the pods.
     *
     * @default {} - all pods of the namespace
     */
    readonly labels?: Readonly<Record<string, string>>;
  };
}

const GUARD = 'internal-only';
/** What a Traefik gives a request to come in by itself, in seconds. */
const TRAEFIK_SECONDS = 60;

/** Plain Ingresses for a controller that somebody else runs, in the form and API version that the cluster has. */
export class ExistingIngress extends FrontDoor {
  private readonly certManager: CertManager | undefined;
  private readonly peer: NetworkPolicyPeer;
  private readonly guarded = new Set<string>();
  private readonly certified = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ExistingIngressProps,
  ) {
    super(scope, id, props);
    rejectInvalid(this, [...this.propsProblems(), ...frontDoorProblems(props)]);
    const { namespace, labels } = props.pods;
    this.peer = {
      ...inNamespace(namespace),
      ...(labels === undefined ? {} : { podSelector: { matchLabels: { ...labels } } }),
    };
    if (this.certificates.kind === 'cert-manager') {
      this.certManager = new CertManager(this, 'CertManager', {
        issuer: this.certificates.issuer,
        definitions: this.certificates.definitions ?? 'cluster',
        className: 'class' in props.by ? props.by.class : props.by.annotation,
        from: [this.peer],
      });
    }
  }

  protected problemsOf(request: RouteRequest): string[] {
    switch (this.props.controller) {
      case 'nginx':
        return nginxProblems(request);
      case 'other':
        return unknownProblems(request);
      case 'traefik':
        return (request.timeouts?.requestSeconds ?? 0) <= TRAEFIK_SECONDS
          ? []
          : [
              `an existing Traefik gives a request ${TRAEFIK_SECONDS} s unless its own arguments say otherwise, ` +
                `'timeouts.requestSeconds' is ${request.timeouts?.requestSeconds}; let Beamline install the Traefik`,
            ];
    }
  }

  protected publish(request: RouteRequest, backend: Backend): void {
    const { scope, name } = request;
    const namespace = namespaceOf(scope);
    const route =
      this.props.controller === 'traefik'
        ? this.addTraefikRoute(request, backend, namespace)
        : this.addIngress(request, namespace);
    allow(route, 'Allow', {
      name: `${name}-from-ingress`,
      part: routePart(name),
      pods: backend.selector,
      from: [{ peers: [this.peer], ports: [backend.port] }],
    });
  }

  private addIngress(request: RouteRequest, namespace: string): Construct {
    const route = new Construct(request.scope, `Route-${request.name}`);
    const secret =
      secretOf(route, request, this.certManager) ?? this.given(request.scope, namespace);
    const nginx = this.props.controller === 'nginx';
    const pattern = nginx ? nginxPattern(request) : undefined;
    ingressObject(route, request, {
      by: this.controlledBy(),
      annotations: nginx ? nginxAnnotations(request, this.internalNetworks) : {},
      ...(secret === undefined ? {} : { secret }),
      ...(pattern === undefined ? {} : { pattern }),
    });
    return route;
  }

  private addTraefikRoute(request: RouteRequest, backend: Backend, namespace: string): Construct {
    const { scope, name, reach } = request;
    const kind = guardKind(request);
    const key = `${namespace}/${kind}`;
    if (reach === 'internal' && !this.guarded.has(key)) {
      this.guarded.add(key);
      internalOnly(scope, `${this.node.id}InternalOnly-${kind}`, kind, {
        name: GUARD,
        networks: this.internalNetworks,
        labels: labelsOf(routePart(GUARD)),
      });
    }
    return new TraefikRoute(scope, `Route-${name}`, {
      request,
      backend,
      by: this.controlledBy(),
      namespace,
      guard: GUARD,
      certManager: this.certManager,
    });
  }

  private controlledBy(): { class: string; ours: false } | { annotation: string } {
    const { by } = this.props;
    return 'class' in by ? { class: by.class, ours: false } : by;
  }

  /** An Ingress names a Secret of its own namespace, so a given certificate goes into each. */
  private given(scope: Construct, namespace: string): string | undefined {
    if (this.certificates.kind !== 'given') return undefined;
    const name = 'site-certificate';
    if (this.certified.has(namespace)) return name;
    this.certified.add(namespace);
    kubeObject(scope, `${this.node.id}Certificate`, 'Secret', {
      metadata: { name, labels: labelsOf(routePart(name)) },
      type: 'kubernetes.io/tls',
      stringData: {
        'tls.crt': this.certificates.chain,
        'tls.key': secretToken(this.certificates.key),
      },
    });
    return name;
  }

  private propsProblems(): string[] {
    const { by, pods, controller } = this.props;
    const target = targetOf(this);
    const name = 'class' in by ? by.class : by.annotation;
    return [
      ...('class' in by ? target.problemsOf('an Ingress by class', 'ingress-class') : []),
      ...(isHost(`x.${name}`) ? [] : [`'by' must name the class in lower case, got '${name}'`]),
      ...(isLabel(pods.namespace)
        ? []
        : [`'pods.namespace' must be a DNS label, got '${pods.namespace}'`]),
      ...(controller === 'traefik' && this.certificates.kind === 'given'
        ? [
            "an existing Traefik has a default certificate of its own; use certificates of kind 'own', or one for each route",
          ]
        : []),
    ];
  }
}
