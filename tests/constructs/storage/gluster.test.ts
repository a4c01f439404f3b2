import { secretFromConfig } from '../../../constructs/kit/secret-value';
import { GlusterClass } from '../../../constructs/storage/gluster-class';
import type { GlusterClassProps } from '../../../constructs/storage/gluster-props';
import { GlusterVolume, type GlusterVolumeProps } from '../../../constructs/storage/gluster-volume';
import type { TargetName } from '../../../constructs/targets';
import { messageFrom } from '../../support/message';
import { synth } from '../../support/synth';

const minimal: GlusterClassProps = {
  className: 'gluster',
  heketi: {
    url: 'http://heketi.example.org:8080',
    user: 'admin',
    key: secretFromConfig('heketi-key'),
  },
};
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<GlusterClassProps> = {
  ...minimal,
  heketi: {
    ...minimal.heketi,
    key: { from: 'secret', name: 'theirs' },
    clusters: ['630372ccdc720a92c681fb928f27b53f'],
  },
  clientOnNodes: 'nodes are layered with glusterfs-fuse',
  volumes: { kind: 'disperse', data: 4, redundancy: 2 },
  groups: { lowest: 40000, highest: 50000 },
  deletedClaims: 'keep',
  expandable: false,
  mountOptions: ['log-level=WARNING'],
  isDefault: true,
  topology: { nodes: { zone: ['a'] }, binding: 'WaitForFirstConsumer' },
};
const volume: GlusterVolumeProps = {
  claimName: 'data',
  servers: ['192.0.2.1', '192.0.2.2'],
  volume: 'physics',
  sizeGiB: 100,
};

test('a class asks heketi for three copies, with a key of the type that the driver reads', () => {
  const storage = synth(GlusterClass, minimal, 'okd 3.11');
  expect(storage.one('StorageClass')).toMatchObject({
    provisioner: 'kubernetes.io/glusterfs',
    allowVolumeExpansion: true,
    reclaimPolicy: 'Delete',
    parameters: {
      resturl: 'http://heketi.example.org:8080',
      restauthenabled: 'true',
      restuser: 'admin',
      secretNamespace: 'test',
      secretName: 'heketi-gluster',
      volumetype: 'replicate:3',
    },
  });
  expect(storage.one('Secret')).toMatchObject({
    type: 'kubernetes.io/glusterfs',
    stringData: { key: '${secret:config:heketi-key}' },
  });
});

test('every prop reaches the class', () => {
  const storage = synth(GlusterClass, everything, 'okd 4.12');
  expect(storage.all('Secret')).toEqual([]);
  expect(storage.one('StorageClass')).toMatchObject({
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    allowVolumeExpansion: false,
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    mountOptions: ['log-level=WARNING'],
    allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a'] }] }],
    parameters: {
      secretName: 'theirs',
      clusterid: '630372ccdc720a92c681fb928f27b53f',
      gidMin: '40000',
      gidMax: '50000',
      volumetype: 'disperse:4:2',
    },
  });
});

test('a volume that is there is found through Endpoints, and its files stay', () => {
  const storage = synth(GlusterVolume, { ...volume, readOnly: true }, 'okd 3.11');
  expect(storage.one('Endpoints')).toMatchObject({
    metadata: { name: 'data' },
    subsets: [{ addresses: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }] }],
  });
  expect(storage.names('Service')).toEqual(['data']);
  expect(storage.one('PersistentVolume')['spec']).toMatchObject({
    accessModes: ['ReadOnlyMany'],
    claimRef: { namespace: 'test', name: 'data' },
    glusterfs: { endpoints: 'data', path: 'physics', readOnly: true },
    persistentVolumeReclaimPolicy: 'Retain',
  });
});

