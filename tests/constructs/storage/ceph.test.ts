import { ApiObject, type Chart } from 'cdk8s';

import type { IIngress, RouteRequest } from '../../../constructs/contracts';
import { findingsOf } from '../../../constructs/kit/findings';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import {
  CephBlockPool,
  type CephBlockPoolProps,
} from '../../../constructs/storage/ceph-block-pool';
import { CephCluster } from '../../../constructs/storage/ceph-cluster';
import type { CephClusterProps } from '../../../constructs/storage/ceph-cluster-props';
import { CephCsi } from '../../../constructs/storage/ceph-csi';
import type { CephCsiProps } from '../../../constructs/storage/ceph-csi-props';
import { CephFilesystem } from '../../../constructs/storage/ceph-filesystem';
import { CephFsClass } from '../../../constructs/storage/cephfs-class';
import { CephObjectStore } from '../../../constructs/storage/ceph-object-store';
import { Claim } from '../../../constructs/storage/claim';
import { RbdClass, type RbdClassProps } from '../../../constructs/storage/rbd-class';
import { RookOperator } from '../../../constructs/storage/rook-operator';
import type { TargetName } from '../../../constructs/targets';
import { STORAGE_FILES } from '../../../constructs/versions/storage';
import { ensureUpstream } from '../../../upstream/fetch';
import { messageFrom } from '../../support/message';
import { chartFor, Synthesized } from '../../support/synth';

beforeAll(
  () => Promise.all(Object.values(STORAGE_FILES).map((pin) => ensureUpstream(pin))),
  120_000,
);

const CONSENT = 'Ceph owns the disks';

function rook(
  chart: Chart,
  more: Partial<CephClusterProps> = {},
  kms: Record<string, Record<string, string>> = {},
): CephCluster {
  const operator = new RookOperator(chart, 'Operator', { consent: CONSENT, keyManagement: kms });
  return new CephCluster(chart, 'Cluster', {
    operator,
    storage: { on: 'devices', nodes: [{ name: 'a.example.org', devices: ['sdb'] }] },
    ...more,
  });
}

const outside: CephCsiProps = {
  clusterId: 'b9127830-b0cc-4e34-aa47-9d1a2e9949a8',
  monitors: ['192.0.2.11:6789', '192.0.2.12:6789'],
  consent: CONSENT,
  rbd: {
    users: {
      provisioner: { id: 'okd-rbd-provisioner', key: secretFromConfig('rbd-provisioner') },
      node: { id: 'okd-rbd-node', key: { from: 'secret', name: 'rbd-node' } },
    },
    pools: [
      { name: 'okd', erasureCoded: false },
      { name: 'okd-ec', erasureCoded: true },
    ],
  },
  cephfs: {
    users: {
      provisioner: { id: 'okd-fs-provisioner', key: secretFromConfig('fs-provisioner') },
      node: { id: 'okd-fs-node', key: secretFromConfig('fs-node') },
    },
    filesystems: [{ name: 'okd', dataPools: ['okd_data'] }],
    subvolumeGroup: 'okd',
  },
};

