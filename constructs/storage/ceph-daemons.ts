import type { ExpectedPods } from '../kit/expected-pods';
import type { CephStorage } from './ceph-cluster-props';

/** Daemons of Ceph that Rook will run, and what each asks of its node. */
export function cephDaemons({
  name,
  count,
  requests,
  limits,
  nodes,
}: {
  readonly name: 'mon' | 'mgr' | 'osd' | 'mds' | 'rgw';
  readonly count: number;
  readonly requests: Readonly<Record<string, string>>;
  readonly limits: Readonly<Record<string, string>>;
  /** @default - any node */
  readonly nodes?: Readonly<Record<string, string>> | undefined;
}): ExpectedPods {
  return {
    name,
    what: WHAT[name],
    by: 'rook',
    count,
    labels: { app: `rook-ceph-${name}` },
    requests,
    limits,
    nodes: nodes ?? {},
    apart: name === 'mon' || name === 'mgr',
  };
}

const WHAT = {
  mon: 'Ceph monitors',
  mgr: 'Ceph managers',
  osd: 'Ceph disks',
  mds: 'CephFS metadata servers',
  rgw: 'S3 gateways',
} as const;

/** How many disks Ceph will run a daemon for. Where a pattern finds them nobody knows before: none. */
export function disksOf(storage: CephStorage): number {
  switch (storage.on) {
    case 'devices':
      return storage.nodes.reduce((total, { devices }) => total + devices.length, 0);
    case 'matching-devices':
      return 0;
    case 'claims':
      return storage.sets.reduce((total, { count }) => total + count, 0);
  }
}
