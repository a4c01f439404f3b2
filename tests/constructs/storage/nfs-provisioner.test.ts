import { NfsProvisioner } from '../../../constructs/storage/nfs-provisioner';
import type { NfsProvisionerProps } from '../../../constructs/storage/nfs-provisioner-props';
import { chartFor, synth } from '../../support/synth';

const minimal: NfsProvisionerProps = {
  server: 'nfs1.example.org',
  path: '/export/home',
  className: 'home',
};
const PATTERN = '${.PVC.namespace}/${.PVC.name}';
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<NfsProvisionerProps> = {
  ...minimal,
  deletedClaims: 'retain',
  pathPattern: PATTERN,
  owner: 4001,
  version: '3',
  mountOptions: ['nolock'],
  isDefault: true,
  replicas: 2,
};

test('hands out the class that it makes', () => {
  const chart = chartFor();
  const storage = new NfsProvisioner(chart, 'Subject', minimal);
  expect(storage.className).toBe('home');
  expect(storage.accessModes).toEqual(['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany']);
  expect(storage.ready).toBe(storage);
});

test('deleted claims are archived and mounts are hard', () => {
  const { metadata, ...body } = synth(NfsProvisioner, minimal).one('StorageClass');
  expect(metadata).toMatchObject({
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' },
  });
  expect(body).toEqual({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    provisioner: 'beamline/nfs-home',
    allowVolumeExpansion: false,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    mountOptions: ['hard', 'nfsvers=4.1'],
    parameters: { archiveOnDelete: 'true' },
  });
});

test('the export is a volume with its claim, so that restricted pods may mount it', () => {
  const storage = synth(NfsProvisioner, minimal, 'okd 4.21');
  expect(storage.one('PersistentVolume')['spec']).toMatchObject({
    claimRef: { namespace: 'test', name: 'nfs-provisioner-home' },
    nfs: { server: 'nfs1.example.org', path: '/export/home' },
    persistentVolumeReclaimPolicy: 'Retain',
  });
  expect(storage.one('PersistentVolumeClaim')).toMatchObject({
    metadata: { name: 'nfs-provisioner-home' },
    spec: { storageClassName: '', volumeName: 'test-nfs-provisioner-home' },
  });
  expect(storage.one('Deployment')['spec']).toMatchObject({
    template: {
      spec: {
        volumes: [{ name: 'export', persistentVolumeClaim: { claimName: 'nfs-provisioner-home' } }],
      },
    },
  });
});

test('one pod needs no lock and never runs beside its successor', () => {
  const storage = synth(NfsProvisioner, minimal);
  expect(storage.all('Role')).toEqual([]);
  expect(storage.one('Deployment')['spec']).toMatchObject({
    replicas: 1,
    strategy: { type: 'Recreate' },
    template: {
      spec: {
        containers: [
          {
            image: 'registry.k8s.io/sig-storage/nfs-subdir-external-provisioner:v4.0.2',
            env: [
              { name: 'PROVISIONER_NAME', value: 'beamline/nfs-home' },
              { name: 'NFS_SERVER', value: 'nfs1.example.org' },
              { name: 'NFS_PATH', value: '/export/home' },
              { name: 'ENABLE_LEADER_ELECTION', value: 'false' },
            ],
          },
        ],
      },
    },
  });
});

test('it may do on the cluster what the program does, and no more', () => {
  expect(synth(NfsProvisioner, minimal).one('ClusterRole')['rules']).toMatchInlineSnapshot(`
   [
     {
       "apiGroups": [
         "",
       ],
       "resources": [
         "persistentvolumes",
       ],
       "verbs": [
         "get",
         "list",
         "watch",
         "create",
         "delete",
       ],
     },
     {
       "apiGroups": [
         "",
       ],
       "resources": [
         "persistentvolumeclaims",
       ],
       "verbs": [
         "list",
         "watch",
       ],
     },
     {
       "apiGroups": [
         "storage.k8s.io",
       ],
       "resources": [
         "storageclasses",
       ],
       "verbs": [
         "get",
         "list",
         "watch",
       ],
     },
     {
       "apiGroups": [
         "",
       ],
       "resources": [
         "events",
       ],
       "verbs": [
         "create",
         "patch",
       ],
     },
   ]
  `);
});

