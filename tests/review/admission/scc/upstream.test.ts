import { ask } from '../../../../review/admission/ask';

/**
 * Cases from the tables of OpenShift's own tests: openshift/apiserver-library-go a8019f39f,
 * `pkg/securitycontextconstraints/sccadmission/admission_test.go` and `sccmatching/provider_test.go`. The names are of the tests they come from.
 */

type Fields = Record<string, unknown>;

const EXACT = {
  runAsUser: { type: 'MustRunAs', uid: 999 },
  seLinuxContext: { type: 'MustRunAs', seLinuxOptions: { level: 's9:z0,z1' } },
  fsGroup: { type: 'MustRunAs', ranges: [{ min: 999, max: 999 }] },
  supplementalGroups: { type: 'MustRunAs', ranges: [{ min: 999, max: 999 }] },
  groups: ['system:serviceaccounts'],
};
const ANY = { type: 'RunAsAny' };
const LAX = {
  ...{ runAsUser: ANY, seLinuxContext: ANY, fsGroup: ANY, supplementalGroups: ANY },
  ...{ allowPrivilegedContainer: true, allowHostNetwork: true, allowHostPorts: true },
  ...{ allowHostPID: true, allowHostIPC: true, groups: ['system:serviceaccounts'] },
};
const ALLOTTED = {
  runAsUser: { type: 'MustRunAsRange' },
  seLinuxContext: { type: 'MustRunAs' },
  fsGroup: { type: 'MustRunAs' },
  supplementalGroups: { type: 'MustRunAs' },
  groups: ['system:serviceaccounts'],
};
const scc = (name: string, base: Fields, more: Fields = {}): Fields => ({
  metadata: { name },
  ...base,
  ...more,
});
const pod = (container: Fields = {}, spec: Fields = {}, annotations: Fields = {}): Fields => ({
  metadata: { namespace: 'default', annotations },
  spec: {
    serviceAccountName: 'default',
    containers: [{ name: 'container', securityContext: container }],
    ...spec,
  },
});
const NAMESPACE = {
  name: 'default',
  annotations: {
    'openshift.io/sa.scc.uid-range': '1/3',
    'openshift.io/sa.scc.mcs': 's0:c1,c0',
    'openshift.io/sa.scc.supplemental-groups': '2/3',
  },
};
const decide = (given: Fields, sccs: Fields[], more: Fields = {}) =>
  ask({ pod: given, sccs, namespace: NAMESPACE, user: '', ...more });

describe('TestAdmitCaps', () => {
  const exact = scc('restrictive', EXACT);
  const foo = (field: string, name = field): Fields => scc(name, EXACT, { [field]: ['foo'] });
  test.each<[string, Fields | undefined, Fields[], boolean]>([
    ['nobody allows it', { add: ['foo'] }, [exact], false],
    ['it is allowed', { add: ['foo'] }, [exact, foo('allowedCapabilities')], true],
    ['it is added anyway', { add: ['foo'] }, [exact, foo('defaultAddCapabilities')], true],
    ['it must be dropped', { add: ['foo'] }, [exact, foo('requiredDropCapabilities')], false],
    ['it is dropped', { drop: ['foo'] }, [exact, foo('requiredDropCapabilities')], true],
    [
      'all are allowed',
      { add: ['foo'] },
      [exact, scc('all', EXACT, { allowedCapabilities: ['*'] })],
      true,
    ],
  ])('%s', (_, capabilities, sccs, admitted) => {
    for (const list of ['containers', 'initContainers', 'ephemeralContainers']) {
      const spec = { containers: [], [list]: [{ securityContext: { capabilities } }] };
      expect(decide(pod({}, spec), sccs).admitted).toBe(admitted);
    }
  });
  test('what is added and dropped by default is written into the pod', () => {
    expect(decide(pod(), [foo('defaultAddCapabilities')]).containers).toMatchObject([
      { add: ['foo'], drop: [] },
    ]);
    expect(decide(pod(), [foo('requiredDropCapabilities')]).containers).toMatchObject([
      { add: [], drop: ['foo'] },
    ]);
  });
});

