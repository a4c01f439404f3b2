import type { Chart } from 'cdk8s';

import { nfsPorts } from '../../../../../review/check/rules/conflicts/nfs-ports';
import { exportsIn } from '../../../../../review/exports';
import { object, planOfChart } from '../../../../support/plan';

const KERNEL = (options: string): string =>
  `/export *(ro,fsid=0)\n/export/cvmfs/atlas.cern.ch 10.0.0.0/8(${options})\n`;
const GANESHA = (privileged: boolean): string => `EXPORT {
  Export_Id = 7;
  Path = "/cvmfs/atlas.cern.ch";
  Access_Type = RO;
  PrivilegedPort = ${privileged};
  FSAL { Name = VFS; }
}
`;

/** What is said of a volume that is mounted from a server with these exports. */
function said(exports: string, mountOptions: readonly string[], server = '10.96.0.9'): string[] {
  const plan = planOfChart((chart: Chart) => {
    object(chart, 'v1 ConfigMap exports', { data: { exports } });
    object(chart, 'v1 Service nfs', { spec: { clusterIP: '10.96.0.9', ports: [{ port: 2049 }] } });
    object(chart, 'v1 PersistentVolume share', {
      spec: { mountOptions, nfs: { server, path: '/cvmfs/atlas.cern.ch' } },
    });
  });
  return nfsPorts(plan).map(({ rule }) => rule);
}

test.each([
  ['takes high ports', KERNEL('ro,fsid=7,insecure'), ['hard', 'noresvport'], '10.96.0.9'],
  ['is asked from a low port', KERNEL('ro,fsid=7'), ['hard'], '10.96.0.9'],
  ['is of Ganesha, which takes them', GANESHA(false), ['noresvport'], '10.96.0.9'],
  ['is somebody else', KERNEL('ro,fsid=7'), ['noresvport'], '192.0.2.7'],
])('an export that %s is fine', (_, exports, options, server) => {
  expect(said(exports, options, server)).toEqual([]);
});

test.each([
  ['the kernel', KERNEL('ro,fsid=7')],
  ['Ganesha', GANESHA(true)],
])('noresvport and an export of %s that takes low ports only', (_, exports) => {
  expect(said(exports, ['hard,noresvport'])).toEqual(['conflict/nfs-port-refused']);
});

test('both ways to write an export are read', () => {
  expect(
    exportsIn({ a: KERNEL('rw,fsid=7,no_root_squash,insecure') }).get(
      '/export/cvmfs/atlas.cern.ch',
    ),
  ).toEqual({
    id: 'fsid=7',
    writable: true,
    root: true,
    highPorts: true,
  });
  expect(exportsIn({ a: GANESHA(true) }).get('/cvmfs/atlas.cern.ch')).toEqual({
    id: '7/',
    writable: false,
    root: false,
    highPorts: false,
  });
});

test('a class of a CSI driver that mounts the server by its name', () => {
  const plan = planOfChart((chart: Chart) => {
    object(chart, 'v1 ConfigMap exports', { data: { exports: KERNEL('rw,fsid=7') } });
    object(chart, 'v1 Service nfs', { spec: { ports: [{ port: 2049 }] } });
    object(chart, 'storage.k8s.io/v1 StorageClass share', {
      provisioner: 'nfs.csi.k8s.io',
      parameters: { server: 'nfs.ns.svc.cluster.local', share: '/cvmfs/atlas.cern.ch' },
      mountOptions: ['noresvport'],
    });
  });
  expect(nfsPorts(plan)).toMatchObject([{ object: '_/storageclass.storage.k8s.io/share' }]);
});
