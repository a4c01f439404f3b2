import { ApiObject, Chart, type App } from 'cdk8s';

import type { IFileShare } from '../../../constructs/contracts';
import type { CvmfsExportProps } from '../../../constructs/cvmfs/export-props';
import { CvmfsShare, type CvmfsShareProps } from '../../../constructs/cvmfs/share';
import { hintsOf } from '../../../constructs/kit/hints';
import { messageFrom } from '../../support/message';
import { deploymentSpec, object, podSpec } from '../../support/plan';
import { Synthesized } from '../../support/synth';
import { planOf } from '../../../plan/plan-of';
import { Target } from '../../../constructs/targets';
import { tierOn } from './support/tier';

function shared(
  more: Partial<CvmfsShareProps> = {},
  tierProps: Partial<CvmfsExportProps> = {},
  namespace = 'analysis',
): { readonly app: App; readonly readers: Chart; readonly share: CvmfsShare } {
  const { app, tier } = tierOn('okd 4.21', tierProps);
  const readers = new Chart(app, 'readers', { namespace });
  const share = new CvmfsShare(readers, 'Subject', { tier, repository: 'sw.example.org', ...more });
  return { app, readers, share };
}

test('a share is a volume of the tier and the claim that has it', () => {
  const { readers, share } = shared();
  const objects = new Synthesized(readers);
  expect(objects.one('PersistentVolume')).toMatchObject({
    metadata: { name: 'analysis-cvmfs-sw-example-org' },
    spec: {
      accessModes: ['ReadOnlyMany'],
      claimRef: { namespace: 'analysis', name: 'cvmfs-sw-example-org' },
      nfs: { server: '172.30.0.49', path: '/cvmfs/sw.example.org', readOnly: true },
      persistentVolumeReclaimPolicy: 'Retain',
      mountOptions: [
        'ro',
        'hard',
        'nfsvers=4.1',
        'proto=tcp',
        'noresvport',
        'nconnect=1',
        'timeo=50',
        'retrans=2',
        'rsize=1048576',
        'actimeo=60',
        'lookupcache=all',
        'nordirplus',
      ],
    },
  });
  expect(objects.one('PersistentVolumeClaim')['spec']).toMatchObject({
    storageClassName: '',
    volumeName: 'analysis-cvmfs-sw-example-org',
  });
  const contract: IFileShare = share;
  expect(contract).toMatchObject({
    claimName: 'cvmfs-sw-example-org',
    readOnly: true,
    userNamespaces: false,
    ready: share,
  });
  expect(share.mountPath).toBe('/cvmfs/sw.example.org');
});

test('taking a share away loses nothing, so nothing stands in the way', () => {
  const objects = shared()
    .readers.node.findAll()
    .filter((construct) => ApiObject.isApiObject(construct));
  expect(objects.map(hintsOf)).toEqual([
    { protect: false, retainOnDelete: false },
    { protect: false, retainOnDelete: false },
  ]);
});

test('a claim and further options can be chosen', () => {
  const { readers } = shared({ claimName: 'software', mountOptions: ['noatime'] });
  const volume = new Synthesized(readers).one('PersistentVolume');
  expect(volume).toMatchObject({ metadata: { name: 'analysis-software' } });
  expect(JSON.stringify(volume)).toContain('"nordirplus","noatime"]');
});

test('several connections are what the Service of the tier keeps together', () => {
  const { readers } = shared({}, { connections: 4 });
  expect(JSON.stringify(new Synthesized(readers).one('PersistentVolume'))).toContain(
    '"nconnect=4"',
  );
});

test('noresvport follows the export', () => {
  const closed = { clients: { nodeNetworks: ['192.0.2.0/24'], insecure: false } };
  const { readers } = shared({ mountOptions: ['resvport'] }, closed);
  expect(JSON.stringify(new Synthesized(readers).objects)).not.toContain('noresvport');
  expect(() => shared({ mountOptions: ['noresvport'] }, closed)).toThrow(
    new Error(
      "CvmfsShare 'readers/Subject' has invalid props:\n" +
        "  - 'mountOptions' must leave 'noresvport' out: the export lets no client in from a port above 1023; set 'clients.insecure' of the export",
    ),
  );
});

const options: readonly [string, string][] = [
  ['soft', 'a failover would be an I/O error in every job'],
  ['softerr', 'a failover would be an I/O error in every job'],
  ['rw', 'the export is read-only'],
  ['vers=3', 'the tier speaks NFSv4.1'],
  ['nfsvers=4.0', 'the tier speaks NFSv4.1'],
  ['nconnect=8', "'connections' of the export decides it, as its Service must know"],
  ['proto=udp', 'the tier listens on TCP alone'],
  ['mountport=20048', 'it belongs to NFSv3, which the tier does not speak'],
  ['resvport', 'a client that comes back from its old port may be sent to the server that died'],
];
test.each(options)('rejects the option %s', (option, why) => {
  expect(() => shared({ mountOptions: [option] })).toThrow(
    new Error(
      `CvmfsShare 'readers/Subject' has invalid props:\n  - 'mountOptions' must leave '${option}' out: ${why}`,
    ),
  );
});

test('rejects what a share cannot be, all at once', () => {
  const more = { repository: 'other.example.org', claimName: 'A', mountOptions: ['a b'] };
  expect(() => shared(more, {}, 'cvmfs')).toThrow(
    new Error(
      "CvmfsShare 'readers/Subject' has invalid props:\n" +
        "  - 'repository' must be one that the tier exports, sw.example.org, data.example.org, got 'other.example.org'\n" +
        "  - 'claimName' must be lower-case letters, digits and '-', at most 63, got 'A'\n" +
        "  - a share must stand in the namespace of its readers, not in 'cvmfs', which is the tier's own\n" +
        "  - 'mountOptions' must be options of nfs(5), got 'a b'",
    ),
  );
});

const consumer = (hostUsers?: boolean): Record<string, unknown> =>
  deploymentSpec(
    podSpec({
      ...(hostUsers === undefined ? {} : { hostUsers }),
      volumes: [{ name: 'sw', persistentVolumeClaim: { claimName: 'cvmfs-sw-example-org' } }],
    }),
  );

/** What `planOf` says of a tree in which a Deployment reads the share. */
function planning(namespace: string, hostUsers?: boolean): string {
  const { app } = shared();
  const chart = new Chart(app, 'jobs', { namespace });
  object(chart, 'apps/v1 Deployment reader', { spec: consumer(hostUsers) });
  const plan = (): unknown =>
    planOf(app, {
      environment: 'test',
      target: Target.parse('okd 4.21'),
      data: 'keep',
      moved: [],
      provided: ['_/storageclass.storage.k8s.io/cephfs'],
    });
  return messageFrom(() => {
    plan();
    throw new Error('planned');
  });
}

test('a consumer with a user namespace of its own is refused, wherever in the tree it stands', () => {
  expect(planning('analysis', false)).toContain(
    "readers/Subject: Deployment 'reader' in 'analysis' mounts the NFS claim 'cvmfs-sw-example-org' with 'hostUsers: false', which NFS cannot: it has no ID-mapped mounts; leave 'hostUsers' out, or take CVMFS by cvmfsexec",
  );
  expect(planning('analysis')).not.toContain('hostUsers');
  expect(planning('elsewhere', false)).not.toContain('hostUsers');
});
