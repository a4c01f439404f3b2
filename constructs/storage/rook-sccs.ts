import type { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { grantScc } from '../kit/scc';
import { targetOf } from '../targets';
import { storageScc } from './storage-scc';

/** The daemons of Ceph; the operator itself needs no more than nonroot. */
const DAEMONS = ['default', 'mgr', 'osd', 'rgw'].map((name) => `rook-ceph-${name}`);
const DRIVERS = ['cephfs', 'rbd'].flatMap((driver) => [
  `ceph-csi-${driver}-ctrlplugin-sa`,
  `ceph-csi-${driver}-nodeplugin-sa`,
]);

/**
 * What Ceph may do on OKD, for the ServiceAccounts of the namespace that it really runs in. Upstream's file names those
 * of `rook-ceph`, whatever the namespace. See `deploy/examples/operator-openshift.yaml` of Rook.
 */
export function rookSccs(scope: Construct, namespace: string, part: Part): void {
  if (!targetOf(scope).has('scc')) return;
  grantScc(scope, 'OperatorScc', {
    scc: 'nonroot',
    part,
    serviceAccount: { name: 'rook-ceph-system', namespace },
  });
  storageScc(scope, 'DaemonScc', {
    name: `${namespace}-daemons`,
    part,
    namespace,
    serviceAccounts: DAEMONS,
    capabilities: ['MKNOD', 'SYS_ADMIN'],
    privileged: true,
    host: ['paths', 'ipc'],
    volumes: [
      'configMap',
      'downwardAPI',
      'emptyDir',
      'persistentVolumeClaim',
      'projected',
      'secret',
    ],
    selinux: 'MustRunAs',
  });
  storageScc(scope, 'DriverScc', {
    name: `${namespace}-csi`,
    part,
    namespace,
    serviceAccounts: DRIVERS,
    capabilities: ['SYS_ADMIN'],
    privileged: true,
    host: ['paths', 'network', 'ports', 'pid', 'ipc'],
    volumes: ['configMap', 'emptyDir', 'projected'],
    selinux: 'RunAsAny',
  });
}
