import { objectsOf } from '../../plan/model';
import { withinCluster } from '../../plan/within-cluster';
import { object, planOfChart } from '../support/plan';

test('leaves out what is inside a Harbor, and waits for none of it', () => {
  const plan = planOfChart((chart) => {
    const project = object(chart, 'harbor.beamline/v1 HarborProject cms', { spec: {} });
    object(chart, 'v1 ConfigMap after').node.addDependency(project);
  });
  expect(objectsOf(plan)).toHaveLength(2);
  const rest = withinCluster(plan);
  expect(rest.steps).toMatchObject([{ id: 'ns/configmap/after', dependsOn: [] }]);
});

test('a plan that is all in the cluster stays the same', () => {
  const plan = planOfChart((chart) => void object(chart, 'v1 ConfigMap only'));
  expect(withinCluster(plan)).toBe(plan);
});
