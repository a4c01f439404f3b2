import { Chart } from 'cdk8s';

import { grantScc } from '../../../constructs/kit/scc';
import { customObject, kubeObject, namespaceOf } from '../../../constructs/kit/objects';
import { later } from '../../../constructs/kit/later';
import { isClusterScoped } from '../../../constructs/kit/scope';
import { appFor, chartFor, rendered } from '../../support/synth';

const part = { name: 'hub', instance: 'main', component: 'web', partOf: 'notebooks' };

test('an object gets the API version of its target and the namespace of its chart', () => {
  const cron = (target: 'okd 4.7' | 'okd 4.8') =>
    rendered((chart) => {
      kubeObject(chart, 'Cron', 'CronJob', {
        metadata: { name: 'nightly' },
        spec: { schedule: '0 1 * * *', jobTemplate: {} },
      });
    }, target).one('CronJob');
  expect(cron('okd 4.7')).toMatchObject({
    apiVersion: 'batch/v1beta1',
    metadata: { namespace: 'test' },
  });
  expect(cron('okd 4.8')).toMatchObject({ apiVersion: 'batch/v1' });
});

test('rejects a kind that the target does not have', () => {
  expect(() =>
    rendered((chart) => {
      kubeObject(chart, 'Driver', 'CSIDriver', { metadata: { name: 'nfs' }, spec: {} });
    }, 'okd 3.11'),
  ).toThrow("'okd 3.11' (Kubernetes 1.11) has no CSIDriver");
});

test('an object of a custom kind is rendered as it is, with what is only known later', () => {
  const names: string[] = [];
  const chart = chartFor();
  const object = customObject(chart, 'Custom', {
    apiVersion: 'example.org/v1',
    kind: 'Thing',
    metadata: { name: 'thing' },
    spec: { names: later(() => names.join(',')) },
  });
  names.push('a', 'b');
  expect(object.toJson()).toMatchObject({ kind: 'Thing', spec: { names: 'a,b' } });
});

test('rejects a chart without a namespace where one is needed', () => {
  const chart = new Chart(appFor(), 'lost');
  expect(() => namespaceOf(chart)).toThrow(
    new Error("'lost' stands in a chart without a namespace; give the stack one"),
  );
});

test.each([
  ['', 'Namespace', true],
  ['', 'Pod', false],
  ['storage.k8s.io', 'StorageClass', true],
  ['storage.k8s.io', 'CSIStorageCapacity', false],
  ['config.openshift.io', 'Ingress', true],
  ['networking.k8s.io', 'Ingress', false],
  ['security.openshift.io', 'SecurityContextConstraints', true],
  ['route.openshift.io', 'Route', false],
  ['example.org', 'Namespace', false],
])('%s %s is cluster-scoped: %s', (group, kind, expected) => {
  expect(isClusterScoped(group, kind)).toBe(expected);
});

test.each([
  ['okd 4.21', ['nonroot-v2']],
  ['okd 4.10', ['nonroot']],
  ['okd 3.11', ['nonroot']],
] as const)(
  'on %s a ServiceAccount may use the SCC %j in its namespace',
  (target, resourceNames) => {
    const granted = rendered((chart) => {
      const serviceAccount = { name: 'hub', namespace: 'test' };
      grantScc(chart, 'Scc', { scc: 'nonroot', part, serviceAccount });
    }, target);
    expect(granted.one('Role')).toMatchObject({
      rules: [{ resources: ['securitycontextconstraints'], verbs: ['use'], resourceNames }],
    });
    expect(granted.one('RoleBinding')).toMatchObject({
      metadata: { namespace: 'test' },
      subjects: [{ kind: 'ServiceAccount', name: 'hub', namespace: 'test' }],
    });
  },
);

test('there is nothing to grant where SCCs do not exist', () => {
  const granted = rendered((chart) => {
    grantScc(chart, 'Scc', {
      scc: 'nonroot',
      part,
      serviceAccount: { name: 'hub', namespace: 'test' },
    });
  });
  expect(granted.objects).toEqual([]);
});
