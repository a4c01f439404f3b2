import { Construct, type IDependable } from 'constructs';

import type { AccessMode } from '../contracts';
import { rejectInvalid } from '../kit/validate';
import { targetOf, type Target } from '../targets';
import { cephClass, cephClassProblems, hasSnapshots, type CephClassProps } from './ceph-classes';
import type { IVolumeClass } from './volume-class';

/** What images can do beside holding data. The kernel of the node must know every one that is named. */
export type RbdFeature =
  'layering' | 'exclusive-lock' | 'object-map' | 'fast-diff' | 'deep-flatten';

/** Block devices of a Ceph, each with a file system on it or raw. */
export interface RbdClassProps extends CephClassProps {
  /** The pool. For an erasure-coded `dataPool`, a replicated one that holds what cannot be erasure-coded. */
  readonly pool: string;

  /**
   * The pool for the data itself, where it is another: an erasure-coded one.
   *
   * @default - `pool`
   */
  readonly dataPool?: string;

  /** @default ['layering'] */
  readonly imageFeatures?: readonly RbdFeature[];

  /** @default 'ext4' */
  readonly filesystem?: 'ext4' | 'xfs';
}

/** What each feature needs beside itself: https://docs.ceph.com/en/latest/man/8/rbd/#cmdoption-rbd-image-feature */
const NEEDS: Readonly<Partial<Record<RbdFeature, RbdFeature>>> = {
  'object-map': 'exclusive-lock',
  'fast-diff': 'object-map',
};

/** A class of block devices. One node mounts a file system; several can share a raw device. */
export class RbdClass extends Construct implements IVolumeClass {
  public readonly className: string;
  public readonly accessModes: readonly AccessMode[] = ['ReadWriteOnce'];
  public readonly blockAccessModes: readonly AccessMode[] = [
    'ReadWriteOnce',
    'ReadOnlyMany',
    'ReadWriteMany',
  ];
  public readonly expandable: boolean;
  public readonly userNamespaces = true; // ext4 and xfs support idmapped mounts
  public readonly snapshotClassName: string | undefined;
  public readonly ready: IDependable = this;

  constructor(scope: Construct, id: string, props: RbdClassProps) {
    super(scope, id);
    const target = targetOf(this);
    rejectInvalid(this, problemsIn(target, props));
    const { rbd: driver } = props.ceph;
    this.className = props.className;
    this.expandable = props.expandable ?? true;
    this.snapshotClassName = hasSnapshots(target, props) ? props.className : undefined;
    if (driver === undefined) return; // rejected above

    cephClass(this, props, driver, {
      name: 'ceph-rbd',
      parameters: {
        pool: props.pool,
        ...(props.dataPool === undefined ? {} : { dataPool: props.dataPool }),
        imageFeatures: (props.imageFeatures ?? ['layering']).join(','),
        'csi.storage.k8s.io/fstype': props.filesystem ?? 'ext4',
      },
    });
  }
}

function problemsIn(target: Target, props: RbdClassProps): string[] {
  const { ceph, pool, dataPool } = props;
  const features = props.imageFeatures ?? ['layering'];
  return [
    ...cephClassProblems(target, ceph.rbd, 'RBD', props),
    ...poolProblems(props, 'pool', pool),
    ...(ceph.blockPools.some(({ name, erasureCoded }) => name === pool && erasureCoded)
      ? [
          `'pool' must be replicated, got '${pool}', which is erasure-coded; name it as 'dataPool' beside a replicated one`,
        ]
      : []),
    ...(dataPool === undefined ? [] : poolProblems(props, 'dataPool', dataPool)),
    ...features.flatMap((feature) => {
      const needed = NEEDS[feature];
      return needed === undefined || features.includes(needed)
        ? []
        : [
            `'imageFeatures' must have '${needed}', which '${feature}' needs, got '${features.join(',')}'`,
          ];
    }),
  ];
}

function poolProblems({ ceph }: RbdClassProps, field: string, pool: string): string[] {
  const names = ceph.blockPools.map(({ name }) => name);
  return names.includes(pool)
    ? []
    : [
        `'${field}' must be one of the pools [${names.join(', ')}] of '${ceph.clusterId}', got '${pool}'`,
      ];
}
