import { findingsOf } from '../../../constructs/kit/findings';
import { hintsOf } from '../../../constructs/kit/hints';
import { GivenStorageClass } from '../../../constructs/storage/given-class';
import { NfsCsiClass, type NfsCsiClassProps } from '../../../constructs/storage/nfs-csi-class';
import { NfsCsiDriver, type NfsCsiDriverProps } from '../../../constructs/storage/nfs-csi-driver';
import { NfsServer } from '../../../constructs/storage/nfs-server';
import type { NfsServerProps } from '../../../constructs/storage/nfs-server-props';
import { NfsShare, type NfsShareProps } from '../../../constructs/storage/nfs-share';
import type { TargetName } from '../../../constructs/targets';
import { messageFrom } from '../../support/message';
import { chartFor, synth, Synthesized } from '../../support/synth';

const CONSENT = 'this site has no filer';

function server(more: Partial<NfsServerProps> = {}, target?: TargetName): Synthesized {
  const chart = chartFor(target);
  const storageClass = new GivenStorageClass(chart, 'Beneath', {
    className: 'disk',
    accessModes: ['ReadWriteOnce'],
  });
  new NfsServer(chart, 'Subject', {
    className: 'shared',
    consent: CONSENT,
    export: { storageClass, sizeGiB: 100 },
    ...more,
  });
  return new Synthesized(chart);
}

describe('the server in the cluster', () => {
  test('keeps its files on a claim, and says that it is one server', () => {
    const chart = chartFor();
    const storageClass = new GivenStorageClass(chart, 'Beneath', {
      className: 'disk',
      accessModes: ['ReadWriteOnce'],
    });
    const subject = new NfsServer(chart, 'Subject', {
      className: 'reana-shared-volume-storage-class',
      consent: CONSENT,
      export: { storageClass, sizeGiB: 100 },
    });
    const name = 'nfs-server-reana-shared-volume-storage-class';
    const storage = new Synthesized(chart);
    expect(storage.one('PersistentVolumeClaim')).toMatchObject({
      metadata: { name },
      spec: { storageClassName: 'disk', accessModes: ['ReadWriteOnce'] },
    });
    expect(JSON.stringify(storage.one('StatefulSet'))).toContain(`"claimName":"${name}"`);
    expect(findingsOf(subject)).toMatchObject([
      { rule: 'storage/one-nfs-server', severity: 'warning' },
    ]);
  });

  test('its Service has the ports the program looks for, and is never made anew', () => {
    const storage = server();
    const ports = storage.one('Service')['spec'];
    for (const port of [2049, 32803, 20048, 875, 111, 662])
      for (const protocol of ['TCP', 'UDP'])
        expect(ports).toMatchObject({
          ports: expect.arrayContaining([expect.objectContaining({ port, protocol })]),
        });
    const chart = chartFor();
    const storageClass = new GivenStorageClass(chart, 'B', {
      className: 'disk',
      accessModes: ['ReadWriteOnce'],
    });
    new NfsServer(chart, 'S', {
      className: 'shared',
      consent: CONSENT,
      export: { storageClass, sizeGiB: 1 },
    });
    const service = chart.node.findAll().find(({ node }) => node.id === 'Service');
    expect(service && hintsOf(service)).toMatchObject({ protect: true, retainOnDelete: true });
  });

  test('on OKD its account alone may use an SCC that is not privileged', () => {
    const storage = server({}, 'okd 4.21');
    expect(storage.one('SecurityContextConstraints')).toMatchObject({
      allowPrivilegedContainer: false,
      allowHostDirVolumePlugin: false,
      users: ['system:serviceaccount:test:nfs-server-shared'],
    });
  });

  test('every setting reaches the program', () => {
    const storage = server({
      graceSeconds: 30,
      leaseSeconds: 20,
      mostClaims: 50,
      drains: 'refuse',
      deletedClaims: 'keep',
      isDefault: true,
      version: '3',
      mountOptions: ['nolock'],
      resources: { cpu: '1', memory: '1Gi' },
    });
    const pod = JSON.stringify(storage.one('StatefulSet'));
    expect(pod).toContain('"-grace-period=30","-max-exports=50"');
    expect(pod).toContain('"lease","30","20"');
    expect(pod).toContain('"requests":{"cpu":"1","memory":"1Gi"}');
    expect(storage.one('PodDisruptionBudget')['spec']).toMatchObject({ maxUnavailable: 0 });
    expect(storage.one('StorageClass')).toMatchObject({
      reclaimPolicy: 'Retain',
      mountOptions: ['hard', 'nfsvers=3', 'nolock'],
      metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    });
  });

  test('a lease longer than the grace time, a class that cannot be written, its own class', () => {
    const chart = chartFor();
    const storageClass = new GivenStorageClass(chart, 'B', {
      className: 'shared',
      accessModes: ['ReadOnlyMany'],
    });
    expect(
      messageFrom(() => {
        new NfsServer(chart, 'Subject', {
          className: 'shared',
          consent: ' ',
          export: { storageClass, sizeGiB: 1 },
          graceSeconds: 181,
          leaseSeconds: 200,
          mostClaims: 0,
          mountOptions: ['soft'],
        });
      }),
    ).toBe(
      "NfsServer 'test/Subject' has invalid props:\n" +
        "  - 'export.storageClass' must allow ReadWriteOnce, got 'shared', which allows [ReadOnlyMany]\n" +
        "  - 'export.storageClass' must be another class than the server's own, got 'shared'\n" +
        "  - 'consent' must say why a server that runs as root is accepted, got ''\n" +
        "  - 'graceSeconds' must be a whole number from 0 to 180, got '181'\n" +
        "  - 'leaseSeconds' must be a whole number from 1 to the 181 of 'graceSeconds', got '200'\n" +
        "  - 'mostClaims' must be a whole number from 1, got '0'\n" +
        "  - 'mountOptions' must leave 'soft' out: the mount is always hard, and 'version' names the version",
    );
  });
});