test('every prop reaches the objects', () => {
  const storage = synth(NfsProvisioner, everything);
  expect(storage.one('StorageClass')).toMatchObject({
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    reclaimPolicy: 'Retain',
    mountOptions: ['hard', 'nfsvers=3', 'nolock'],
    parameters: { onDelete: 'retain', pathPattern: PATTERN },
  });
  expect(storage.one('Role', 'nfs-provisioner-home-lock')['rules']).toEqual([
    { apiGroups: [''], resources: ['endpoints'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['endpoints'],
      resourceNames: ['beamline-nfs-home'],
      verbs: ['get', 'update'],
    },
  ]);
  expect(storage.one('Deployment')['spec']).toMatchObject({
    replicas: 2,
    strategy: { type: 'RollingUpdate' },
    template: { spec: { securityContext: { runAsUser: 4001 } } },
  });
  expect(storage.names('PodDisruptionBudget')).toEqual(['nfs-provisioner-home']);
});

test('on OKD the owner of the export is named, under nonroot-v2 for this ServiceAccount alone', () => {
  const storage = synth(NfsProvisioner, { ...minimal, owner: 4001 }, 'okd 4.21');
  expect(storage.one('Deployment')['spec']).toMatchObject({
    template: { spec: { securityContext: { runAsUser: 4001 } } },
  });
  expect(storage.names('RoleBinding')).toEqual(['nfs-provisioner-home-scc-nonroot-v2']);
});

test('without an owner OKD needs no grant at all', () => {
  const storage = synth(NfsProvisioner, minimal, 'okd 4.21');
  expect(storage.all('RoleBinding')).toEqual([]);
  expect(JSON.stringify(storage.one('Deployment'))).not.toContain('runAsUser');
});

test('the missing liveness probe is recorded with its reason', () => {
  expect(synth(NfsProvisioner, minimal).exceptions).toEqual([
    {
      rule: 'liveness-probe',
      container: 'provisioner',
      reason:
        'it has no health endpoint, ends by itself when it cannot work, and a restart does not mend a filer',
    },
  ]);
});

test('rejects what the filer and the class cannot be, all at once', () => {
  const props: NfsProvisionerProps = {
    server: 'nfs://nfs1',
    path: 'export',
    className: 'Home',
    owner: 0,
    replicas: 0,
    mountOptions: ['soft', 'nfsvers=4.2', 'noatime'],
  };
  expect(() => synth(NfsProvisioner, props)).toThrow(
    new Error(
      "NfsProvisioner 'test/Subject' has invalid props:\n" +
        "  - 'server' must be a bare host name or IPv4 address, got 'nfs://nfs1'\n" +
        "  - 'path' must be absolute, got 'export'; did you mean '/export'?\n" +
        "  - 'className' must be lower-case letters, digits and '-', at most 43, got 'Home'\n" +
        "  - 'owner' must be a UID above 0, got '0'; give the exported directory to another user than root\n" +
        "  - 'replicas' must be a whole number from 1, got '0'\n" +
        "  - 'mountOptions' must leave 'soft' out: the mount is always hard, and 'version' names the version\n" +
        "  - 'mountOptions' must leave 'nfsvers=4.2' out: the mount is always hard, and 'version' names the version",
    ),
  );
});

const pathMustBeSafe: readonly [string, NfsProvisionerProps['deletedClaims'], string][] = [
  [
    PATTERN,
    'archive',
    "'pathPattern' needs deletedClaims 'retain', got 'archive': the provisioner would archive the wrong directory",
  ],
  [
    '${.PVC.namespace}/${.PVC.name}/${.PVC.annotations.dir}',
    'retain',
    "'pathPattern' must be made of namespace, name and labels, got '${.PVC.annotations.dir}'",
  ],
  [
    '${.PVC.namespace}',
    'retain',
    "'pathPattern' must hold ${.PVC.namespace} and ${.PVC.name}, so that claims do not share files, got '${.PVC.namespace}'",
  ],
  [
    `../${PATTERN}`,
    'retain',
    `'pathPattern' must not leave the exported directory, got '../${PATTERN}'`,
  ],
];
test.each(pathMustBeSafe)(
  'rejects the pattern %s with %s',
  (pathPattern, deletedClaims, problem) => {
    expect(() => synth(NfsProvisioner, { ...minimal, pathPattern, deletedClaims })).toThrow(
      new Error(`NfsProvisioner 'test/Subject' has invalid props:\n  - ${problem}`),
    );
  },
);
