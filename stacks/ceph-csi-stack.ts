import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { CephCsi } from '../constructs/storage/ceph-csi';
import type { CephCsiProps } from '../constructs/storage/ceph-csi-props';
import { CephFsClass, type CephFsClassProps } from '../constructs/storage/cephfs-class';
import { RbdClass, type RbdClassProps } from '../constructs/storage/rbd-class';
import type { IVolumeClass } from '../constructs/storage/volume-class';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** A Ceph outside the cluster, and the classes that a site takes from it. */
export interface CephCsiStackProps {
  readonly ceph: CephCsiProps;
  /** Classes of block devices and of shared directories. */
  readonly classes: readonly (
    | ({ readonly of: 'rbd' } & Omit<RbdClassProps, 'ceph'>)
    | ({ readonly of: 'cephfs' } & Omit<CephFsClassProps, 'ceph'>)
  )[];
  /**
   * Namespace of the drivers. Their names begin with it, and so it cannot change.
   *
   * @default 'ceph-csi'
   */
  readonly namespace?: string;
}

/** ceph-csi and its classes. */
export class CephCsiStack extends Chart {
  /** The classes by name. */
  public readonly classes: ReadonlyMap<string, IVolumeClass>;

  constructor(scope: Construct, id: string, props: CephCsiStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'ceph-csi' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'storage', level: 'privileged' });
    const ceph = new CephCsi(this, 'Driver', props.ceph);
    this.classes = new Map(
      props.classes.map((wanted) => {
        const name = `Class-${wanted.className}`;
        const made: IVolumeClass =
          wanted.of === 'rbd'
            ? new RbdClass(this, name, { ...wanted, ceph })
            : new CephFsClass(this, name, { ...wanted, ceph });
        return [wanted.className, made];
      }),
    );
  }

  /** One of the classes. Throws an Error naming those there are if there is no such class. */
  public classOf(name: string): IVolumeClass {
    const found = this.classes.get(name);
    if (found !== undefined) return found;
    throw new Error(
      `there is no class '${name}'; there are ${[...this.classes.keys()].join(', ')}`,
    );
  }
}