describe('TestAdmitSuccess and TestAdmitFailure', () => {
  const sccs = [scc('scc-sa-exact', EXACT), scc('scc-sa', ALLOTTED)];
  test.each<[string, Fields, Fields]>([
    [
      'specifyUIDInRange',
      pod({ runAsUser: 3 }),
      { fsGroup: 2, supplementalGroups: [2], containers: [{ runAsUser: 3, runAsNonRoot: true }] },
    ],
    [
      'specifyLabels',
      pod({ seLinuxOptions: { level: 's0:c1,c0' } }),
      { containers: [{ runAsUser: 1, seLinux: { level: 's0:c1,c0' } }] },
    ],
    ['specifyFSGroup', pod({}, { securityContext: { fsGroup: 2 } }), { fsGroup: 2 }],
    [
      'specifySupGroup',
      pod({}, { securityContext: { supplementalGroups: [3] } }),
      { supplementalGroups: [3] },
    ],
    [
      'specifyPodLevelSELinuxLevel',
      pod({}, { securityContext: { seLinuxOptions: { level: 's0:c1,c0' } } }),
      { seLinux: { level: 's0:c1,c0' } },
    ],
  ])('%s', (_, given, wanted) => {
    expect(decide(given, sccs)).toMatchObject({
      scc: 'scc-sa',
      subject: 'serviceaccount',
      ...wanted,
    });
  });
  test.each<[string, Fields]>([
    ['uidNotInRange', pod({ runAsUser: 1001 })],
    ['invalidMCSLabels', pod({ seLinuxOptions: { level: 's1:q0,q1' } })],
    ['disallowedPriv', pod({ privileged: true })],
    ['requestsHostNetwork', pod({}, { hostNetwork: true })],
    ['requestsHostPorts', pod({}, { containers: [{ ports: [{ hostPort: 1 }] }] })],
    ['requestsHostPID', pod({}, { hostPID: true })],
    ['requestsHostIPC', pod({}, { hostIPC: true })],
    ['requestsSupplementalGroup', pod({}, { securityContext: { supplementalGroups: [1] } })],
    ['requestsFSGroup', pod({}, { securityContext: { fsGroup: 1 } })],
    [
      'requestsPodLevelMCS',
      pod(
        {},
        {
          securityContext: {
            seLinuxOptions: { user: 'user', type: 'type', role: 'role', level: 'level' },
          },
        },
      ),
    ],
  ])('%s is refused until somebody lax may be used', (_, given) => {
    expect(decide(given, sccs)).toMatchObject({ admitted: false, scc: null, pod: null });
    expect(decide(given, [...sccs, scc('scc-admin', LAX)]).scc).toBe('scc-admin');
  });
});

describe('TestAdmitWithPrioritizedSCC', () => {
  const own = (name: string, priority: number, runAsUser: Fields, more: Fields = {}): Fields =>
    scc(name, LAX, { priority, runAsUser, ...more });
  const five = { type: 'MustRunAs', uid: 5 };
  const sccs = [
    own('lowTwo', 1, { type: 'MustRunAs', uid: 6 }),
    own('lowOne', 1, { type: 'MustRunAs', uid: 6 }),
    own('two', 5, { type: 'MustRunAsRange', uidRangeMin: 5, uidRangeMax: 5 }),
    own('one', 5, five),
    scc('restrictive', EXACT, { priority: 100 }),
    own('oneForNobody', 5, five, { groups: [] }),
  ];
  const needing = (name: string): Fields =>
    pod({ runAsUser: 5 }, {}, { 'openshift.io/required-scc': name });
  test('the highest priority wins, then the strictest, then the first by name', () => {
    expect(decide(pod(), sccs).scc).toBe('restrictive');
    expect(decide(pod({ runAsUser: 5 }), sccs).scc).toBe('one');
    expect(decide(pod({ runAsUser: 6 }), sccs).scc).toBe('lowOne');
  });
  test('a required SCC is the only one that is asked', () => {
    expect(decide(needing('two'), sccs).scc).toBe('two');
    expect(decide(needing('lowOne'), sccs)).toMatchObject({
      admitted: false,
      wouldNot: [
        {
          scc: 'lowOne',
          reasons: ['spec.containers[0].securityContext.runAsUser: Invalid value: 5: must be: 6'],
        },
      ],
    });
    expect(decide(needing('does-not-exist'), sccs).why).toContain(
      'failed to retrieve the required SCC "does-not-exist"',
    );
    expect(decide(needing('oneForNobody'), sccs)).toMatchObject({
      admitted: false,
      wouldTake: [{ scc: 'oneForNobody', usableBy: null }],
    });
  });
});

