import { Construct, type IDependable } from 'constructs';

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

/** A class of directories that many nodes can mount at once, and none can attach as a raw device. */
export abstract class SharedClass extends Construct implements IVolumeClass {
  public readonly accessModes: readonly AccessMode[] = SHARED;
  public readonly blockAccessModes: readonly AccessMode[] = [];
  /** NFS cannot, nor the FUSE client of Gluster in the initial namespace. CephFS learned idmapped mounts in Linux 6.7, and what the nodes run is not known here. */
  public readonly userNamespaces = false;
  public readonly ready: IDependable = this;
  public abstract readonly className: string;
  public abstract readonly expandable: boolean;
  public abstract readonly snapshotClassName: string | undefined;
}
