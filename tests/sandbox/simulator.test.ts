import { READY_KINDS } from '../../sandbox/simulator/ready-kinds';
import { freeAddress } from '../../sandbox/simulator/addresses';
import { volumeFor, wantsVolume } from '../../sandbox/simulator/claims';
import { says } from '../../sandbox/simulator/readiness';

const claim = {
  metadata: {
    name: 'home',
    namespace: 'reana',
    uid: '1-2-3',
    annotations: { 'volume.kubernetes.io/storage-provisioner': 'example.org/nfs' },
  },
  spec: {
    accessModes: ['ReadWriteMany'],
    storageClassName: 'nfs',
    volumeMode: 'Filesystem',
    volumeName: '',
    resources: { requests: { storage: '5Gi' } },
  },
  status: { phase: 'Pending', capacity: {} },
};
const storageClass = {
  metadata: { name: 'nfs', annotations: {} },
  provisioner: 'example.org/nfs',
  reclaimPolicy: 'Retain',
  volumeBindingMode: 'Immediate',
  mountOptions: ['hard'],
};

test('makes a volume as the class and the claim want it', () => {
  expect(volumeFor(claim, storageClass)).toMatchInlineSnapshot(`
   {
     "apiVersion": "v1",
     "kind": "PersistentVolume",
     "metadata": {
       "annotations": {
         "pv.kubernetes.io/provisioned-by": "example.org/nfs",
         "sandbox.beamline/simulated": "true",
       },
       "name": "pvc-1-2-3",
     },
     "spec": {
       "accessModes": [
         "ReadWriteMany",
       ],
       "capacity": {
         "storage": "5Gi",
       },
       "claimRef": {
         "apiVersion": "v1",
         "kind": "PersistentVolumeClaim",
         "name": "home",
         "namespace": "reana",
         "uid": "1-2-3",
       },
       "hostPath": {
         "path": "/simulated/1-2-3",
       },
       "mountOptions": [
         "hard",
       ],
       "persistentVolumeReclaimPolicy": "Retain",
       "storageClassName": "nfs",
       "volumeMode": "Filesystem",
     },
   }
  `);
});

test('provisions once the controller manager found no volume that is there already', () => {
  expect(wantsVolume(claim, storageClass)).toBe(true);
  expect(
    wantsVolume({ ...claim, metadata: { ...claim.metadata, annotations: {} } }, storageClass),
  ).toBe(false);
});

test('waits for the first pod where the class says so', () => {
  const late = { ...storageClass, volumeBindingMode: 'WaitForFirstConsumer' };
  expect(wantsVolume(claim, late)).toBe(false);
  const annotations = {
    ...claim.metadata.annotations,
    'volume.kubernetes.io/selected-node': 'worker-0',
  };
  expect(wantsVolume({ ...claim, metadata: { ...claim.metadata, annotations } }, late)).toBe(true);
});

test('plays the in-tree provisioners that Kubernetes no longer has, and none for local volumes', () => {
  const bare = { ...claim, metadata: { ...claim.metadata, annotations: {} } };
  expect(wantsVolume(bare, { ...storageClass, provisioner: 'kubernetes.io/glusterfs' })).toBe(true);
  expect(wantsVolume(claim, { ...storageClass, provisioner: 'kubernetes.io/no-provisioner' })).toBe(
    false,
  );
  expect(
    volumeFor(bare, { ...storageClass, provisioner: 'kubernetes.io/glusterfs' }),
  ).toMatchObject({
    metadata: { annotations: { 'pv.kubernetes.io/provisioned-by': 'sandbox.beamline/glusterfs' } },
  });
});

test('leaves claims to the real provisioner of a class that says so', () => {
  const annotations = { 'sandbox.beamline/simulated': 'false' };
  const real = { ...storageClass, metadata: { ...storageClass.metadata, annotations } };
  expect(wantsVolume(claim, real)).toBe(false);
});

test('leaves bound claims alone', () => {
  expect(wantsVolume({ ...claim, spec: { ...claim.spec, volumeName: 'pv' } }, storageClass)).toBe(
    false,
  );
});

test('gives addresses of the documentation ranges, the first for ingresses left out', () => {
  expect(freeAddress(new Set())).toBe('192.0.2.2');
  expect(freeAddress(new Set(['192.0.2.2', '192.0.2.4']))).toBe('192.0.2.3');
  const first = new Set(Array.from({ length: 254 }, (_, index) => `192.0.2.${index + 1}`));
  expect(freeAddress(first)).toBe('198.51.100.2');
});

test('a status says what is wanted whatever its times and its other fields are', () => {
  const found = {
    phase: 'Ready',
    extra: 1,
    conditions: [{ type: 'A' }, { type: 'Ready', status: 'True', lastTransitionTime: 'x' }],
  };
  expect(says(found, { phase: 'Ready' })).toBe(true);
  expect(
    says(found, { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: 'y' }] }),
  ).toBe(true);
  expect(says(found, { conditions: [{ type: 'Ready', status: 'False' }] })).toBe(false);
  expect(says(undefined, { phase: 'Ready' })).toBe(false);
});

test.each(READY_KINDS)('what is written for a $kind is what it then says', ({ status }) => {
  const object = { metadata: { name: 'n', namespace: 's', generation: 3 }, spec: {} };
  expect(says(status(object, 'now'), status(object, 'later'))).toBe(true);
});
