import { Construct, type IDependable } from 'constructs';

import type { AccessMode } from '../contracts';
import { rejectInvalid } from '../kit/validate';
import { classProblems } from './class-props';
import type { IVolumeClass } from './volume-class';

/** What the cluster's administrators say of a class that is theirs. */
export interface GivenStorageClassProps {
  /** Name of the class. The environment lists it under `provided`: `_/storageclass.storage.k8s.io/<name>`. */
  readonly className: string;
  /** How its volumes can be mounted. */
  readonly accessModes: readonly AccessMode[];
  /**
   * How its volumes can be attached as raw block devices.
   *
   * @default []
   */
  readonly blockAccessModes?: readonly AccessMode[];
  /**
   * Whether its claims can grow: `allowVolumeExpansion` of the class.
   *
   * @default false
   */
  readonly expandable?: boolean;
  /**
   * Whether pods with user namespaces of their own can mount its volumes.
   *
   * @default false
   */
  readonly userNamespaces?: boolean;
  /**
   * The VolumeSnapshotClass for its volumes.
   *
   * @default - no snapshots, no clones
   */
  readonly snapshotClassName?: string;
}

/** A StorageClass that the cluster has, for projects whose admins may make claims and nothing more. Adds no object. */
export class GivenStorageClass extends Construct implements IVolumeClass {
  public readonly className: string;
  public readonly accessModes: readonly AccessMode[];
  public readonly blockAccessModes: readonly AccessMode[];
  public readonly expandable: boolean;
  public readonly userNamespaces: boolean;
  public readonly snapshotClassName: string | undefined;
  public readonly ready: IDependable = this;

  constructor(scope: Construct, id: string, props: GivenStorageClassProps) {
    super(scope, id);
    rejectInvalid(this, [
      ...classProblems(props),
      ...(props.accessModes.length === 0
        ? [`'accessModes' must list how its volumes can be mounted, got none`]
        : []),
    ]);
    this.className = props.className;
    this.accessModes = props.accessModes;
    this.blockAccessModes = props.blockAccessModes ?? [];
    this.expandable = props.expandable ?? false;
    this.userNamespaces = props.userNamespaces ?? false;
    this.snapshotClassName = props.snapshotClassName;
  }
}
