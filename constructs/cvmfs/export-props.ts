import type { IFileShare, IStorageClass } from '../contracts';
import type { Resources } from '../kit/containers';
import type { Monitoring } from '../kit/monitoring';
import type { NfsServer } from './export-config';
import type { CvmfsRepositories } from './repositories';

/** The tier of NFS servers that export a catalogue of repositories. */
export interface CvmfsExportProps {
  readonly repositories: CvmfsRepositories;
  readonly image: ExportImage;
  /**
   * Why the site lets the servers be privileged: they mount FUSE, and nothing else than a privileged pod can. The pods
   * that read the files stay restricted.
   */
  readonly consent: string;
  /**
   * Which program serves NFS. `kernel` is faster and needs the module `nfsd` on the nodes; Ganesha ends when it is
   * killed, so that its clients move on at once.
   *
   * @default 'ganesha'
   */
  readonly server?: NfsServer;
  readonly scale: ExportScale;
  readonly maps: InodeMaps;
  readonly cache: ExportCache;
  readonly address: ExportAddress;
  readonly clients: ExportClients;
  /**
   * What one server asks of its node. The documentation of CVMFS advises 16 GiB for busy servers.
   *
   * @default { cpu: '1', memory: '4Gi', memoryLimit: '16Gi' }
   */
  readonly resources?: Resources;
  /** @default - see the fields */
  readonly timing?: ExportTiming;
  /**
   * Connections of one node to the tier (`nconnect`). With more than one, a node is kept on one server, as the
   * connections of one NFSv4 session must end at one.
   *
   * @default 1
   */
  readonly connections?: number;
  /**
   * How metrics and alerts are collected.
   *
   * @default 'none'
   */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods may read the metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
}

/** The image of `images/cvmfs-export`, as the site built and published it. */
export interface ExportImage {
  /** Registry and repository: `registry.example.org/beamline/cvmfs-export`. */
  readonly repository: string;
  /** Exact tag. */
  readonly tag: string;
  /** Version of the CVMFS client in it. Shared maps of inodes are broken in 2.10.0 and mended in 2.10.1. */
  readonly cvmfs: string;
}

/** How many servers there are. */
export type ExportScale =
  | { readonly kind: 'fixed'; readonly replicas: number }
  | {
      readonly kind: 'auto';
      readonly min: number;
      readonly max: number;
      /** CPU in use, in percent of what the servers request, above which servers are added. */
      readonly cpuPercent: number;
      /**
       * Seconds that a quieter load must last before servers are taken away, 0 to 3600. Every server that goes makes its
       * clients move once more. Targets before Kubernetes 1.18 decide it for the whole cluster.
       *
       * @default 1800
       */
      readonly calmSeconds?: number;
      /**
       * Calls per second of one server above which servers are added.
       *
       * @default - CPU alone decides
       */
      readonly operations?: ExportOperations;
    };

/** Scaling by NFS calls, which every server counts as `beamline_cvmfs_nfs_calls_total`. */
export interface ExportOperations {
  /** Name under which the cluster's adapter serves the rate of that counter, calls per second of a pod. */
  readonly metric: string;
  /** Calls per second of one server, on average of all, above which servers are added. */
  readonly perReplica: number;
  /**
   * What serves `custom.metrics.k8s.io` in the cluster: `prometheus-adapter`. Kubernetes has nothing of its own that does,
   * and an autoscaler whose metric nobody serves stops taking servers away.
   */
  readonly adapter: string;
}

/** Where it is kept which inode is which path. All servers must agree, or a handle of one opens another file on the next. */
export type InodeMaps =
  /** A claim on a class that many nodes can write to and that has POSIX locks: CephFS has, NFS with `nolock` has not. */
  | { readonly kind: 'class'; readonly storageClass: IStorageClass; readonly sizeGiB: number }
  /** A share that exists in the namespace of the tier. */
  | { readonly kind: 'share'; readonly share: IFileShare }
  /** In the cache of the one server. */
  | { readonly kind: 'private' };

/** The cache of each server, its own. */
export interface ExportCache {
  /** Size in GiB. It must hold the quota of the catalogue and a fifth more. */
  readonly sizeGiB: number;
  /**
   * Class of a claim for it.
   *
   * @default - the node's disk, empty after every start
   */
  readonly storageClass?: IStorageClass;
}

/** Where the tier is found. Nodes do not resolve the cluster's names, so the address is pinned. */
export interface ExportAddress {
  /** Address of the Service, best one of the first 256 of the range. */
  readonly clusterIp: string;
  /** Range of Services of the cluster: OKD's is `172.30.0.0/16`. */
  readonly serviceNetwork: string;
  /**
   * A load balancer for clients outside the cluster.
   *
   * @default - none
   */
  readonly loadBalancer?: {
    readonly ip: string;
    /** Networks of its clients, in CIDR notation. */
    readonly sources: readonly string[];
  };
}

/** Who may mount. */
export interface ExportClients {
  /** Networks of the nodes, whose kubelets mount for pods, in CIDR notation. */
  readonly nodeNetworks: readonly string[];
  /**
   * Networks of the pods, where the network plugin sends a node's own connections from an address of theirs, as
   * OVN-Kubernetes does. The network policy lets nodes in alone, whatever is listed here.
   *
   * @default []
   */
  readonly podNetworks?: readonly string[];
  /**
   * Whether clients may come from ports above 1023. Without it shares cannot mount with `noresvport`, and a client whose
   * connection was lost may wait for its old port.
   *
   * @default true
   */
  readonly insecure?: boolean;
}

/** How fast a server that fails is left. */
export interface ExportTiming {
  /**
   * Seconds after which a silent client is forgotten, 5 to 120. Linux takes a server that does not answer for dead after about as long.
   *
   * @default 10
   */
  readonly leaseSeconds?: number;
  /**
   * Seconds after a start in which nothing is opened. A read-only export has nothing to reclaim.
   *
   * @default 0
   */
  readonly graceSeconds?: number;
  /**
   * Seconds between becoming unready and stopping, so that no new client arrives.
   *
   * @default 5
   */
  readonly drainSeconds?: number;
  /**
   * Seconds between two looks at the mounts.
   *
   * @default 1
   */
  readonly checkIntervalSeconds?: number;
  /**
   * Seconds after which a mount that does not answer is sick, and the server stops. What is asked is answered from the
   * memory of the CVMFS client, so a second is long. A server that does not answer calls for one and a half times as long
   * is stopped too.
   *
   * @default 1
   */
  readonly statTimeoutSeconds?: number;
  /**
   * Seconds for which a server may serve an older revision than the newest that it heard of.
   *
   * @default 600
   */
  readonly revisionToleranceSeconds?: number;
}

/** The timing with every field decided. */
export function timingOf(timing: ExportTiming = {}): Required<ExportTiming> {
  return {
    leaseSeconds: 10,
    graceSeconds: 0,
    drainSeconds: 5,
    checkIntervalSeconds: 1,
    statTimeoutSeconds: 1,
    revisionToleranceSeconds: 600,
    ...timing,
  };
}

/** How many servers there are at least. */
export function leastReplicas(scale: ExportScale): number {
  return scale.kind === 'fixed' ? scale.replicas : scale.min;
}

/** How many servers there are at most. */
export function mostReplicas(scale: ExportScale): number {
  return scale.kind === 'fixed' ? scale.replicas : scale.max;
}
