import type { AccessMode, IStorageClass } from '../contracts';

/** A StorageClass with what a claim has to know to be refused while it is written, and not when it hangs. */
export interface IVolumeClass extends IStorageClass {
  /** Whether its claims can grow. None can shrink. */
  readonly expandable: boolean;
  /** How its volumes can be attached as raw block devices, with no file system on them. Empty where they cannot. */
  readonly blockAccessModes: readonly AccessMode[];
  /** Whether a pod with a user namespace of its own can mount its volumes. */
  readonly userNamespaces: boolean;
  /** The VolumeSnapshotClass for its volumes. Undefined where there are no snapshots and no clones. */
  readonly snapshotClassName: string | undefined;
}

/** Every way that a file system shared by many nodes can be mounted. */
export const SHARED: readonly AccessMode[] = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'];
