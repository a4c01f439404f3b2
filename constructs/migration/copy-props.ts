import type { Toleration } from 'kubernetes-types/core/v1';

import type { CopyTask } from './scripts';

/** As whom a task reads and writes files. */
export type CopyUser =
  /** As OKD or the house decides: OKD's range of the namespace, 65532 elsewhere. */
  | { readonly kind: 'usual' }
  /** As the workload whose files they are. */
  | {
      readonly kind: 'user';
      readonly uid: number;
      /** GID that owns the files of the claims; undefined leaves them as they are. */
      readonly group: number | undefined;
    }
  /** As root, since files belong to several owners or carry what only root can copy. */
  | { readonly kind: 'root'; readonly consent: string };

/** One task on the files of one claim. */
export interface CopyJobProps {
  /** Name of the Job, at most 63 characters. */
  readonly name: string;
  readonly task: CopyTask;
  /** Name of the claim that is read, in the same namespace. */
  readonly source: string;
  /** Name of the claim that is written; a survey writes none. */
  readonly target: string;
  /** Size of the target in bytes, as its claim has it. */
  readonly size: number;
  readonly user: CopyUser;
  /**
   * Value of `kubernetes.io/hostname` of the node that it must run on: the one that already mounts a claim which only
   * one node can mount.
   *
   * @default - any node
   */
  readonly node?: string;
  /** @default [] */
  readonly tolerations?: readonly Toleration[];
}
