import type { CopyJobProps, CopyUser } from './copy-props';
import type { CrossingTask } from './crossing-scripts';

/** How the pod that takes files in is reached from the other cluster. */
export type Through = 'LoadBalancer' | 'NodePort';

/** The end of a copy at the destination: a pod that takes files in, and the Service by which it is reached. */
export interface ReceiveProps {
  /** Name of its Job, its Service and its policy, at most 63 characters. */
  readonly name: string;
  /** Name of the claim that is written. */
  readonly target: string;
  /** Name of the Secret with the key of this copy. */
  readonly key: string;
  readonly through: Through;
  readonly user: CopyUser;
}

/** A task at the source on the files of a claim whose copy is in another cluster. */
export interface SendProps extends Pick<
  CopyJobProps,
  'name' | 'source' | 'size' | 'user' | 'node' | 'tolerations'
> {
  readonly task: CrossingTask;
  /** Name of the Secret with the key of this copy. */
  readonly key: string;
  /** Host name or address at which the destination answers. */
  readonly host: string;
  readonly port: number;
}
