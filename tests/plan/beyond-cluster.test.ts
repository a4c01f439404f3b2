import { objectsOf } from '../../plan/model';
import { isBeyond, towardsStandIn } from '../../plan/beyond-cluster';
import { object, planOfChart } from '../support/plan';

test('sends what is inside a Harbor to the stand-in, and leaves the rest as it is', () => {
  const connection = { url: 'https://registry.example.org', username: 'admin', password: 'p' };
  const plan = planOfChart((chart) => {
    const project = object(chart, 'harbor.beamline/v1 HarborProject cms', { connection, spec: {} });
    object(chart, 'v1 ConfigMap after').node.addDependency(project);
  });
  const moved = towardsStandIn(plan, 'http://127.0.0.1:1234');
  const [project, after] = objectsOf(moved);
  expect(project?.manifest['connection']).toEqual({
    ...connection,
    url: 'http://127.0.0.1:1234/registry.example.org',
  });
  expect(after).toBe(objectsOf(plan)[1]);
  expect(moved.steps.map(isBeyond)).toEqual([true, false]);
});

test('a plan that is all in the cluster stays the same', () => {
  const plan = planOfChart((chart) => void object(chart, 'v1 ConfigMap only'));
  expect(towardsStandIn(plan, 'http://127.0.0.1:1234')).toBe(plan);
});
