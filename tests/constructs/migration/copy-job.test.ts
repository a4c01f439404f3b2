import { CopyJob } from '../../../constructs/migration/copy-job';
import type { CopyJobProps } from '../../../constructs/migration/copy-props';
import { copyManifests } from '../../../constructs/migration/manifests';
import { Target } from '../../../constructs/targets';
import { at, isObject, parseJson } from '../../../plan/json';
import type { JsonObject } from '../../../plan/model';
import { houseRuleProblems, type Judged } from '../../support/house-rules';
import { synth } from '../../support/synth';

const EVERY: Required<CopyJobProps> = {
  name: 'beamline-first-copy-data',
  task: 'first-copy',
  source: 'data',
  target: 'beamline-copy-data',
  size: 1_073_741_824,
  user: { kind: 'usual' },
  node: 'worker-1',
  tolerations: [{ key: 'dedicated', operator: 'Exists' }],
};

/** The pod that a rendered Job makes. */
function podOf(props: CopyJobProps, target?: 'okd 4.21' | 'okd 3.11'): JsonObject {
  const job = parseJson(JSON.stringify(synth(CopyJob, props, target).one('Job')));
  const spec = at(job, 'spec', 'template', 'spec');
  if (!isObject(spec)) throw new Error('the Job has no pod');
  return spec;
}

test.each(['kubernetes 1.34', 'okd 4.21', 'okd 3.11'] as const)(
  'keeps the house rules on %s',
  (target) => {
    for (const kind of ['usual', 'root'] as const) {
      const user =
        kind === 'root' ? ({ kind, consent: 'many owners' } as const) : ({ kind } as const);
      const found = synth(CopyJob, { ...EVERY, user }, target);
      const judged: Judged = JSON.parse(JSON.stringify(found.one('Job')));
      expect(houseRuleProblems(judged, found.exceptions)).toEqual([]);
      if (kind === 'root')
        expect(found.exceptions.map(({ reason }) => reason)).toContain('many owners');
    }
  },
);

test('reads the source only, and runs beside the pod that mounts it', () => {
  expect(podOf(EVERY)).toMatchObject({
    nodeSelector: { 'kubernetes.io/hostname': 'worker-1' },
    tolerations: [{ key: 'dedicated', operator: 'Exists' }],
    serviceAccountName: 'beamline-migration',
    automountServiceAccountToken: false,
    restartPolicy: 'Never',
    containers: [
      {
        args: ['/source', '/target', '/dev/termination-log', '/scratch', '1073741824'],
        volumeMounts: [
          { name: 'source', mountPath: '/source', readOnly: true },
          { name: 'target', mountPath: '/target' },
          { mountPath: '/scratch' },
        ],
      },
    ],
  });
});

test('writes to nothing when it compares, and mounts the source alone when it looks', () => {
  expect(podOf({ ...EVERY, task: 'verify' })).toMatchObject({
    containers: [{ volumeMounts: [{ readOnly: true }, { name: 'target', readOnly: true }, {}] }],
  });
  expect(podOf({ ...EVERY, task: 'survey' })).toMatchObject({
    containers: [{ volumeMounts: [{ name: 'source' }, { mountPath: '/scratch' }] }],
  });
});

test('names nobody where restricted-v2 decides, and the owner of the files where somebody said who that is', () => {
  expect(podOf(EVERY, 'okd 4.21')['securityContext']).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  const user = { kind: 'user', uid: 1000, group: 100 } as const;
  expect(podOf({ ...EVERY, user })['securityContext']).toMatchObject({
    runAsUser: 1000,
    fsGroup: 100,
    runAsNonRoot: true,
  });
});

test('as root has what keeps owners and attributes, and no more', () => {
  const user = { kind: 'root', consent: 'many owners' } as const;
  expect(podOf({ ...EVERY, user })).toMatchObject({
    securityContext: { runAsUser: 0 },
    containers: [
      {
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: {
            drop: ['ALL'],
            add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'MKNOD', 'SETFCAP'],
          },
        },
      },
    ],
  });
  // The anyuid SCC refuses a pod that adds capabilities.
  expect(podOf({ ...EVERY, user }, 'okd 4.21')).toMatchObject({
    containers: [
      {
        securityContext: {
          capabilities: { drop: ['KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETPCAP', 'SETUID'] },
        },
      },
    ],
  });
});

test.each([
  ['usual', [], { kind: 'usual' }],
  ['user', ['nonroot-v2'], { kind: 'user', uid: 1000, group: undefined }],
  ['root', ['anyuid'], { kind: 'root', consent: 'many owners' }],
] as const)('asks OKD for the narrowest SCC as %s', (_kind, sccs, user) => {
  const manifests = copyManifests(Target.parse('okd 4.21'), 'site', { ...EVERY, user });
  expect(manifests.at(-1)).toMatchObject({ kind: 'Job', metadata: { namespace: 'site' } });
  const text = JSON.stringify(manifests);
  for (const scc of sccs) expect(text).toContain(`"resourceNames":["${scc}"]`);
  expect(manifests).toHaveLength(sccs.length === 0 ? 2 : 4);
});
