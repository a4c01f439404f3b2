import { objectsOf } from '../../plan/model';
import { splitPlan } from '../../plan/split';
import { object, planOfChart } from '../support/plan';

test("what is of the cluster, and what grants an SCC, is the cluster admin's; the rest is the project's", () => {
  const scc = {
    rules: [{ apiGroups: ['security.openshift.io'], resources: ['x'], verbs: ['use'] }],
  };
  const bound = (name: string) => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    subjects: [],
  });
  const plan = planOfChart((chart) => {
    object(chart, 'v1 Namespace ns');
    object(chart, 'v1 ConfigMap settings', { data: {} });
    object(chart, 'rbac.authorization.k8s.io/v1 ClusterRole reads', { rules: [] });
    object(chart, 'rbac.authorization.k8s.io/v1 Role runs-scc', scc);
    object(chart, 'rbac.authorization.k8s.io/v1 RoleBinding runs-scc', bound('runs-scc'));
    object(chart, 'rbac.authorization.k8s.io/v1 Role runs', { rules: [] });
    object(chart, 'rbac.authorization.k8s.io/v1 RoleBinding runs', bound('runs'));
  });
  const { project, admin } = splitPlan(objectsOf(plan));
  const names = (objects: typeof project): string[] =>
    objects.map(({ manifest: { kind, metadata } }) => `${kind} ${metadata.name}`).sort();
  expect(names(admin)).toEqual([
    'ClusterRole reads',
    'Namespace ns',
    'Role runs-scc',
    'RoleBinding runs-scc',
  ]);
  expect(names(project)).toEqual(['ConfigMap settings', 'Role runs', 'RoleBinding runs']);
});
