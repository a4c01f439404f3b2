import { Chart } from 'cdk8s';

import { CvmfsAccess, type CvmfsAccessProps } from '../../../constructs/cvmfs/access';
import type { CvmfsExecWay, CvmfsWay } from '../../../constructs/cvmfs/access-props';
import { CvmfsCsiDriver } from '../../../constructs/cvmfs/csi-driver';
import { CvmfsRepositories } from '../../../constructs/cvmfs/repositories';
import { CvmfsShare } from '../../../constructs/cvmfs/share';
import { findingsOf } from '../../../constructs/kit/findings';
import type { TargetName } from '../../../constructs/targets';
import { Synthesized } from '../../support/synth';
import { catalogue, repository, tierOn } from './support/tier';

type Type = CvmfsWay['type'];

/** Every way, as a namespace `analysis` would take it. */
function ways(target: TargetName): { readonly jobs: Chart; readonly of: Record<Type, CvmfsWay> } {
  const { app, tier } = tierOn(target);
  const jobs = new Chart(app, 'jobs', { namespace: 'analysis' });
  const csi = new Chart(app, 'csi', { namespace: 'cvmfs-csi' });
  const { repositories } = tier;
  const share = new CvmfsShare(jobs, 'Share', { tier, repository: 'sw.example.org' });
  const driver = new CvmfsCsiDriver(csi, 'Driver', { repositories, consent: 'speed' });
  const exec: CvmfsExecWay = {
    type: 'cvmfsexec',
    repositories,
    mount: ['sw.example.org'],
    directory: '/opt/cvmfsexec',
    nodeKernel: '5.14.0-503.el9',
    serviceAccount: 'worker',
    fuse: { by: 'crio' },
    seccompProfile: 'profiles/cvmfsexec.json',
  };
  const of: Record<Type, CvmfsWay> = {
    export: { type: 'export', share },
    csi: { type: 'csi', driver },
    cvmfsexec: exec,
    parrot: { type: 'parrot', repositories, program: '/usr/bin/parrot_run' },
  };
  return { jobs, of };
}

function access(
  type: Type,
  target: TargetName = 'okd 4.21',
  way: object = {},
  more: Partial<CvmfsAccessProps> = {},
): { readonly subject: CvmfsAccess; readonly objects: Synthesized } {
  const { jobs, of } = ways(target);
  const subject = new CvmfsAccess(jobs, 'Subject', {
    name: 'worker',
    way: { ...of[type], ...way },
    ...more,
  });
  return { subject, objects: new Synthesized(subject) };
}

const refusal = (problem: string): Error =>
  new Error(`CvmfsAccess 'jobs/Subject' has invalid props:\n  - ${problem}`);

test('the export asks nothing of the pod but the claim', () => {
  const { subject, objects } = access('export');
  expect(subject.pod).toMatchObject({
    volumes: [{ persistentVolumeClaim: { claimName: 'cvmfs-sw-example-org', readOnly: true } }],
    mounts: [{ mountPath: '/cvmfs/sw.example.org', readOnly: true }],
    wrapper: [],
    context: undefined,
  });
  expect(objects.objects).toEqual([]);
  expect(subject.privileges).toEqual([
    { what: 'none for the pod; the tier is privileged', from: 'the cluster admin, once' },
  ]);
});

test('the CSI driver asks for a claim, mounted so that later mounts arrive', () => {
  const { subject, objects } = access('csi');
  expect(objects.one('PersistentVolumeClaim')).toMatchObject({
    metadata: { name: 'cvmfs-worker', namespace: 'analysis' },
    spec: { storageClassName: 'cvmfs', accessModes: ['ReadOnlyMany'] },
  });
  expect(subject.pod.mounts).toEqual([
    {
      name: 'cvmfs-worker',
      mountPath: '/cvmfs',
      readOnly: true,
      mountPropagation: 'HostToContainer',
    },
  ]);
});