describe('Rook', () => {
  test('runs in whatever namespace it is put: roles, accounts, SCCs, drivers', () => {
    const chart = chartFor('okd 4.21', 'my-ceph');
    rook(chart);
    const storage = new Synthesized(chart);
    const text = JSON.stringify(storage.objects.filter(({ kind }) => !/Definition$/.test(kind)));
    expect(text).not.toMatch(/"namespace":"rook-ceph"|serviceaccount:rook-ceph:/);
    const accounts = storage.all('ServiceAccount').map(({ metadata }) => metadata.name);
    const users = storage
      .all('SecurityContextConstraints')
      .flatMap((scc) => JSON.stringify(scc['users']).match(/system:[^"]+/g) ?? []);
    expect(users.length).toBe(8);
    for (const user of users) {
      expect(user).toMatch(/^system:serviceaccount:my-ceph:/);
      expect(accounts).toContain(user.split(':').at(-1));
    }
    expect(storage.names('Driver')).toEqual([
      'my-ceph.cephfs.csi.ceph.com',
      'my-ceph.rbd.csi.ceph.com',
    ]);
  });

  test('no SCC on Kubernetes, no toolbox, no dashboard unless asked for', () => {
    const chart = chartFor();
    rook(chart);
    const storage = new Synthesized(chart);
    expect(storage.all('SecurityContextConstraints')).toEqual([]);
    expect(storage.names('Deployment')).toEqual([
      'ceph-csi-controller-manager',
      'rook-ceph-operator',
    ]);
    expect(storage.one('CephCluster')['spec']).toMatchObject({ dashboard: { enabled: false } });
  });

  test('the dashboard is behind the front door, for internal networks alone', () => {
    const routes: RouteRequest[] = [];
    const ingress: IIngress = {
      route: (route) => void routes.push(route),
      serves: () => true,
    };
    const chart = chartFor();
    rook(chart, {
      dashboard: {
        ingress,
        host: 'ceph.example.org',
      },
      toolbox: { consent: 'we look for slow disks' },
      monitors: 5,
      dataDirectory: '/data/rook',
      nodes: { storage: 'true' },
    });
    expect(routes).toMatchObject([
      {
        host: 'ceph.example.org',
        reach: 'internal',
        service: { name: 'ceph-dashboard', port: 'http' },
      },
    ]);
    const storage = new Synthesized(chart);
    expect(storage.names('Deployment')).toContain('rook-ceph-tools');
    expect(storage.one('CephCluster')['spec']).toMatchObject({
      dashboard: { enabled: true, ssl: false },
      dataDirHostPath: '/data/rook',
      mon: { count: 5 },
    });
  });

  test.each<[string, CephClusterProps['storage'], object]>([
    [
      'devices of every node',
      { on: 'matching-devices', pattern: '^sd[b-z]$', encrypted: true },
      {
        useAllNodes: true,
        useAllDevices: false,
        deviceFilter: '^sd[b-z]$',
        config: { encryptedDevice: 'true' },
      },
    ],
    [
      'claims',
      {
        on: 'claims',
        monitorClass: 'disk',
        sets: [{ name: 'set', count: 3, sizeGiB: 1024, className: 'raw', portable: true }],
      },
      {
        storageClassDeviceSets: [
          {
            name: 'set',
            count: 3,
            portable: true,
            volumeClaimTemplates: [
              {
                spec: {
                  storageClassName: 'raw',
                  volumeMode: 'Block',
                  resources: { requests: { storage: '1Ti' } },
                },
              },
            ],
          },
        ],
      },
    ],
  ])('keeps its data on %s', (_, storage, wanted) => {
    const chart = chartFor();
    rook(chart, { storage });
    expect(new Synthesized(chart).one('CephCluster')['spec']).toMatchObject({ storage: wanted });
  });

  test.each<[TargetName, number]>([
    ['okd 4.17', 30],
    ['kubernetes 1.30', 30],
  ])('%s is refused, with what to take instead', (target) => {
    expect(() => rook(chartFor(target))).toThrow(
      /Rook needs Kubernetes 1\.31, from which on Rook 1\.20 is supported, .*use ceph-csi with a Ceph outside the cluster, or NFS/,
    );
  });

  test('rejects every wrong prop of a cluster at once', () => {
    const wrong: Partial<CephClusterProps> = {
      monitors: 4,
      dataDirectory: 'data',
      toolbox: { consent: '' },
      storage: { on: 'matching-devices', pattern: '' },
    };
    expect(messageFrom(() => rook(chartFor(), wrong))).toBe(
      "CephCluster 'test/Cluster' has invalid props:\n" +
        "  - 'monitors' must be an odd number from 1 to 9, got '4'\n" +
        "  - 'dataDirectory' must be an absolute path below '/', got 'data'\n" +
        "  - 'toolbox.consent' must say what the administrator's pod is for, got ''\n" +
        "  - 'storage.pattern' must say which devices are Ceph's, such as '^sd[b-z]$', got '': an empty one takes every empty disk",
    );
    const node = { name: 'a', devices: [] };
    expect(
      messageFrom(() => rook(chartFor(), { storage: { on: 'devices', nodes: [node, node] } })),
    ).toMatch(
      /must list the devices of 'a', got none[\s\S]*must list each node once, got 'a' twice/,
    );
  });

  test('pools: copies or pieces, and a finding for few copies', () => {
    const chart = chartFor();
    const cluster = rook(chart);
    const pool = (props: Omit<CephBlockPoolProps, 'cluster'>): CephBlockPool =>
      new CephBlockPool(chart, `Pool-${props.name}`, { ...props, cluster });
    const two = pool({ name: 'two', data: { kind: 'replicated', copies: 2 }, deviceClass: 'ssd' });
    pool({
      name: 'ec',
      data: { kind: 'erasure-coded', data: 4, coding: 2 },
      failureDomain: 'rack',
    });
    expect(findingsOf(two)).toMatchObject([{ rule: 'storage/few-copies' }]);
    const storage = new Synthesized(chart);
    expect(storage.one('CephBlockPool', 'two')['spec']).toEqual({
      failureDomain: 'host',
      deviceClass: 'ssd',
      replicated: { size: 2, requireSafeReplicaSize: true },
    });
    expect(storage.one('CephBlockPool', 'ec')['spec']).toEqual({
      failureDomain: 'rack',
      erasureCoded: { dataChunks: 4, codingChunks: 2 },
    });
    expect(() =>
      pool({ name: 'Two', data: { kind: 'erasure-coded', data: 1, coding: 0 } }),
    ).toThrow(
      /'name' must be lower-case[\s\S]*'data' must have at least 2 pieces of data and 1 of coding, got 1 and 0/,
    );
  });

  test('a bucket has keys in the namespace of whoever asks, and one owner', () => {
    const chart = chartFor();
    const cluster = rook(chart);
    const store = new CephObjectStore(chart, 'Objects', { cluster, name: 'objects' });
    const scope = chartFor(undefined, 'harbor');
    expect(store.bucket({ scope, name: 'registry' })).toMatchObject({
      endpoint: 'http://rook-ceph-rgw-objects.test.svc:8080',
      bucket: 'harbor-registry',
      accessKey: { name: 'registry', key: 'AWS_ACCESS_KEY_ID' },
      secretKey: { name: 'registry', key: 'AWS_SECRET_ACCESS_KEY' },
    });
    expect(new Synthesized(scope).one('ObjectBucketClaim')['spec']).toEqual({
      bucketName: 'harbor-registry',
      storageClassName: 'objects-buckets',
    });
    expect(new Synthesized(chart).one('StorageClass')).toMatchObject({
      provisioner: 'test.ceph.rook.io/bucket',
      reclaimPolicy: 'Retain',
    });
    expect(() => store.bucket({ scope, name: 'registry' })).toThrow(/is already that of 'test'/);
    expect(() => store.bucket({ scope, name: 'My_Bucket' })).toThrow(/must be 3 to 63 lower-case/);
  });

  test('a file system keeps its default pool replicated', () => {
    const chart = chartFor();
    const cluster = rook(chart);
    new CephFilesystem(chart, 'Fs', { cluster, name: 'okd', metadataServers: 2 });
    expect(new Synthesized(chart).one('CephFilesystem')['spec']).toMatchObject({
      preserveFilesystemOnDelete: true,
      dataPools: [{ name: 'replicated', replicated: { size: 3 } }],
      metadataServer: { activeCount: 2, activeStandby: true },
    });
    const ec = { name: 'ec', data: { kind: 'erasure-coded', data: 4, coding: 2 } } as const;
    expect(
      messageFrom(
        () => new CephFilesystem(chart, 'Bad', { cluster, name: 'okd', dataPools: [ec] }),
      ),
    ).toBe(
      "CephFilesystem 'test/Bad' has invalid props:\n" +
        "  - 'name' must be new in its cluster, got 'okd', which another file system has\n" +
        "  - 'dataPools' must begin with a replicated pool, got 'ec'",
    );
  });
});

describe('ceph-csi', () => {
  const csi = (chart: Chart, more: Partial<CephCsiProps> = {}): CephCsi =>
    new CephCsi(chart, 'Subject', { ...outside, ...more });

  test('knows the monitors, and writes keys as tokens into Secrets of its own namespace', () => {
    const chart = chartFor(undefined, 'ceph-csi');
    csi(chart);
    const storage = new Synthesized(chart);
    expect(storage.one('ConfigMap', 'ceph-csi-config')['data']).toEqual({
      'config.json': JSON.stringify([
        {
          clusterID: outside.clusterId,
          monitors: outside.monitors,
          cephFS: { subvolumeGroup: 'okd' },
        },
      ]),
    });
    expect(storage.one('Secret', 'csi-rbd-provisioner')['stringData']).toEqual({
      userID: 'okd-rbd-provisioner',
      userKey: '${secret:config:rbd-provisioner}',
    });
    expect(storage.names('Secret')).not.toContain('rbd-node');
    expect(storage.names('PodDisruptionBudget')).toEqual([
      'csi-cephfs-controller',
      'csi-rbd-controller',
    ]);
  });

  test('on OKD the SCC names the accounts that really run', () => {
    const chart = chartFor('okd 4.21', 'mine');
    csi(chart);
    const storage = new Synthesized(chart);
    expect(storage.one('SecurityContextConstraints')).toMatchObject({
      users: expect.arrayContaining(
        storage.names('ServiceAccount').map((name) => `system:serviceaccount:mine:${name}`),
      ),
    });
  });

  test('each program may read the Secrets of its own users, by name, and no other', () => {
    const chart = chartFor();
    csi(chart);
    const roles = new Synthesized(chart)
      .all('Role')
      .flatMap(({ metadata, rules }) =>
        JSON.stringify(rules).includes('secrets') ? [[metadata.name, JSON.stringify(rules)]] : [],
      );
    expect(roles).toHaveLength(4);
    for (const [, rules] of roles)
      expect(rules).toMatch(
        /"resourceNames":\["[a-z-]+"\],"resources":\["secrets"\],"verbs":\["get"\]/,
      );
    const cluster = new Synthesized(chart).all('ClusterRole');
    expect(JSON.stringify(cluster)).not.toContain('secrets');
  });

  test('every setting reaches the programs', () => {
    const chart = chartFor();
    csi(chart, {
      keyManagement: { vault: { encryptionKMSType: 'vault' } },
      topologyLabels: ['topology.kubernetes.io/zone'],
      replicas: 3,
      kubeletDirectory: '/opt/kubelet',
    });
    const storage = new Synthesized(chart);
    expect(storage.one('ConfigMap', 'ceph-csi-encryption-kms-config')['data']).toEqual({
      'config.json': '{"vault":{"encryptionKMSType":"vault"}}',
    });
    const node = JSON.stringify(storage.one('DaemonSet', 'csi-rbd-nodes'));
    expect(node).toContain('--domainlabels=topology.kubernetes.io/zone');
    expect(node).toContain('/opt/kubelet/plugins/test.rbd.csi.ceph.com');
    expect(node).toContain('"hostPID":true');
    expect(storage.one('Deployment', 'csi-rbd-controller')['spec']).toMatchObject({ replicas: 3 });
  });

  test('rejects every wrong prop at once', () => {
    const wrong: Partial<CephCsiProps> = {
      clusterId: 'the-ceph-of-the-computing-centre-in-the-north',
      monitors: ['192.0.2.11'],
      replicas: 0,
      consent: '',
      rbd: {
        users: {
          provisioner: { id: 'client.admin', key: { from: 'secret', name: 'x' } },
          node: { id: 'a b', key: { from: 'secret', name: 'x' } },
        },
        pools: [],
      },
    };
    expect(messageFrom(() => csi(chartFor(), wrong))).toBe(
      "CephCsi 'test/Subject' has invalid props:\n" +
        "  - 'clusterId' must be at most 36 bytes, got 'the-ceph-of-the-computing-centre-in-the-north' of 45; take the fsid of Ceph\n" +
        "  - 'monitors' must be address and port, such as '192.0.2.11:6789', got '192.0.2.11'\n" +
        "  - 'rbd.pools' must list at least one pool, got none\n" +
        "  - 'consent' must say why privileged pods on every node are accepted, got ''\n" +
        "  - 'replicas' must be a whole number from 1, got '0'\n" +
        "  - 'rbd.users.provisioner.id' must leave 'client.' out, got 'client.admin'\n" +
        "  - 'rbd.users.node.id' must be the name of a user of Ceph, got 'a b'",
    );
    expect(() => csi(chartFor(), { clusterId: 'é'.repeat(19) })).toThrow(/of 38; take the fsid/);
    expect(() => csi(chartFor('okd 3.11'))).toThrow(
      /ceph-csi needs CSI volumes, which 'okd 3\.11'/,
    );
    expect(
      () => new CephCsi(chartFor(), 'S', { clusterId: 'a', monitors: ['m:1'], consent: CONSENT }),
    ).toThrow(/'rbd' or 'cephfs' must be given, got neither/);
  });
});

describe('classes', () => {
  const rbd = (chart: Chart, more: Partial<RbdClassProps> = {}): RbdClass =>
    new RbdClass(chart, 'Subject', {
      ceph: new CephCsi(chart, 'Ceph', { ...outside, keyManagement: { vault: {} } }),
      className: 'block',
      pool: 'okd',
      ...more,
    });

  test('of block devices: data on an erasure-coded pool, encrypted, with features and snapshots', () => {
    const chart = chartFor('okd 4.21', 'ceph-csi');
    const made = rbd(chart, {
      dataPool: 'okd-ec',
      imageFeatures: ['layering', 'exclusive-lock', 'object-map', 'fast-diff'],
      filesystem: 'xfs',
      encryption: 'vault',
      deletedSnapshots: 'keep',
      mountOptions: ['discard'],
      topology: {
        nodes: { 'topology.kubernetes.io/zone': ['a'] },
        binding: 'WaitForFirstConsumer',
      },
    });
    expect(made.snapshotClassName).toBe('block');
    const storage = new Synthesized(chart);
    const secret = (verb: string, name: string): Record<string, string> => ({
      [`csi.storage.k8s.io/${verb}-secret-name`]: name,
      [`csi.storage.k8s.io/${verb}-secret-namespace`]: 'ceph-csi',
    });
    expect(storage.one('StorageClass')['parameters']).toEqual({
      clusterID: outside.clusterId,
      ...secret('provisioner', 'csi-rbd-provisioner'),
      ...secret('controller-expand', 'csi-rbd-provisioner'),
      ...secret('controller-publish', 'csi-rbd-provisioner'),
      ...secret('node-stage', 'rbd-node'),
      encrypted: 'true',
      encryptionKMSID: 'vault',
      pool: 'okd',
      dataPool: 'okd-ec',
      imageFeatures: 'layering,exclusive-lock,object-map,fast-diff',
      'csi.storage.k8s.io/fstype': 'xfs',
    });
    expect(storage.one('VolumeSnapshotClass')).toMatchObject({
      driver: 'ceph-csi.rbd.csi.ceph.com',
      deletionPolicy: 'Retain',
    });
  });

  test('snapshots where the cluster brings their controller, or the site says that it has one', () => {
    expect(rbd(chartFor('kubernetes 1.34')).snapshotClassName).toBeUndefined();
    expect(rbd(chartFor('kubernetes 1.34'), { snapshots: true }).snapshotClassName).toBe('block');
    expect(rbd(chartFor('okd 4.21'), { snapshots: false }).snapshotClassName).toBeUndefined();
  });

  test('of shared directories', () => {
    const chart = chartFor();
    const ceph = new CephCsi(chart, 'Ceph', outside);
    const storageClass = new CephFsClass(chart, 'Subject', {
      ceph,
      className: 'cephfs',
      filesystem: 'okd',
      pool: 'okd_data',
      mounter: 'fuse',
    });
    const claim = new Claim(chart, 'Claim', {
      claimName: 'home',
      storageClass,
      sizeGiB: 1,
      access: 'ReadWriteMany',
      partOf: 'test',
    });
    expect(claim.readOnly).toBe(false);
    expect(new Synthesized(chart).one('StorageClass')).toMatchObject({
      parameters: { fsName: 'okd', pool: 'okd_data', mounter: 'fuse' },
    });
  });

  test('RWX of a file system on block devices is refused', () => {
    const chart = chartFor();
    const storageClass = rbd(chart);
    expect(
      () =>
        new Claim(chart, 'Claim', {
          claimName: 'home',
          storageClass,
          sizeGiB: 1,
          access: 'ReadWriteMany',
          partOf: 'test',
        }),
    ).toThrow(
      /'access' must be one of \[ReadWriteOnce\] for volumeMode 'Filesystem' of class 'block'/,
    );
  });

  test('rejects unknown pools, file systems and key managements, and features that lack another', () => {
    const wrong: Partial<RbdClassProps> = {
      pool: 'okd-ec',
      dataPool: 'nowhere',
      encryption: 'safe',
      imageFeatures: ['layering', 'fast-diff'],
    };
    expect(messageFrom(() => rbd(chartFor(), wrong))).toBe(
      "RbdClass 'test/Subject' has invalid props:\n" +
        "  - 'encryption' must be one of the key managements [vault] that the connection knows, got 'safe'\n" +
        "  - 'pool' must be replicated, got 'okd-ec', which is erasure-coded; name it as 'dataPool' beside a replicated one\n" +
        `  - 'dataPool' must be one of the pools [okd, okd-ec] of '${outside.clusterId}', got 'nowhere'\n` +
        "  - 'imageFeatures' must have 'object-map', which 'fast-diff' needs, got 'layering,fast-diff'",
    );
    const chart = chartFor();
    const { cephfs: _none, ...onlyBlocks } = outside;
    const ceph = new CephCsi(chart, 'Ceph', onlyBlocks);
    expect(
      messageFrom(() => new CephFsClass(chart, 'Fs', { ceph, className: 'fs', filesystem: 'okd' })),
    ).toBe(
      "CephFsClass 'test/Fs' has invalid props:\n" +
        "  - 'ceph' must have the CephFS driver, which this connection was made without\n" +
        `  - 'filesystem' must be one of [] of '${outside.clusterId}', got 'okd'`,
    );
    const cluster = rook(chartFor());
    expect(
      () => new RbdClass(cluster, 'C', { ceph: cluster, className: 'c', pool: 'gone' }),
    ).toThrow(/'pool' must be one of the pools \[\] of 'test', got 'gone'/);
  });

  test('a class waits for its Ceph', () => {
    const chart = chartFor();
    const cluster = rook(chart);
    new CephBlockPool(chart, 'Pool', {
      cluster,
      name: 'p',
      data: { kind: 'replicated', copies: 3 },
    });
    const made = new RbdClass(chart, 'Class', { ceph: cluster, className: 'c', pool: 'p' });
    const [waits] = made.node.dependencies;
    expect(waits && ApiObject.isApiObject(waits) && waits.kind).toBe('CephCluster');
  });
});