describe('csi-driver-nfs', () => {
  const all: Required<NfsCsiDriverProps> = {
    consent: CONSENT,
    kubeletDirectory: '/opt/kubelet',
    replicas: 3,
  };

  test('one controller works of several, with a budget; a node part mounts on every node', () => {
    const storage = synth(NfsCsiDriver, all);
    expect(storage.one('Deployment')['spec']).toMatchObject({ replicas: 3 });
    expect(storage.names('PodDisruptionBudget')).toEqual(['csi-nfs-controller']);
    expect(JSON.stringify(storage.one('DaemonSet'))).toContain(
      '/opt/kubelet/plugins/nfs.csi.k8s.io',
    );
    expect(storage.one('CSIDriver')['spec']).toEqual({
      attachRequired: false,
      podInfoOnMount: false,
      volumeLifecycleModes: ['Persistent'],
      fsGroupPolicy: 'File',
    });
  });

  test('on OKD the SCC names the accounts that really run, in their namespace', () => {
    const storage = synth(NfsCsiDriver, { consent: CONSENT }, 'okd 4.21', 'mine');
    const accounts = storage.names('ServiceAccount');
    expect(storage.one('SecurityContextConstraints')).toMatchObject({
      users: accounts.map((name) => `system:serviceaccount:mine:${name}`),
    });
  });

  test('rejects a cluster without CSI, no consent, no controller', () => {
    expect(
      messageFrom(() => synth(NfsCsiDriver, { consent: '', replicas: 0 }, 'okd 3.11')),
    ).toMatch(
      /csi-driver-nfs needs CSI volumes, which 'okd 3\.11'.*\n.*'consent' must say why.*\n.*'replicas' must be/,
    );
  });

  const classOf = (more: Partial<NfsCsiClassProps> = {}): Synthesized => {
    const chart = chartFor();
    const driver = new NfsCsiDriver(chart, 'Driver', { consent: CONSENT });
    new NfsCsiClass(chart, 'Subject', {
      driver,
      className: 'filer',
      server: 'nfs1.example.org',
      share: '/export',
      ...more,
    });
    return new Synthesized(chart);
  };

  test('archives what was deleted, and mounts hard', () => {
    expect(classOf().one('StorageClass')).toMatchObject({
      provisioner: 'nfs.csi.k8s.io',
      parameters: { server: 'nfs1.example.org', share: '/export', onDelete: 'archive' },
      mountOptions: ['hard', 'nfsvers=4.1'],
      allowVolumeExpansion: true,
    });
  });

  test('every prop reaches the class', () => {
    const subDir = '${pvc.metadata.namespace}/${pvc.metadata.name}';
    expect(
      classOf({
        subDir,
        deletedClaims: 'keep',
        expandable: false,
        isDefault: true,
        version: '4.2',
        mountOptions: ['nconnect=4'],
      }).one('StorageClass'),
    ).toMatchObject({
      parameters: { subDir, onDelete: 'retain' },
      mountOptions: ['hard', 'nfsvers=4.2', 'nconnect=4'],
      allowVolumeExpansion: false,
    });
  });

  test('rejects directories that claims would share, or that lead out', () => {
    expect(
      messageFrom(() =>
        classOf({ server: 'nfs://a', share: 'export', subDir: '../${pvc.annotations.x}' }),
      ),
    ).toBe(
      "NfsCsiClass 'test/Subject' has invalid props:\n" +
        "  - 'server' must be a bare host name or IPv4 address, got 'nfs://a'\n" +
        "  - 'share' must be absolute, got 'export'; did you mean '/export'?\n" +
        "  - 'subDir' must be made of ${pvc.metadata.namespace}, ${pvc.metadata.name} and ${pv.metadata.name}, got '${pvc.annotations.x}'\n" +
        "  - 'subDir' must hold ${pv.metadata.name}, or ${pvc.metadata.namespace} and ${pvc.metadata.name}, so that claims do not share files, got '../${pvc.annotations.x}'\n" +
        "  - 'subDir' must not leave the share, got '../${pvc.annotations.x}'",
    );
  });
});