const GONE =
  "a Gluster class needs the in-tree GlusterFS driver, which 'NAME' (Kubernetes 1.MINOR) lacks " +
  '(from Kubernetes 1.0 up to 1.25, https://github.com/kubernetes/kubernetes/pull/112015; ' +
  'https://github.com/kubernetes/kubernetes/issues/115035); use Ceph or NFS';

test.each([
  ['okd 4.13', 26],
  ['okd 4.21', 34],
] as const)('%s has no Gluster, and the client on its nodes would not help', (name, minor) => {
  const words = messageFrom(() => synth(GlusterClass, { ...minimal, clientOnNodes: 'yes' }, name));
  expect(words).toBe(
    `GlusterClass 'test/Subject' has invalid props:\n  - ${GONE.replace('NAME', name).replace('MINOR', String(minor))}`,
  );
});

test('OKD 4.12 has the driver and not the client: refused until the site says that its nodes do', () => {
  for (const build of [
    () => synth(GlusterClass, minimal, 'okd 4.12'),
    () => synth(GlusterVolume, volume, 'okd 4.12'),
  ]) {
    expect(build).toThrow(
      /needs GlusterFS client packages on its nodes, which 'okd 4\.12' \(Kubernetes 1\.25\) lacks .*, and say so in 'clientOnNodes'/,
    );
  }
  const clientOnNodes = 'layered';
  expect(synth(GlusterVolume, { ...volume, clientOnNodes }, 'okd 4.12').objects).toHaveLength(4);
});

test.each<TargetName>(['okd 4.11', 'kubernetes 1.25'])('%s has Gluster', (name) => {
  expect(synth(GlusterClass, minimal, name).objects).toHaveLength(2);
});

test('rejects every wrong prop of a class at once', () => {
  const wrong: GlusterClassProps = {
    className: 'Gluster',
    heketi: { url: 'heketi:8080', user: '', key: minimal.heketi.key, clusters: ['abc'] },
    volumes: { kind: 'disperse', data: 2, redundancy: 2 },
    groups: { lowest: 1000, highest: 900 },
    mountOptions: ['a,b'],
    topology: { nodes: { zone: [] }, binding: 'Immediate' },
  };
  expect(messageFrom(() => synth(GlusterClass, wrong, 'okd 3.11'))).toBe(
    "GlusterClass 'test/Subject' has invalid props:\n" +
      "  - 'className' must be lower-case letters, digits, '-' and '.', got 'Gluster'\n" +
      "  - 'mountOptions' must be one option an entry, without spaces and commas, got 'a,b'\n" +
      "  - 'topology.nodes' must list a value for 'zone', got none: no node could have it\n" +
      "  - 'heketi.url' must be scheme, host and port, such as 'http://heketi.example.org:8080', got 'heketi:8080'\n" +
      "  - 'heketi.user' must be the name of a user of heketi, got ''\n" +
      "  - 'heketi.clusters' must be ids of 32 hexadecimal digits, got 'abc'\n" +
      "  - 'volumes' must have more pieces of data than of redundancy, which is 1 or more, got 2 and 2\n" +
      "  - 'groups' must be two GIDs, the lowest below the highest, got 1000 and 900\n" +
      "  - 'groups' must be from 2000 to 2147483647, the driver's own bounds, got 1000 and 900",
  );
});

test('rejects every wrong prop of a volume at once', () => {
  const wrong = {
    claimName: 'My Data',
    servers: ['gluster1.example.org'],
    volume: '/v',
    sizeGiB: 0,
  };
  expect(messageFrom(() => synth(GlusterVolume, wrong, 'okd 3.11'))).toBe(
    "GlusterVolume 'test/Subject' has invalid props:\n" +
      "  - 'claimName' must be lower-case letters, digits and '-', got 'My Data'\n" +
      "  - 'servers' must be IPv4 addresses, got 'gluster1.example.org'\n" +
      "  - 'volume' must be the name of a Gluster volume, got '/v'\n" +
      "  - 'sizeGiB' must be the number of GiB, more than 0, got '0'",
  );
});
