import { change, type Case } from '../case';
import { C, edit, edited, made, T } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const mounts = `${C}/volumeMounts`;
const maps = o.claim('cvmfs-maps', '20Gi');
const policy = 'spec/persistentVolumeClaimRetentionPolicy';
const nas = [c.datasets, c.datasetsClaim];
const reader = o.workload(
  'Deployment',
  'reader',
  o.podOf(
    'reader',
    { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
    {
      volumes: [o.onClaim('datasets')],
    },
  ),
  { replicas: 2 },
);
const gluster = made(
  'PersistentVolume',
  'corpus-scratch',
  {
    spec: {
      capacity: { storage: '10Ti' },
      accessModes: ['ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      glusterfs: { endpoints: 'gluster', path: 'scratch' },
      claimRef: { namespace: 'corpus', name: 'scratch' },
    },
  },
  'v1',
  null,
);
const snapshots = made(
  'VolumeSnapshotClass',
  'corpus-nightly',
  { driver: 'rook-ceph.rbd.csi.ceph.com', deletionPolicy: 'Retain' },
  'snapshot.storage.k8s.io/v1',
  null,
);
const content = made(
  'VolumeSnapshotContent',
  'corpus-before',
  {
    spec: {
      driver: 'rook-ceph.rbd.csi.ceph.com',
      deletionPolicy: 'Delete',
      source: { snapshotHandle: 'a' },
      volumeSnapshotRef: { name: 'before', namespace: 'corpus' },
    },
  },
  'snapshot.storage.k8s.io/v1',
  null,
);
const dump = (spec: Parameters<typeof o.podOf>[1] = {}) =>
  made(
    'CronJob',
    'pg-backup',
    {
      spec: {
        schedule: '15 2 * * *',
        ...spec,
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [
                  {
                    name: 'dump',
                    image: 'docker.io/library/postgres:16.4',
                    command: ['sh', '-c', 'pg_dumpall > /backup/all.sql'],
                    volumeMounts: [{ name: 'data', mountPath: '/backup' }],
                  },
                ],
                volumes: [o.onClaim('backup')],
              },
            },
          },
        },
      },
    },
    'batch/v1',
  );
const backupClaim = o.claim('backup', '200Gi');
const velero = o.operated('velero.io/v1', 'BackupStorageLocation', 'offsite', {
  provider: 'aws',
  objectStorage: { bucket: 'backups' },
});

