import type { Reach } from '../contracts';
import type { Resources } from '../kit/containers';
import type { Monitoring } from '../kit/monitoring';
import type { FrontDoorProps } from './front-door-props';

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
  /**
   * Ports 8000 and 8443 of the nodes it runs on, for a load balancer that the site runs itself where nodes have no other way in.
   * Its pods see the network of their node, so somebody has to agree.
   */
  | {
      readonly type: 'HostNetwork';
      /** Who agreed to it and why, for the reviewer. */
      readonly consent: string;
      /** The nodes' networks, in CIDR notation: its requests come from there. */
      readonly nodeNetworks: readonly string[];
    }
  /** From inside the cluster only. */
  | { readonly type: 'ClusterIP' };

/** A Traefik that serves one IngressClass. */
export interface TraefikProps extends FrontDoorProps {
  readonly exposure: Exposure;

  /**
   * Whom it is for as a whole. An `internal` one refuses public routes, and its load balancer and its pods turn away everybody but the
   * internal networks.
   *
   * @default 'public' - each route says for itself
   */
  readonly reach?: Reach;

  /**
   * Networks of the proxies before it, in CIDR notation. These say in the PROXY protocol whom they speak for; without that,
   * internal routes would judge by the address of the proxy.
   *
   * @default [] - clients connect to it themselves
   */
  readonly trustedProxies?: readonly string[];

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
   * Number of pods, or the least number of them where it is scaled.
   *
   * @default 2
   */
  readonly replicas?: number;

  /**
   * More pods when these are busy: how many at most, and above which CPU in percent of what they ask for.
   *
   * @default - a fixed number of pods
   */
  readonly scaling?: { readonly max: number; readonly cpuPercent: number };

  /**
   * What each pod asks of its node.
   *
   * @default { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' }
   */
  readonly resources?: Resources;

  /**
   * The oldest TLS that it speaks.
   *
   * @default '1.2'
   */
  readonly oldestTls?: '1.2' | '1.3';

  /**
   * Host name of its dashboard, which shows every route of the cluster. Internal networks only.
   *
   * @default - it has none, and no API
   */
  readonly dashboard?: string;

  /**
   * Who makes its custom resource definitions, which a cluster has once: this tree, or something else that runs a Traefik 3.
   *
   * @default 'here'
   */
  readonly definitions?: 'here' | 'cluster';

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

  /**
   * How the metrics are collected.
   *
   * @default 'none'
   */
  readonly monitoring?: Monitoring;
}