describe('a static share', () => {
  const everything: Required<NfsShareProps> = {
    claimName: 'home',
    server: 'nfs1.example.org',
    path: '/export/home',
    sizeGiB: 500,
    readOnly: true,
    version: '4.2',
    mountOptions: ['noatime'],
  };

  test('every prop reaches the volume, which outlives its claim', () => {
    const storage = synth(NfsShare, everything);
    expect(storage.one('PersistentVolume')['spec']).toEqual({
      accessModes: ['ReadOnlyMany'],
      capacity: { storage: '500Gi' },
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: 'test',
        name: 'home',
      },
      mountOptions: ['hard', 'nfsvers=4.2', 'noatime'],
      nfs: { server: 'nfs1.example.org', path: '/export/home', readOnly: true },
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    });
    expect(storage.one('PersistentVolumeClaim')['spec']).toMatchObject({
      storageClassName: '',
      volumeName: 'test-home',
    });
  });

  test('rejects every wrong prop at once', () => {
    const wrong = { claimName: 'H', server: 'a:b', path: 'p', sizeGiB: 0, mountOptions: ['soft'] };
    expect(messageFrom(() => synth(NfsShare, wrong))).toBe(
      "NfsShare 'test/Subject' has invalid props:\n" +
        "  - 'claimName' must be lower-case letters, digits and '-', got 'H'\n" +
        "  - 'server' must be a bare host name or IPv4 address, got 'a:b'\n" +
        "  - 'path' must be absolute, got 'p'; did you mean '/p'?\n" +
        "  - 'sizeGiB' must be the number of GiB, more than 0, got '0'\n" +
        "  - 'mountOptions' must leave 'soft' out: the mount is always hard, and 'version' names the version",
    );
  });
});
