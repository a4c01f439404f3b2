import { Construct, type IDependable } from 'constructs';

import { find } from '../kit/findings';
import { labelsOf } from '../kit/labels';
import { customObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import type { CephCluster } from './ceph-cluster';
import {
  cephNameProblems,
  poolSpec,
  redundancyProblems,
  type CephRedundancy,
  type FailureDomain,
} from './ceph-connection';

/** A pool of a Ceph that Rook runs, for block devices. */
export interface CephBlockPoolProps {
  readonly cluster: CephCluster;
  readonly name: string;
  readonly data: CephRedundancy;
  /** @default 'host' */
  readonly failureDomain?: FailureDomain;
  /**
   * Kind of devices: `ssd`, `hdd`, `nvme`.
   *
   * @default - any
   */
  readonly deviceClass?: string;
}

/** A pool for block devices. It is protected, and stays when it leaves the plan. */
export class CephBlockPool extends Construct {
  public readonly poolName: string;
  public readonly ready: IDependable;

  constructor(scope: Construct, id: string, props: CephBlockPoolProps) {
    super(scope, id);
    const { cluster, name, data } = props;
    rejectInvalid(this, [
      ...cephNameProblems('name', name),
      ...redundancyProblems('data', data),
      ...(cluster.blockPools.some((pool) => pool.name === name)
        ? [`'name' must be new in its cluster, got '${name}', which another pool has`]
        : []),
    ]);

    this.poolName = name;
    if (data.kind === 'replicated' && data.copies < 3) warnOfFewCopies(this, name, data.copies);
    this.ready = customObject(this, 'Pool', {
      apiVersion: 'ceph.rook.io/v1',
      kind: 'CephBlockPool',
      metadata: {
        name,
        labels: labelsOf({ name: 'ceph', instance: name, component: 'pool', partOf: 'storage' }),
      },
      spec: poolSpec(data, props.failureDomain ?? 'host', props.deviceClass),
    });
    this.node.addDependency(cluster.ready);
    cluster.knowPool({ name, erasureCoded: data.kind === 'erasure-coded' });
  }
}

/** Two copies cannot tell which of them is right, and one is none. */
export function warnOfFewCopies(at: Construct, name: string, copies: number): void {
  find(at, {
    rule: 'storage/few-copies',
    severity: 'warning',
    reason: `pool '${name}' has ${copies} ${copies === 1 ? 'copy' : 'copies'} of its data: a lost disk can lose some`,
    fix: 'Keep 3 copies, or take an erasure-coded pool for the data',
  });
}
