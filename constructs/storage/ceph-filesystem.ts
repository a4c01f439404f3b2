import { Construct, type IDependable } from 'constructs';

import { expectPods } from '../kit/expected-pods';
import { labelsOf } from '../kit/labels';
import { customObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { warnOfFewCopies } from './ceph-block-pool';
import type { CephCluster } from './ceph-cluster';
import { cephDaemons } from './ceph-daemons';
import {
  cephNameProblems,
  poolSpec,
  redundancyProblems,
  type CephRedundancy,
  type FailureDomain,
} from './ceph-connection';

/** A file system of a Ceph that Rook runs, that many nodes can mount at once. */
export interface CephFilesystemProps {
  readonly cluster: CephCluster;
  readonly name: string;
  /**
   * Copies of the metadata. It cannot be erasure-coded.
   *
   * @default 3
   */
  readonly metadataCopies?: number;
  /**
   * Pools for the files, the first of them replicated: Ceph keeps what belongs to every file in it.
   *
   * @default [{ name: 'replicated', data: { kind: 'replicated', copies: 3 } }]
   */
  readonly dataPools?: readonly { readonly name: string; readonly data: CephRedundancy }[];
  /** @default 'host' */
  readonly failureDomain?: FailureDomain;
  /**
   * Metadata servers at work. Each has another that stands by.
   *
   * @default 1
   */
  readonly metadataServers?: number;
}

/** A file system. It is protected, and stays when it leaves the plan. */
export class CephFilesystem extends Construct {
  public readonly filesystemName: string;
  public readonly ready: IDependable = this;

  constructor(scope: Construct, id: string, props: CephFilesystemProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(props));

    const { cluster, name } = props;
    this.filesystemName = name;
    const pools = dataPoolsOf(props);
    const failureDomain = props.failureDomain ?? 'host';
    const copies = props.metadataCopies ?? 3;
    if (copies < 3) warnOfFewCopies(this, `${name}-metadata`, copies);
    const labels = labelsOf({
      name: 'ceph',
      instance: name,
      component: 'filesystem',
      partOf: 'storage',
    });
    const active = props.metadataServers ?? 1;
    expectPods(this, cephDaemons({ name: 'mds', count: active * 2, ...RESOURCES }));
    const filesystem = customObject(this, 'Filesystem', {
      apiVersion: 'ceph.rook.io/v1',
      kind: 'CephFilesystem',
      metadata: { name, labels },
      spec: {
        metadataPool: poolSpec({ kind: 'replicated', copies }, failureDomain, undefined),
        dataPools: pools.map((pool) => ({
          name: pool.name,
          ...poolSpec(pool.data, failureDomain, undefined),
        })),
        preserveFilesystemOnDelete: true,
        metadataServer: {
          activeCount: active,
          activeStandby: true,
          priorityClassName: 'system-cluster-critical',
          placement: { podAntiAffinity: apart('rook-ceph-mds') },
          resources: RESOURCES,
        },
      },
    });
    customObject(this, 'Group', {
      apiVersion: 'ceph.rook.io/v1',
      kind: 'CephFilesystemSubVolumeGroup',
      metadata: { name: `${name}-csi`, labels },
      // "csi" is where ceph-csi makes its volumes; it spreads over the metadata servers.
      spec: { name: 'csi', filesystemName: name, pinning: { distributed: 1 } },
    }).node.addDependency(filesystem);
    filesystem.node.addDependency(cluster.ready);
    // Rook puts the file system's name in front.
    cluster.knowFilesystem({ name, dataPools: pools.map((pool) => `${name}-${pool.name}`) });
  }
}

const RESOURCES = { requests: { cpu: '1', memory: '4Gi' }, limits: { memory: '4Gi' } } as const;

function dataPoolsOf({
  dataPools,
}: CephFilesystemProps): NonNullable<CephFilesystemProps['dataPools']> {
  return dataPools ?? [{ name: 'replicated', data: { kind: 'replicated', copies: 3 } }];
}

function problemsIn(props: CephFilesystemProps): string[] {
  const { cluster, name, metadataServers } = props;
  const pools = dataPoolsOf(props);
  const copies = props.metadataCopies ?? 3;
  return [
    ...cephNameProblems('name', name),
    ...(cluster.filesystems.some((filesystem) => filesystem.name === name)
      ? [`'name' must be new in its cluster, got '${name}', which another file system has`]
      : []),
    ...(Number.isInteger(copies) && copies >= 1
      ? []
      : [`'metadataCopies' must be a whole number from 1, got '${copies}'`]),
    ...(metadataServers === undefined || (Number.isInteger(metadataServers) && metadataServers >= 1)
      ? []
      : [`'metadataServers' must be a whole number from 1, got '${metadataServers}'`]),
    ...(pools[0]?.data.kind === 'replicated'
      ? []
      : [`'dataPools' must begin with a replicated pool, got '${pools[0]?.name ?? 'none'}'`]),
    ...pools.flatMap((pool) => [
      ...cephNameProblems('dataPools.name', pool.name),
      ...redundancyProblems(`dataPools '${pool.name}'`, pool.data),
    ]),
  ];
}

function apart(app: string): Record<string, unknown> {
  return {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app } }, topologyKey: 'kubernetes.io/hostname' },
    ],
  };
}
