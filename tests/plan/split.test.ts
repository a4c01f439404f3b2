import { objectsOf } from '../../plan/model';
import { deployedPart, splitPlan } from '../../plan/split';
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

describe('what the admin of a project deploys', () => {
  const rights = { projectAdmin: 'ns' };

  test('is all of it with the rights of the cluster admin', () => {
    const plan = planOfChart((chart) => object(chart, 'v1 Namespace ns'));
    expect(deployedPart(plan, 'cluster-admin')).toBe(plan);
  });

  test('is the part of the project, which keeps its order across what is left out', () => {
    const plan = planOfChart((chart) => {
      const first = object(chart, 'v1 ConfigMap first', { data: {} });
      const between = object(chart, 'rbac.authorization.k8s.io/v1 ClusterRole reads', {
        rules: [],
      });
      const last = object(chart, 'v1 ConfigMap last', { data: {} });
      between.node.addDependency(first);
      last.node.addDependency(between);
    });
    const steps = deployedPart(plan, rights).steps.map(({ id, dependsOn }) => ({ id, dependsOn }));
    expect(steps).toEqual([
      { id: 'ns/configmap/first', dependsOn: [] },
      { id: 'ns/configmap/last', dependsOn: ['ns/configmap/first'] },
    ]);
  });

  test('is refused when some of it is in a namespace that is not his', () => {
    const plan = planOfChart((chart) => object(chart, 'v1 ConfigMap settings', { data: {} }));
    expect(() => deployedPart(plan, { projectAdmin: 'mine' })).toThrow(
      "deployed by the admin of the project 'mine', who cannot make 'ns/configmap/settings'",
    );
  });
});