/** What a site could do to its data. */
export const SITE_DANGEROUS_STORAGE: readonly Case[] = [
  edit(
    'NFS data set mounted soft',
    c.datasets,
    'spec/mountOptions',
    ['soft', 'nfsvers=4.1'],
    [c.datasetsClaim, reader],
  ),
  edit('NAS renamed in the volume', c.datasets, 'spec/nfs/server', 'nas2.example.org', [
    c.datasetsClaim,
    reader,
  ]),
  change('data set volume deleted', nas, [c.datasetsClaim], [reader]),
  edit(
    'Gluster bricks moved to other hosts',
    c.bricks,
    'subsets/0/addresses',
    [{ ip: '198.51.100.9' }],
    [c.bricksService, gluster],
  ),
  change('Endpoints of Gluster deleted', [c.bricks, c.bricksService], [], [gluster]),
  change(
    'hub loses its claim, and takes a disk of the node',
    [o.hub, ...o.HUB],
    [edited(o.hub, `${T}/volumes/0`, { name: 'data', emptyDir: {} }), ...o.HUB],
  ),
  change(
    'hub takes another, new claim',
    [o.hub, ...o.HUB],
    [edited(o.hub, `${T}/volumes/0`, o.onClaim('hub-db2')), o.claim('hub-db2', '1Gi'), ...o.HUB],
  ),
  edit(
    'database mounts a directory inside its volume',
    o.postgres,
    `${mounts}/0/subPath`,
    'pg',
    o.PG,
  ),
  edit(
    'database volume mounted elsewhere',
    o.postgres,
    `${mounts}/0/mountPath`,
    '/var/lib/pgsql',
    o.PG,
  ),
  edit('PGDATA outside the volume', o.postgres, `${C}/env/0/value`, '/tmp/pg', o.PG),
  edit(
    'Postgres 16 to 17 by its image',
    o.postgres,
    `${C}/image`,
    'docker.io/library/postgres:17.2',
    o.PG,
  ),
  edit('Postgres back to 15', o.postgres, `${C}/image`, 'docker.io/library/postgres:15.8', o.PG),
  change(
    'StatefulSet renamed',
    [o.postgres, ...o.PG],
    [edited(o.postgres, 'metadata/name', 'pg'), ...o.PG],
  ),
  edit(
    'other class for the volumes of a StatefulSet',
    o.postgres,
    'spec/volumeClaimTemplates/0/spec/storageClassName',
    'corpus-hdd',
    o.PG,
  ),
  edit(
    'claims go when it is scaled',
    o.postgres,
    policy,
    { whenScaled: 'Delete', whenDeleted: 'Retain' },
    o.PG,
  ),
  edit(
    'scaled down, and the claims with it',
    edited(o.postgres, policy, { whenScaled: 'Delete', whenDeleted: 'Retain' }),
    'spec/replicas',
    2,
    o.PG,
  ),
  edit('spool moved to a new name of volume', o.schedd, `${T}/volumes/0`, o.onClaim('spool-new'), [
    o.condorConfig,
    o.claim('spool', '100Gi'),
    o.claim('spool-new', '100Gi'),
  ]),
  change('claim with the hub database deleted', [o.hubClaim], [], [o.hub]),
  change('class deleted that volumes of a StatefulSet name', [c.ssd], [], [o.postgres]),
  edit('class gives volumes that are deleted', c.ssd, 'reclaimPolicy', 'Delete', [o.hubClaim]),
  edit('class takes another pool of the same cluster', c.ssd, 'parameters/pool', 'hdd', [
    o.hubClaim,
  ]),
  change('CVMFS maps lose their claim', [maps], [], []),
  edit(
    'CVMFS exports without shared maps',
    o.cvmfsConfig,
    'data/default.local',
    'CVMFS_HTTP_PROXY="http://squid.corpus:3128"\nCVMFS_REPOSITORIES=cms.cern.ch,atlas.cern.ch\nCVMFS_NFS_SOURCE=yes\nCVMFS_QUOTA_LIMIT=20000\n',
    [o.cvmfsNode],
  ),
  edit('snapshots go with their objects', snapshots, 'deletionPolicy', 'Delete'),
  change('content of a snapshot deleted', [content], []),
  edit('backup suspended', dump(), 'spec/suspend', true, [backupClaim]),
  edit('backup on a day that never comes', dump(), 'spec/schedule', '0 2 31 2 *', [backupClaim]),
  change('backup deleted', [dump()], [], [backupClaim]),
  change('place of the backups deleted', [velero], []),
  edit('Ceph pool with one copy', c.ssdPool, 'spec/replicated/size', 1),
  edit('Ceph pool spread over disks instead of hosts', c.ssdPool, 'spec/failureDomain', 'osd'),
  edit('object store gives up its pools', c.objectStore, 'spec/preservePoolsOnDelete', false),
  change('object store deleted', [c.objectStore], []),
  edit('file system goes with its object', c.sharedFs, 'spec/preserveFilesystemOnDelete', false),
  edit('Ceph cluster wiped when deleted', c.cephCluster, 'spec/cleanupPolicy', {
    confirmation: 'yes-really-destroy-data',
  }),
  edit('Ceph node taken out', c.cephCluster, 'spec/storage/nodes', [
    { name: 's1', devices: [{ name: 'nvme0n1' }] },
  ]),
  edit('Ceph takes every disk it finds', c.cephCluster, 'spec/storage/useAllDevices', true),
  edit('Ceph downgraded', c.cephCluster, 'spec/cephVersion/image', 'quay.io/ceph/ceph:v18.2.4'),
  edit('Ceph with one monitor', c.cephCluster, 'spec/mon/count', 1),
  edit('Ceph forgets where its monitors write', c.cephCluster, 'spec/dataDirHostPath', '/srv/rook'),
  edit('metrics on disks of pods', c.prometheus, 'spec/storage', undefined),
  edit('metrics of two days', c.prometheus, 'spec/retention', '2d'),
];
