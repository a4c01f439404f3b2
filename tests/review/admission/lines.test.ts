import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import { answerLine } from '../../../review/admission/lines';
import { questionSchema } from '../../../review/admission/question';
import { CHECKOUT } from '../../support/tree';

const NAMESPACE = {
  annotations: {
    'openshift.io/sa.scc.uid-range': '1000650000/10000',
    'openshift.io/sa.scc.mcs': 's0:c26,c0',
  },
};
const POD = { spec: { containers: [{ name: 'c', image: 'example.org/i:1' }] } };
const line = (question: object, number = 1) => answerLine(JSON.stringify(question), number);

test('a line is answered with its number and what it calls itself', () => {
  expect(line({ id: 'x', pod: POD, namespace: NAMESPACE }, 7)).toMatchObject({
    ...{ line: 7, id: 'x', admitted: true, scc: 'restricted-v2', subject: 'user' },
    fsGroup: 1000650000,
    containers: [{ name: 'c', runAsUser: 1000650000, runAsNonRoot: true, drop: ['ALL'] }],
    wouldNot: [{ scc: 'restricted-v3', usableBy: 'user' }, { scc: 'nested-container' }],
  });
  expect(answerLine('   ', 1)).toBeUndefined();
});

test.each<[string, string]>([
  ['{"pod":', 'line 3 is no JSON'],
  ['[]', 'line 3: the question'],
  ['{}', "'pod': Invalid input"],
  [JSON.stringify({ pod: POD, usr: 'ada' }), 'usr'],
  [JSON.stringify({ pod: POD, target: 'okd 4.99' }), "target 'okd 4.99' is not known"],
  [JSON.stringify({ pod: POD, operation: 'update' }), "'oldPod': an update needs"],
  [
    JSON.stringify({ pod: POD, target: 'kubernetes 1.34', kind: 'scc' }),
    'has no SecurityContextConstraints',
  ],
  [JSON.stringify({ pod: POD, target: 'okd 3.11', kind: 'psa' }), 'has no Pod Security admission'],
  [JSON.stringify({ pod: POD, sccs: [{ metadata: { name: 'x' } }] }), 'sccs.0.runAsUser'],
  [
    JSON.stringify({ pod: { spec: { securityContext: { runAsUser: -1 } } } }),
    'pod.spec.securityContext.runAsUser',
  ],
])('%s gets an error of its own', (text, words) => {
  const answer = answerLine(text, 3);
  expect(answer).toMatchObject({ line: 3 });
  expect(answer !== undefined && 'error' in answer ? answer.error : '').toContain(words);
});

test('an SCC that nobody has is said to be missing', () => {
  const pod = { ...POD, metadata: { annotations: { 'openshift.io/required-scc': 'gone' } } };
  expect(line({ pod, namespace: NAMESPACE })).toMatchObject({
    admitted: false,
    why: expect.stringContaining('failed to retrieve the required SCC "gone"'),
  });
});

describe('releases', () => {
  const asking = (target: string, pod: object, more: object = {}) =>
    line({ target, pod, namespace: NAMESPACE, ...more });
  const profile = {
    spec: {
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{ name: 'c' }],
    },
  };
  const unconfined = {
    spec: {
      securityContext: { seccompProfile: { type: 'Unconfined' } },
      containers: [{ name: 'c' }],
    },
  };

  test('before 4.11 restricted refuses a pod that names a profile, once it is stored', () => {
    expect(asking('okd 4.10', profile)).toMatchObject({
      admitted: false,
      why: expect.stringContaining('seccomp may not be set'),
    });
    expect(asking('okd 4.11', profile)).toMatchObject({ scc: 'restricted-v2' });
  });
  test('4.11 lets every profile through where the default is listed, 4.12 does not', () => {
    expect(asking('okd 4.11', unconfined)).toMatchObject({ scc: 'restricted-v2' });
    expect(asking('okd 4.12', unconfined)).toMatchObject({ admitted: false });
  });
  test('3.11 has restricted for everybody and says nothing of non-root', () => {
    const answer = asking('okd 3.11', POD);
    expect(answer).toMatchObject({
      scc: 'restricted',
      containers: [{ drop: ['KILL', 'MKNOD', 'SETGID', 'SETUID'] }],
    });
    expect(JSON.stringify(answer)).not.toContain('runAsNonRoot');
  });
  test('a pod in a user namespace may take restricted-v3 where there is one', () => {
    const pod = {
      spec: { hostUsers: false, containers: [{ name: 'c', securityContext: { runAsUser: 1000 } }] },
    };
    expect(asking('okd 4.21', pod)).toMatchObject({ scc: 'restricted-v3', fsGroup: 1000 });
    expect(asking('okd 4.19', pod)).toMatchObject({ admitted: false });
  });
  test('an upgraded cluster still has restricted for everybody', () => {
    const pod = {
      spec: { containers: [{ name: 'c', securityContext: { allowPrivilegeEscalation: true } }] },
    };
    expect(asking('okd 4.15', pod)).toMatchObject({ admitted: false });
    expect(asking('okd 4.15', pod, { upgraded: true })).toMatchObject({ scc: 'restricted' });
  });
  test("a cluster admin's bare pod gets anyuid, the same pod of a Deployment does not", () => {
    expect(
      asking('okd 4.21', POD, { user: 'ada', groups: ['system:cluster-admins'] }),
    ).toMatchObject({ scc: 'anyuid', subject: 'user' });
    const user = 'system:serviceaccount:kube-system:replicaset-controller';
    expect(asking('okd 4.21', POD, { user })).toMatchObject({ scc: 'restricted-v2' });
  });
});

test('bindings count in their namespace only', () => {
  const role = {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role' },
    metadata: { name: 'r', namespace: 'ns' },
    rules: [
      {
        apiGroups: ['security.openshift.io'],
        resources: ['securitycontextconstraints'],
        resourceNames: ['anyuid'],
        verbs: ['use'],
      },
    ],
  };
  const binding = {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
    metadata: { name: 'r', namespace: 'ns' },
    roleRef: { kind: 'Role', name: 'r' },
    subjects: [{ kind: 'ServiceAccount', name: 'default' }],
  };
  const asked = (name: string) =>
    line({ pod: POD, rbac: [role, binding], namespace: { ...NAMESPACE, name } });
  expect(asked('ns')).toMatchObject({ scc: 'anyuid', subject: 'serviceaccount' });
  expect(asked('other')).toMatchObject({ scc: 'restricted-v2' });
});

test('the published schema is that of the questions', () => {
  const file = join(CHECKOUT, 'docs', 'reference', 'admit-question.schema.json');
  const published: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(published).toEqual(z.toJSONSchema(questionSchema, { io: 'input' }));
});