describe('TestAdmitSeccomp', () => {
  const none = scc('noseccomp', EXACT);
  const foo = scc('seccomp', EXACT, { seccompProfiles: ['foo'] });
  const all = scc('wildcard', EXACT, { seccompProfiles: ['*'] });
  const KEY = 'seccomp.security.alpha.kubernetes.io/pod';
  const noted = (shared?: string, own?: string): Fields =>
    pod(
      {},
      {},
      {
        ...(shared === undefined ? {} : { [KEY]: shared }),
        ...(own === undefined
          ? {}
          : { 'container.seccomp.security.alpha.kubernetes.io/container': own }),
      },
    );
  test.each<[string, Fields, Fields, boolean, string | undefined]>([
    ['no seccomp, no requests', noted(), none, true, undefined],
    ['no seccomp, bad container requests', noted('foo', 'bar'), none, false, undefined],
    ['seccomp, no requests', noted(), foo, true, 'foo'],
    ['seccomp, valid pod annotation', noted('foo'), foo, true, 'foo'],
    ['seccomp, valid container annotation', noted(undefined, 'foo'), foo, true, 'foo'],
    ['seccomp, invalid container annotation', noted('foo', 'bar'), foo, false, undefined],
    ['wild card, no requests', noted(), all, true, undefined],
    ['wild card, requests', noted('foo', 'bar'), all, true, 'foo'],
  ])('%s', (_, given, only, admitted, profile) => {
    const answer = decide(given, [only]);
    expect(answer.admitted).toBe(admitted);
    if (admitted) expect(answer.pod?.metadata.annotations?.[KEY]).toBe(profile);
  });
});

describe('TestAdmitPreferNonmutatingWhenPossible', () => {
  const mutating = scc('mutating-scc', EXACT);
  const lax = scc('non-mutating-scc', LAX);
  const stricter = scc('restrictive-non-mutating-scc', LAX, { allowHostPorts: false });
  const image = (tag: string): Fields => ({
    containers: [{ name: 'simple-pod', image: `test:${tag}`, securityContext: {} }],
  });
  const old = pod({}, image('0.1'));
  const update = { operation: 'update', oldPod: old };
  const debug = (container: Fields = {}): Fields =>
    pod({}, { ...image('0.1'), ephemeralContainers: [{ securityContext: {}, ...container }] });
  const eph = { ...update, subresource: 'ephemeralcontainers' };
  test.each<[string, Fields, Fields[], Fields, string | null]>([
    [
      'a creation takes the strictest, though it mutates',
      old,
      [stricter, mutating, lax],
      {},
      'mutating-scc',
    ],
    [
      'an update takes the strictest that does not mutate',
      pod({}, image('0.2')),
      [mutating, lax, stricter],
      update,
      'restrictive-non-mutating-scc',
    ],
    ['an update is refused when all mutate', pod({}, image('0.2')), [mutating], update, null],
    [
      'a debug container goes by the first that does not mutate',
      debug(),
      [mutating, lax],
      eph,
      'non-mutating-scc',
    ],
    ['a debug container is refused when the rest would be mutated', debug(), [mutating], eph, null],
    [
      'a debug container with a host port is refused',
      debug({ ports: [{ hostPort: 80 }] }),
      [stricter],
      eph,
      null,
    ],
    [
      'a required SCC may not be added',
      pod({}, image('0.2'), { 'openshift.io/required-scc': 'mutating-scc' }),
      [mutating, lax],
      update,
      null,
    ],
  ])('%s', (_, given, sccs, more, wanted) => {
    expect(decide(given, sccs, more).scc).toBe(wanted);
  });
  test('a debug container of a pod that was mutated is filled in, by its subresource only', () => {
    const stored = decide(old, [mutating]).pod;
    const changed = structuredClone(stored);
    if (changed === null) throw new Error('it was admitted');
    changed.spec.ephemeralContainers = [{ name: 'debug', securityContext: {} }];
    const more = { operation: 'update', oldPod: stored };
    const answer = decide(changed, [mutating], { ...more, subresource: 'ephemeralcontainers' });
    expect(answer).toMatchObject({ scc: 'mutating-scc' });
    expect(answer.pod?.spec.ephemeralContainers).toMatchObject([
      { securityContext: { runAsUser: 999 } },
    ]);
    expect(decide(changed, [mutating], more).admitted).toBe(false);
  });
});

