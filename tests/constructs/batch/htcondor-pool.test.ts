import { HtcondorPool } from '../../../constructs/batch/htcondor-pool';
import type { Apptainer, HtcondorPoolProps } from '../../../constructs/batch/pool-props';
import { attachTarget, Target, type TargetName } from '../../../constructs/targets';
import { admissionOf } from '../../../review/admission/plan/admission-of';
import { admissionTable } from '../../../review/admission/plan/table';
import { HtcondorStack } from '../../../stacks/htcondor-stack';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { planFrom } from '../../support/plan';
import { chartFor, synth, Synthesized } from '../../support/synth';
import { claims, knobs, pool, textsOf, withExecute } from './support';

const PRIVILEGED: Apptainer = { kind: 'privileged', consent: 'batch jobs bring their images' };
const NAMESPACES: Apptainer = { kind: 'user-namespaces' };

const PROVIDED = [
  '_/storageclass.storage.k8s.io/disk',
  'htcondor/persistentvolumeclaim/cvmfs-cms-cern-ch',
];

/** What OKD makes of the pods, a line each: object, account, SCC, whose right it is, Pod Security level, UID, fsGroup. */
function admitted(props: Partial<HtcondorPoolProps>, name: TargetName): string[] {
  const target = Target.parse(name);
  const plan = planFrom(
    (app) => {
      attachTarget(app, target);
      new HtcondorStack(app, 'batch', { ...pool, ...props });
    },
    { target, provided: PROVIDED },
  );
  const [, ...lines] = admissionTable(admissionOf(plan)).trimEnd().split('\n');
  return lines.map((line) => line.replaceAll(/ +/g, ' '));
}

test.each(['okd 4.21', 'okd 4.10', 'kubernetes 1.34'] as const)(
  'what it renders for %s follows the house rules',
  (target) => {
    const { objects, exceptions } = synth(HtcondorPool, pool, target);
    expect(objects.flatMap((object) => houseRuleProblems(object, exceptions))).toEqual([]);
  },
);

test('it has no right in the cluster', () => {
  const made = synth(HtcondorPool, pool, 'okd 4.21');
  for (const kind of ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding']) {
    expect(made.all(kind)).toEqual([]);
  }
});

test('jobs are let in on the shared port by submitters; nobody connects to an execute pod', () => {
  const made = synth(HtcondorPool, pool, 'okd 4.21');
  const spec = (name: string): string => JSON.stringify(made.one('NetworkPolicy', name)['spec']);
  expect(spec('condor-submit')).toContain('"kubernetes.io/metadata.name":"hub"');
  expect(spec('condor-manager')).toContain('"port":9618');
  expect(made.one('NetworkPolicy', 'condor-execute')['spec']).not.toHaveProperty('ingress');
  expect(spec('condor-execute')).not.toContain('"port":443');
});

test('execute pods hold no key, and a token that is for advertising themselves alone', () => {
  const made = synth(HtcondorPool, pool, 'okd 4.21');
  expect(JSON.stringify(made.one('Deployment'))).not.toContain('condor-keys');
  expect(claims(made.one('Secret', 'condor-execute-token'))).toMatchObject({
    iss: 'pool.example.org',
    sub: 'execute@pool.example.org',
    scope: 'condor:/READ condor:/ADVERTISE_MASTER condor:/ADVERTISE_STARTD',
  });
});

test('a new key keeps the one before while it is asked to', () => {
  const keys = (key: HtcondorPoolProps['key']): string[] =>
    Object.keys(textsOf(synth(HtcondorPool, { ...pool, key }).one('Secret', 'condor-keys')));
  expect(keys({ rotation: 3 })).toEqual(['key-3']);
  expect(keys({ rotation: 3, acceptPrevious: true })).toEqual(['key-2', 'key-3']);
});

test('a new key rolls every pod', () => {
  const sums = (rotation: number): string[] =>
    synth(HtcondorPool, { ...pool, key: { rotation } })
      .objects.map((object) => /"beamline\/config-checksum":"(\w+)"/.exec(JSON.stringify(object)))
      .flatMap((found) => (found?.[1] === undefined ? [] : [found[1]]));
  expect(sums(1)).toHaveLength(3);
  expect(sums(2).filter((sum) => sums(1).includes(sum))).toEqual([]);
});

test('a token for somebody lands in their namespace and is for what they asked', () => {
  const chart = chartFor('okd 4.21');
  const made = new HtcondorPool(chart, 'Pool', pool);
  const hub = chartFor('okd 4.21', 'hub');
  const ref = made.token({
    scope: hub,
    name: 'condor-token',
    identity: 'hub@pool.example.org',
    authorizations: ['READ', 'WRITE'],
  });
  expect(ref).toEqual({ name: 'condor-token', key: 'token' });
  const secret = new Synthesized(hub).one('Secret', 'condor-token');
  expect(secret.metadata.namespace).toBe('hub');
  expect(claims(secret)).toMatchObject({
    sub: 'hub@pool.example.org',
    scope: 'condor:/READ condor:/WRITE',
  });
  expect(made.collector).toBe('condor-manager.test.svc:9618');
});

