import type { Construct } from 'constructs';

import { rejectInvalid } from '../kit/validate';
import { targetOf, type Target } from '../targets';
import { cephClass, cephClassProblems, hasSnapshots, type CephClassProps } from './ceph-classes';
import { SharedClass } from './volume-class';

/** Directories of a file system of a Ceph, that many nodes can mount at once. */
export interface CephFsClassProps extends CephClassProps {
  /** Name of the file system. */
  readonly filesystem: string;

  /**
   * The pool for the files.
   *
   * @default - the first of the file system
   */
  readonly pool?: string;

  /**
   * What mounts: the kernel, or a program of Ceph's, slower and with every feature of its release.
   *
   * @default 'kernel'
   */
  readonly mounter?: 'kernel' | 'fuse';
}

/** A class of shared directories with a size that Ceph enforces. */
export class CephFsClass extends SharedClass {
  public readonly className: string;
  public readonly expandable: boolean;
  public readonly snapshotClassName: string | undefined;

  constructor(scope: Construct, id: string, props: CephFsClassProps) {
    super(scope, id);
    const target = targetOf(this);
    rejectInvalid(this, problemsIn(target, props));
    const { cephfs: driver } = props.ceph;
    this.className = props.className;
    this.expandable = props.expandable ?? true;
    this.snapshotClassName = hasSnapshots(target, props) ? props.className : undefined;
    if (driver === undefined) return; // rejected above

    cephClass(this, props, driver, {
      name: 'cephfs',
      parameters: {
        fsName: props.filesystem,
        ...(props.pool === undefined ? {} : { pool: props.pool }),
        ...(props.mounter === undefined ? {} : { mounter: props.mounter }),
      },
    });
  }
}

function problemsIn(target: Target, props: CephFsClassProps): string[] {
  const { ceph, filesystem, pool } = props;
  const names = ceph.filesystems.map(({ name }) => name);
  const pools = ceph.filesystems.find(({ name }) => name === filesystem)?.dataPools ?? [];
  return [
    ...cephClassProblems(target, ceph.cephfs, 'CephFS', props),
    ...(names.includes(filesystem)
      ? []
      : [
          `'filesystem' must be one of [${names.join(', ')}] of '${ceph.clusterId}', got '${filesystem}'`,
        ]),
    ...(pool === undefined || pools.includes(pool)
      ? []
      : [
          `'pool' must be one of the pools [${pools.join(', ')}] of '${filesystem}', got '${pool}'`,
        ]),
  ];
}