describe('TestRestrictedMessage and TestAdmitValidatedSCCSubjectType', () => {
  test('what everybody once could use is named when it would help', () => {
    const answer = decide(pod({ allowPrivilegeEscalation: true }), [
      scc('restricted', EXACT, { groups: [] }),
      scc('restricted-v2', EXACT, { allowPrivilegeEscalation: false }),
    ]);
    expect(answer.why).toContain('restricted would, but may not be used');
  });
  test('whose right it was is noted', () => {
    const sccs = [
      scc('user-scc', LAX, { groups: [], users: ['test-user'] }),
      scc('sa-scc', LAX, { groups: [] }),
    ];
    expect(decide(pod(), sccs, { user: 'test-user' })).toMatchObject({
      scc: 'user-scc',
      subject: 'user',
    });
    const may = { serviceAccount: ['sa-scc'] };
    expect(decide(pod(), sccs, { user: 'other', may })).toMatchObject({
      scc: 'sa-scc',
      subject: 'serviceaccount',
    });
  });
});

describe('TestShouldIgnore and TestCreateProvidersFromConstraints', () => {
  test('pods for Windows and harmless updates are not looked at', () => {
    expect(decide(pod({}, { os: { name: 'windows' } }), [])).toMatchObject({
      admitted: true,
      scc: null,
    });
    expect(decide(pod({}, { os: { name: 'linux' } }), []).admitted).toBe(false);
    const update = { operation: 'update', oldPod: pod() };
    expect(decide(pod({}, {}, { 'k8s.ovn.org/pod-networks': 'n' }), [], update).admitted).toBe(
      true,
    );
    expect(decide(pod({}, {}, { other: 'n' }), [], update).admitted).toBe(false);
    expect(
      decide(pod({ privileged: true }), [], { ...update, subresource: 'status' }).admitted,
    ).toBe(true);
  });
  test.each<[Record<string, string>, string]>([
    [
      { 'openshift.io/sa.scc.mcs': 's0' },
      'unable to find annotation openshift.io/sa.scc.uid-range',
    ],
    [
      { 'openshift.io/sa.scc.uid-range': '1/3' },
      'unable to find annotation openshift.io/sa.scc.mcs',
    ],
    [
      { 'openshift.io/sa.scc.uid-range': '', 'openshift.io/sa.scc.mcs': 's0' },
      'found annotation openshift.io/sa.scc.uid-range but it was empty',
    ],
    [
      {
        'openshift.io/sa.scc.uid-range': '1/3',
        'openshift.io/sa.scc.mcs': 's0',
        'openshift.io/sa.scc.supplemental-groups': '',
      },
      'unable to find groups using',
    ],
  ])('a namespace with %j is said to lack something', (annotations, words) => {
    const answer = decide(pod(), [scc('scc-sa', ALLOTTED)], {
      namespace: { name: 'default', annotations },
    });
    expect(answer.admitted).toBe(false);
    expect(answer.why).toContain(words);
  });
});

test('TestValidateProjectedVolume: the token of Kubernetes comes in where Secrets do', () => {
  const token = { serviceAccountToken: { path: 'token' } };
  const authority = {
    configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] },
  };
  const only = [scc('secrets', LAX, { volumes: ['secret'] })];
  const holding = (...sources: Fields[]): Fields =>
    pod({}, { volumes: [{ name: 'v', projected: { sources } }] });
  expect(decide(holding(token, authority), only).admitted).toBe(true);
  expect(decide(holding({ serviceAccountToken: { path: 'other' } }), only).admitted).toBe(false);
  expect(decide(holding({ configMap: { name: 'own' } }), only).admitted).toBe(false);
  expect(decide(holding({ secret: { name: 's' } }), only).admitted).toBe(false);
});

describe('TestExecAdmit', () => {
  const sccs = [scc('for-ada', LAX, { groups: [], users: ['ada'] })];
  const running = pod({ privileged: true });
  const enter = (subresource: string, user: string) =>
    decide(running, sccs, { operation: 'connect', subresource, user });
  test.each(['exec', 'attach'])('%s asks whether the user could create the pod', (subresource) => {
    expect(enter(subresource, 'ada')).toMatchObject({ admitted: true, scc: 'for-ada' });
    expect(enter(subresource, 'ada').pod?.spec).toEqual(
      decide(running, sccs, { user: 'ada' }).pod?.spec,
    );
    expect(enter(subresource, 'eve')).toMatchObject({ admitted: false, pod: null });
    expect(enter(subresource, 'eve').why).toMatch(
      new RegExp(`^${subresource} operation is not allowed because .* exceeds your permissions`),
    );
  });
  test('nothing else is looked at', () => {
    expect(enter('portforward', 'eve')).toMatchObject({ admitted: true, scc: null });
    const create = { operation: 'create', subresource: 'exec', user: 'eve' };
    expect(decide(running, sccs, create)).toMatchObject({ admitted: true, scc: null });
    expect(decide(running, sccs, { operation: 'delete', user: 'eve' }).admitted).toBe(true);
  });
});