test.each([
  ['eve@other.org', ['READ'], /must be a name of this pool/],
  ['execute@pool.example.org', ['READ'], /must not be one of the pool's own/],
  ['eve@pool.example.org', [], /must have authorizations, got none/],
] as const)('a token for %s with %j is refused', (identity, authorizations, message) => {
  const chart = chartFor();
  const made = new HtcondorPool(chart, 'Pool', pool);
  expect(
    messageFrom(() => made.token({ scope: chart, name: 'x', identity, authorizations })),
  ).toMatch(message);
});

test('quotas of groups, who is in them, and how long jobs may run', () => {
  const made = synth(HtcondorPool, pool);
  expect(knobs(made.one('ConfigMap', 'condor-manager'))).toMatchObject({
    GROUP_NAMES: 'group_cms, group_cms.production, group_dune',
    'GROUP_QUOTA_DYNAMIC_group_cms.production': '0.5',
    GROUP_ACCEPT_SURPLUS_group_dune: 'False',
  });
  expect(made.one('ConfigMap', 'condor-submit')['data']).toMatchObject({
    'groups.map': '* anna group_cms,group_cms.production\n* ben group_cms\n* carla group_dune\n',
  });
  expect(knobs(made.one('ConfigMap', 'condor-submit'))).toMatchObject({
    SYSTEM_PERIODIC_REMOVE: 'JobStatus == 2 && time() - JobCurrentStartDate > 172800',
  });
});

test('a pod that has to go gets the time its jobs get, and some more', () => {
  const made = synth(HtcondorPool, { ...pool, ...withExecute({ drainHours: 2 }) });
  expect(knobs(made.one('ConfigMap', 'condor-execute'))).toMatchObject({
    SHUTDOWN_GRACEFUL_TIMEOUT: '7260',
    MAXJOBRETIREMENTTIME: '7230',
  });
  expect(JSON.stringify(made.one('Deployment'))).toContain('"terminationGracePeriodSeconds":7320');
});

test.each([
  [{ kind: 'cpu', min: 1, max: 9, percent: 70 }, 'averageUtilization":70'],
  [
    { kind: 'queue', min: 1, max: 9, metric: 'htcondor_idle_jobs', idleJobsPerPod: 4 },
    '"external":{"metric":{"name":"htcondor_idle_jobs"}',
  ],
] as const)('pods scale by %j', (size, expected) => {
  const props: HtcondorPoolProps = {
    ...pool,
    ...withExecute({ size }),
    metricsApis: ['resource', 'external'],
  };
  const made = synth(HtcondorPool, props);
  expect(JSON.stringify(made.one('HorizontalPodAutoscaler'))).toContain(expected);
  expect(made.names('PodDisruptionBudget')).toEqual(['condor-execute']);
});

const MANAGER = 'condor-manager restricted-v2 user restricted namespace namespace';
const SUBMIT = 'condor-submit restricted-v2 user restricted namespace namespace';

test.each<[string, TargetName, Partial<HtcondorPoolProps>, string[]]>([
  [
    'by themselves',
    'okd 4.21',
    {},
    ['condor-execute restricted-v2 user restricted namespace namespace', MANAGER, SUBMIT],
  ],
  [
    'before 4.11',
    'okd 4.10',
    {},
    [
      'condor-execute restricted user baseline namespace namespace',
      'condor-manager restricted user baseline namespace namespace',
      'condor-submit restricted user baseline namespace namespace',
    ],
  ],
  [
    'with Apptainer in privileged pods',
    'okd 4.21',
    withExecute({ apptainer: PRIVILEGED }),
    ['condor-execute privileged serviceaccount privileged 64 64', MANAGER, SUBMIT],
  ],
  [
    'with Apptainer in user namespaces',
    'okd 4.21',
    withExecute({ apptainer: NAMESPACES, shares: [] }),
    ['condor-execute nested-container serviceaccount privileged 64 64', MANAGER, SUBMIT],
  ],
])('%s, the pods are admitted on %s', (_, target, props, expected) => {
  const found = admitted(props, target);
  expect(found.map((line) => line.split(' ').slice(1).join(' '))).toEqual(expected);
});

test('Apptainer in user namespaces: the device in both spellings, and root that is nobody', () => {
  const text = JSON.stringify(
    synth(
      HtcondorPool,
      { ...pool, ...withExecute({ apptainer: NAMESPACES, shares: [] }) },
      'okd 4.21',
    ).one('Deployment'),
  );
  expect(text).toContain('"hostUsers":false');
  expect(text).toContain('"io.kubernetes.cri-o.Devices":"/dev/fuse"');
  expect(text).toContain('"devices.crio.io":"/dev/fuse"');
  expect(text).not.toContain('"privileged":true');
});

test('Apptainer elsewhere takes the device of a plug-in', () => {
  const apptainer: Apptainer = { kind: 'user-namespaces', fuseResource: 'smarter-devices/fuse' };
  const text = JSON.stringify(
    synth(HtcondorPool, { ...pool, ...withExecute({ apptainer, shares: [] }) }).one('Deployment'),
  );
  expect(text).toContain('"smarter-devices/fuse":"1"');
  expect(text).not.toContain('devices.crio.io');
});