test('cvmfsexec runs the program in a user namespace with /dev/fuse and its own profile', () => {
  const { subject, objects } = access('cvmfsexec');
  expect(subject.pod).toMatchObject({
    wrapper: ['/opt/cvmfsexec/cvmfsexec', 'sw.example.org', '--'],
    annotations: { 'io.kubernetes.cri-o.Devices': '/dev/fuse' },
    context: { seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/cvmfsexec.json' } },
    hostUsers: false,
  });
  expect(objects.one('Role')['rules']).toMatchObject([{ resourceNames: ['nested-container'] }]);
  expect(subject.privileges).toMatchObject([{ from: 'the cluster admin, per account' }]);
  const plugin = { fuse: { by: 'plugin', resource: 'example.org/fuse' } };
  const other = access('cvmfsexec', 'kubernetes 1.34', plugin);
  expect(other.subject.pod).toMatchObject({
    annotations: {},
    resources: { 'example.org/fuse': '1' },
  });
  expect(other.objects.all('Role')).toEqual([]);
});

test('Parrot is told every repository, and check is told that it is slow', () => {
  const { subject } = access('parrot');
  expect(subject.pod.env).toContainEqual({
    name: 'PARROT_CVMFS_REPO',
    value: ['sw', 'data']
      .map(
        (name) =>
          `${name}.example.org:url=http://s1.example.org:8000/cvmfs/${name}.example.org,` +
          `pubkey=/etc/beamline/cvmfs-keys/${name}.example.org/${name}.example.org.pub`,
      )
      .join(' '),
  });
  expect(subject.pod.wrapper).toEqual(['/usr/bin/parrot_run']);
  expect(subject.privileges).toMatchObject([{ from: 'nobody' }]);
  expect(findingsOf(subject).map(({ rule }) => rule)).toEqual(['cvmfs/parrot-is-slow']);
});

test('a pod with a user namespace of its own gets no NFS and no CSI', () => {
  expect(() => access('export', 'okd 4.21', {}, { hostUsers: false })).toThrow(
    refusal(
      "'hostUsers' must not be false with an NFS volume ('cvmfs-sw-example-org'): NFS has no ID-mapped mounts, and the pod would not start; leave it out, or take the way 'cvmfsexec'",
    ),
  );
  expect(() => access('csi', 'okd 4.21', {}, { hostUsers: false })).toThrow(
    "'hostUsers' must not be false with the CSI driver",
  );
  expect(() => access('cvmfsexec', 'okd 4.21', {}, { hostUsers: false })).not.toThrow();
});

test('an inline NFS volume is refused on OKD and told to check elsewhere', () => {
  expect(() => access('export', 'okd 4.21', { volume: 'inline' })).toThrow(
    refusal(
      "'way.volume' must be 'claim' on 'okd 4.21', got 'inline': no SCC of ordinary users admits nfs volumes, and they carry no mount options",
    ),
  );
  const { subject } = access('export', 'kubernetes 1.34', { volume: 'inline' });
  expect(subject.pod.volumes).toMatchObject([
    { nfs: { server: '172.30.0.49', path: '/cvmfs/sw.example.org', readOnly: true } },
  ]);
  expect(findingsOf(subject).map(({ rule }) => rule)).toEqual(['cvmfs/inline-nfs']);
});

const cases: readonly [string, Type, TargetName, object, string][] = [
  [
    'an old kernel',
    'cvmfsexec',
    'okd 4.21',
    { nodeKernel: '3.10.0' },
    "'way.nodeKernel' must be 4.18 or later, got '3.10.0': FUSE in user namespaces needs it; take the way 'export'",
  ],
  [
    'a kernel that is none',
    'cvmfsexec',
    'okd 4.21',
    { nodeKernel: 'new' },
    "'way.nodeKernel' must be the kernel of the nodes, '5.14', got 'new'",
  ],
  [
    'a repository that nobody knows',
    'cvmfsexec',
    'okd 4.21',
    { mount: ['x.example.org'] },
    "'way.mount' must be repositories of the catalogue, got 'x.example.org'; add it there",
  ],
  [
    'a directory that is none',
    'cvmfsexec',
    'okd 4.21',
    { directory: 'opt' },
    "'way.directory' must be an absolute directory of the image, got 'opt'",
  ],
  [
    'a program that is none',
    'parrot',
    'okd 4.21',
    { program: 'parrot_run' },
    "'way.program' must be the absolute path of parrot_run, got 'parrot_run'",
  ],
];
test.each(cases)('rejects %s', (_, type, target, way, problem) => {
  expect(() => access(type, target, way)).toThrow(refusal(problem));
});

test('cvmfsexec is refused where there are no user namespaces, or no /dev/fuse', () => {
  expect(() => access('cvmfsexec', 'okd 4.14')).toThrow(
    "the way 'cvmfsexec' needs pods in user namespaces",
  );
  expect(() => access('cvmfsexec', 'kubernetes 1.34')).toThrow(
    "'way.fuse' needs /dev/fuse for unprivileged pods",
  );
});

test('Parrot is refused keys that it cannot be told', () => {
  const { jobs } = ways('okd 4.21');
  const keys = { from: 'image', directory: '/etc/cvmfs/keys/cern.ch' } as const;
  const repositories = new CvmfsRepositories(jobs, 'Others', {
    ...catalogue,
    repositories: [repository('cms.cern.ch', { keys })],
  });
  const way = { type: 'parrot', repositories, program: '/usr/bin/parrot_run' } as const;
  expect(() => new CvmfsAccess(jobs, 'Subject', { name: 'worker', way })).toThrow(
    refusal(
      "'way.repositories' must have the keys of 'cms.cern.ch' as 'pem': Parrot is told single files, and not the directory of an image",
    ),
  );
});
