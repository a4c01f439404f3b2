import type { Resources } from '../kit/containers';

/** How the world reaches the ingress. */
export type Exposure =
  /** An address of its own, from whatever hands out load balancers: a cloud, MetalLB. */
  | {
      readonly type: 'LoadBalancer';
      /**
       * The address to ask for.
       *
       * @default - any
       */
      readonly address?: string;
    }
  /** A port on every node, for a load balancer that the site runs itself. */
  | { readonly type: 'NodePort'; readonly http: number; readonly https: number }
  /** From inside the cluster only. */
  | { readonly type: 'ClusterIP' };

/** A Traefik that serves one IngressClass. */
export interface TraefikProps {
  readonly exposure: Exposure;

  /**
   * Networks whose clients count as internal, in CIDR notation. Traefik sees the address of the client itself; where a
   * proxy stands before it, that is the proxy's.
   *
   * @default [] - no route can be internal
   */
  readonly internalNetworks?: readonly string[];

  /**
   * Name of the IngressClass.
   *
   * @default 'traefik'
   */
  readonly className?: string;

  /**
   * Whether Ingresses that name no class are served too. At most one class of a cluster.
   *
   * @default false
   */
  readonly isDefault?: boolean;

  /**
   * Number of pods.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * What each pod asks of its node.
   *
   * @default { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' }
   */
  readonly resources?: Resources;

  /**
   * Namespaces whose Ingresses are served although no route of this tree is in them, as programs make them there at
   * run time. Traefik reads every Secret of these.
   *
   * @default []
   */
  readonly watchedNamespaces?: readonly string[];

  /**
   * Namespaces whose pods may read the metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
}
