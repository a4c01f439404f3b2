import type { ICondorPool, IIdentityProvider, IIngress, INotebookHub } from '../contracts';
import type { Monitoring } from '../kit/monitoring';
import type { Span } from '../kit/span';
import type { ScaleTenant } from './scale-tenant';

/** Where the workers of a profile run. */
export type DaskWorkers =
  /** As pods in the tenant's namespace. */
  | { readonly kind: 'pods' }
  /** As jobs of a pool. Dask Gateway has no back end for that, so it is refused, with what does it instead. */
  | {
      readonly kind: 'htcondor';
      /** @default - none */
      readonly pool?: ICondorPool;
    };

/** One sort of cluster that people choose from. */
export interface DaskProfile {
  /** Name in the API, lower case: `small`. */
  readonly name: string;
  /**
   * Image of scheduler and workers by exact tag or digest. It has `dask-gateway` of the server's version:
   * `ghcr.io/dask/dask-gateway:2026.3.0`.
   */
  readonly image: string;
  /** CPU cores of one worker. */
  readonly cpu: Span;
  /** Memory of one worker in GiB. At `most` it is killed. */
  readonly memoryGiB: Span;
  /**
   * Threads of one worker.
   *
   * @default - one for each core set aside
   */
  readonly threads?: number;
  /**
   * Disk of the node in GiB that scheduler and workers each may fill, where memory spills to. Lost with the pod.
   *
   * @default 10
   */
  readonly scratchGiB?: number;
  /** @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Home of the image's user, where its programs may be.
   *
   * @default '/home/dask' - that of Dask's own images
   */
  readonly home?: string;
  /**
   * Labels of the nodes it may run on.
   *
   * @default {} - any node
   */
  readonly nodes?: Readonly<Record<string, string>>;
  /**
   * Groups whose members may take it.
   *
   * @default - everybody who is in a tenant
   */
  readonly groups?: readonly string[];
  /** @default { kind: 'pods' } */
  readonly workers?: DaskWorkers;
}

/** A question of the site's own when somebody makes a cluster. The answer is an environment variable of its pods. */
export interface DaskOption {
  /** Name in the API and in Python: `cmssw_version`. */
  readonly name: string;
  /** What people read. */
  readonly label: string;
  /** Variable that has the answer: `CMSSW_VERSION`. */
  readonly variable: string;
  /** What may be answered; the first is what is taken without an answer. */
  readonly choices: readonly string[];
}

/** How much one person may have at a time. */
export interface DaskLimits {
  /** Clusters. */
  readonly clusters: number;
  /** Workers of one cluster. */
  readonly workers: number;
  /** CPU cores that one cluster sets aside, its scheduler counted. */
  readonly cpu: number;
  /** Memory in GiB that one cluster may grow to, its scheduler counted. */
  readonly memoryGiB: number;
}

/** Dask clusters for the people of a site. */
export interface DaskGatewayProps {
  /** Whose clusters run where. Somebody in several chooses with the option `tenant`. */
  readonly tenants: readonly ScaleTenant[];
  /** At least one. People choose with the option `profile`. */
  readonly profiles: readonly DaskProfile[];
  /** Where images may come from, as registry and path: `['ghcr.io/dask']`. */
  readonly registries: readonly string[];
  /** Who people are: groups of the fields below are held against it. */
  readonly identity: IIdentityProvider;
  /** The hub whose sessions use it. It says who somebody is and which groups they are in. */
  readonly hub: INotebookHub;
  /** Limits of everybody. */
  readonly limits: DaskLimits;
  /**
   * Limits of groups in place of the general ones. Of several groups, the largest number counts.
   *
   * @default {}
   */
  readonly groupLimits?: Readonly<Record<string, DaskLimits>>;
  /**
   * Limits of single users in place of all others.
   *
   * @default {}
   */
  readonly userLimits?: Readonly<Record<string, DaskLimits>>;
  /**
   * Further options.
   *
   * @default []
   */
  readonly options?: readonly DaskOption[];
  /**
   * Minutes without work after which a cluster is stopped.
   *
   * @default 60
   */
  readonly idleMinutes?: number;
  /**
   * CPU cores and GiB of memory of each scheduler.
   *
   * @default { cpu: { least: 0.5, most: 2 }, memoryGiB: { least: 1, most: 4 } }
   */
  readonly scheduler?: { readonly cpu: Span; readonly memoryGiB: Span };
  /**
   * A host where people outside reach the API and the dashboards. Dashboards ask for no login, so it is for internal networks.
   *
   * @default - from sessions of the hub only
   */
  readonly published?: { readonly host: string; readonly ingress: IIngress };
  /**
   * Pods of the API server and of the proxy, each.
   *
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Who makes the definition of DaskCluster, which a cluster has once: this tree, or another gateway.
   *
   * @default 'here'
   */
  readonly definitions?: 'here' | 'cluster';
  /**
   * Who makes the definitions of Traefik, which the proxy needs and a cluster has once.
   *
   * @default 'here'
   */
  readonly proxyDefinitions?: 'here' | 'cluster';
  /** @default 'none' */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods collect metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
}

/** What schedulers get when nothing is said. */
export const USUAL_SCHEDULER = {
  cpu: { least: 0.5, most: 2 },
  memoryGiB: { least: 1, most: 4 },
} as const;
