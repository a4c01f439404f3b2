import type { Toleration } from 'kubernetes-types/core/v1';
import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

import type { IStorageClass } from '../contracts';
import type { MountedShare } from '../kit/mounted-share';

/** A pool of HTCondor for the site's batch work, in one namespace. */
export interface HtcondorPoolProps {
  /** What the pool is called in tokens, and the part behind the `@` of everybody's name: `pool.example.org`. */
  readonly domain: string;
  readonly key: PoolKey;
  readonly submit: SubmitNodes;
  readonly execute: ExecutePods;
  /**
   * Who shares the pool, and how.
   *
   * @default [] - everybody by what they used before
   */
  readonly groups?: readonly AccountingGroup[];
  /** @default {} */
  readonly policies?: JobPolicies;
  /**
   * Pods and networks that jobs come from: they may reach the collector and the submit nodes on port 9618.
   *
   * @default [] - nobody outside the namespace
   */
  readonly submitters?: readonly NetworkPolicyPeer[];
  /**
   * Metrics that autoscalers can ask the cluster for: `resource` is CPU and memory (metrics.k8s.io), `external` what the
   * site's adapter serves (external.metrics.k8s.io).
   *
   * @default ['resource']
   */
  readonly metricsApis?: readonly ('resource' | 'external')[];
}

/** The key that all tokens of the pool are signed with. Beamline makes it once and keeps it in the encrypted state. */
export interface PoolKey {
  /** Which key, from 1. Raising it makes a new key and new tokens. */
  readonly rotation: number;
  /**
   * Whether tokens that the key before signed are good as well: for the time in which their holders get new ones.
   *
   * @default false
   */
  readonly acceptPrevious?: boolean;
}

/** Where jobs are handed in and waited for. */
export interface SubmitNodes {
  /** How many, each with a queue of its own. */
  readonly nodes: number;
  readonly spool: Spool;
  /** @default { cpu: '500m', memory: '1Gi' } */
  readonly resources?: { readonly cpu: string; readonly memory: string };
}

/** Where a submit node keeps its queue and the files of its jobs. */
export type Spool =
  /** A claim for each node. The class must be a disk of one node: the queue is a log that is synced at every change. */
  | { readonly kind: 'claims'; readonly storageClass: IStorageClass; readonly sizeGiB: number }
  /** A claim that is there. */
  | { readonly kind: 'claim'; readonly claimName: string };

/** The pods that jobs run in. */
export interface ExecutePods {
  readonly size: PoolSize;
  /** CPU cores of a pod, which its jobs share. */
  readonly cores: number;
  /** Memory of a pod in GiB, which its jobs share. HTCondor itself takes 256 MiB of it. */
  readonly memoryGiB: number;
  /** Disk of a pod for the files of its jobs, in GiB. */
  readonly scratchGiB: number;
  /**
   * Hours that running jobs get to end when a pod has to go: a drain, fewer pods, a new version.
   *
   * @default 1
   */
  readonly drainHours?: number;
  /**
   * What jobs see beside their own files: CVMFS, data.
   *
   * @default []
   */
  readonly shares?: readonly MountedShare[];
  /**
   * How jobs run in containers of their own.
   *
   * @default { kind: 'none' }
   */
  readonly apptainer?: Apptainer;
  /**
   * Where jobs may connect to.
   *
   * @default [] - nowhere: files come and go through the submit node
   */
  readonly outgoing?: readonly NetworkPolicyPeer[];
  /**
   * PriorityClass of the pods. One below all services makes batch work give way to them.
   *
   * @default - the cluster's own
   */
  readonly priorityClass?: string;
  /** @default {} */
  readonly nodes?: Readonly<Record<string, string>>;
  /** @default [] */
  readonly tolerations?: readonly Toleration[];
}

/** How many execute pods there are. */
export type PoolSize =
  | { readonly kind: 'fixed'; readonly pods: number }
  /** More while the pods are busy: CPU in use in percent of what they request. */
  | { readonly kind: 'cpu'; readonly min: number; readonly max: number; readonly percent: number }
  /** More while jobs wait: `metric` is the number of idle jobs, which the site's adapter serves. */
  | {
      readonly kind: 'queue';
      readonly min: number;
      readonly max: number;
      readonly metric: string;
      readonly idleJobsPerPod: number;
    };

/** Apptainer needs to mount inside of a pod, which restricted pods cannot. */
export type Apptainer =
  | { readonly kind: 'none' }
  /** In pods with a user namespace of their own: root in there is nobody outside. */
  | {
      readonly kind: 'user-namespaces';
      /**
       * The extended resource of a device plugin that gives /dev/fuse: `smarter-devices/fuse`.
       *
       * @default - CRI-O's annotation on OKD; none elsewhere, so images are unpacked before they run
       */
      readonly fuseResource?: string;
    }
  /** In privileged pods. */
  | {
      readonly kind: 'privileged';
      /** Why, and who agreed. */
      readonly consent: string;
    };

/** People who share a part of the pool. */
export interface AccountingGroup {
  /** `cms`, or `cms.production` below it. */
  readonly name: string;
  /** Share of the pool in percent. */
  readonly percent: number;
  /**
   * Whether it may use what others leave.
   *
   * @default true
   */
  readonly surplus?: boolean;
  /** Who is in it, as the part before the `@`. A job of somebody in no group is refused. */
  readonly users: readonly string[];
}

/** What jobs may do. */
export interface JobPolicies {
  /**
   * Hours after which a running job is removed.
   *
   * @default - none
   */
  readonly longestHours?: number;
  /**
   * Whether a job that uses more memory than it asked for is held.
   *
   * @default true
   */
  readonly holdOverMemory?: boolean;
  /**
   * Jobs that one user may have in a queue.
   *
   * @default 10000
   */
  readonly jobsPerUser?: number;
}
