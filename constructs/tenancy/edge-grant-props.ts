import type { LevelConsent } from './tenant-props';

/** What a remote team may make in its namespace. Pods come from workloads alone, so that quotas and policies see them all. */
export type EdgeKind =
  | 'Deployment'
  | 'StatefulSet'
  | 'CronJob'
  | 'Job'
  | 'Service'
  | 'ConfigMap'
  | 'Secret'
  | 'PersistentVolumeClaim';

/** What its pods and claims may use at most, all together. */
export interface EdgeResources {
  /** CPU cores. */
  readonly cpu: number;
  readonly memoryGiB: number;
  readonly pods: number;
  readonly storageGiB: number;
}

/** Leave for one remote team to run one edge service in one namespace, until a day. The namespace is that of the stack. */
export interface EdgeGrantProps {
  /** Name of the team, a DNS label: `osg`. */
  readonly team: string;
  /** Whom to ask about it: a mail address. */
  readonly contact: string;
  readonly kinds: readonly EdgeKind[];
  /** Repositories that images may come from, without tag: `hub.opensciencegrid.org/osg-htc/hosted-ce`. */
  readonly repositories: readonly string[];
  /** TCP ports on which its pods may be reached from `from`. */
  readonly ports: readonly number[];
  /**
   * Networks that may reach the ports.
   *
   * @default - everybody
   */
  readonly from?: readonly string[];
  /** Networks that its pods may reach, beside the lookup of names. */
  readonly to: readonly string[] | 'anywhere';
  readonly resources: EdgeResources;
  /**
   * Why its pods begin as root, as the catalogue says it of a service. It needs `level`.
   *
   * @default - they do not
   */
  readonly root?: string;
  /**
   * What its pods may do at most. With `root`, on OKD, the pods of a ServiceAccount `service` may use anyuid by the same consent.
   *
   * @default - restricted: no root, no privilege, nothing of the node
   */
  readonly level?: LevelConsent;
  /** First day: `2026-11-22`. */
  readonly since: string;
  /** Last day: `2027-05-31`. */
  readonly until: string;
  /** The longest that the site grants anything, in days. */
  readonly longestDays: number;
}
