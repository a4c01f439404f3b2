import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { StorageCapacity } from '../constructs/storage/capacity';
import { CephBlockPool, type CephBlockPoolProps } from '../constructs/storage/ceph-block-pool';
import { CephCluster } from '../constructs/storage/ceph-cluster';
import type { CephClusterProps } from '../constructs/storage/ceph-cluster-props';
import { CephFilesystem, type CephFilesystemProps } from '../constructs/storage/ceph-filesystem';
import { CephFsClass, type CephFsClassProps } from '../constructs/storage/cephfs-class';
import {
  CephObjectStore,
  type CephObjectStoreProps,
} from '../constructs/storage/ceph-object-store';
import { RbdClass, type RbdClassProps } from '../constructs/storage/rbd-class';
import { RookOperator, type RookOperatorProps } from '../constructs/storage/rook-operator';
import type { IObjectStore } from '../constructs/contracts';
import type { IVolumeClass } from '../constructs/storage/volume-class';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** A Ceph inside the cluster, and what the site takes from it. */
export interface RookStackProps {
  readonly operator: RookOperatorProps;
  readonly cluster: Omit<CephClusterProps, 'operator'>;
  /** Pools for block devices. */
  readonly pools: readonly Omit<CephBlockPoolProps, 'cluster'>[];
  readonly filesystem: Omit<CephFilesystemProps, 'cluster'>;
  /** The class of block devices. */
  readonly block: Omit<RbdClassProps, 'ceph'>;
  /** The class of shared directories. */
  readonly shared: Omit<CephFsClassProps, 'ceph' | 'filesystem'>;
  /**
   * What the two classes hold in GiB, copies taken off: claims and quotas are held against it.
   *
   * @default - nobody counts
   */
  readonly capacity?: { readonly blockGiB: number; readonly sharedGiB: number };
  /** S3. */
  readonly objects: Omit<CephObjectStoreProps, 'cluster'>;
  /**
   * Namespace of Rook and its Ceph.
   *
   * @default 'rook-ceph'
   */
  readonly namespace?: string;
}

/** Ceph by Rook: block devices, shared directories and S3 of one cluster. */
export class RookStack extends Chart {
  public readonly block: IVolumeClass;
  public readonly shared: IVolumeClass;
  public readonly objects: IObjectStore;

  constructor(scope: Construct, id: string, props: RookStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'rook-ceph' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'storage', level: 'privileged' });
    const operator = new RookOperator(this, 'Operator', props.operator);
    const cluster = new CephCluster(this, 'Cluster', { ...props.cluster, operator });
    for (const pool of props.pools)
      new CephBlockPool(this, `Pool-${pool.name}`, { ...pool, cluster });
    const filesystem = new CephFilesystem(this, 'Filesystem', { ...props.filesystem, cluster });
    this.block = new RbdClass(this, 'Block', { ...props.block, ceph: cluster });
    this.shared = new CephFsClass(this, 'Shared', {
      ...props.shared,
      ceph: cluster,
      filesystem: filesystem.filesystemName,
    });
    this.addCapacity(props.capacity);
    this.objects = new CephObjectStore(this, 'Objects', { ...props.objects, cluster });
  }

  private addCapacity(capacity: RookStackProps['capacity']): void {
    if (capacity === undefined) return;
    new StorageCapacity(this, 'Capacity', {
      classes: [
        { storageClass: this.block, availableGiB: capacity.blockGiB },
        { storageClass: this.shared, availableGiB: capacity.sharedGiB },
      ],
    });
  }
}
