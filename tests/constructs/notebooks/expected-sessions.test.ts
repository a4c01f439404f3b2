import { Chart } from 'cdk8s';

import { expectedPodsOf } from '../../../constructs/kit/expected-pods';
import { sessionsOf } from '../../../constructs/notebooks/expected-sessions';
import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import { profileOverride } from '../../../constructs/notebooks/session-pods';
import { amountOf } from '../../../plan/difference/quantity';
import { chartFor } from '../../support/synth';
import { hub, share, small } from './support';

const gpu = {
  ...small,
  name: 'gpu',
  gpu: { kind: 'whole', count: 2 },
  nodes: { gpu: 'a100' },
} as const;

test('a hub says what a session of each profile will ask for, in its namespace', () => {
  const chart = chartFor('okd 4.21');
  const made = new JupyterHub(chart, 'Hub', { ...hub, profiles: [small] });
  expect(expectedPodsOf(made)).toEqual([
    { ...sessionsOf(hub, small), namespace: Chart.of(made).namespace },
  ]);
});

test('it is what KubeSpawner is told', () => {
  const told = profileOverride(chartFor('okd 4.21'), hub, gpu);
  const said = sessionsOf(hub, gpu);
  expect(said.requests).toMatchObject({ 'nvidia.com/gpu': '2' });
  expect(told).toMatchObject({
    cpu_guarantee: amountOf(said.requests['cpu']),
    cpu_limit: amountOf(said.limits['cpu']),
    mem_guarantee: amountOf(said.requests['memory']),
    mem_limit: amountOf(said.limits['memory']),
    extra_resource_limits: { 'nvidia.com/gpu': '2' },
    node_selector: said.nodes,
  });
});

test('each person gets a claim only where homes are claims', () => {
  expect(sessionsOf(hub, small)).toMatchObject({
    claim: { className: 'disk', size: '10Gi' },
    mounts: ['cvmfs-cms-cern-ch'],
  });
  const homes = { kind: 'share', share: share('homes', false) } as const;
  const shared = sessionsOf({ ...hub, homes }, small);
  expect(shared.claim).toBeUndefined();
  expect(shared.mounts).toEqual(['homes', 'cvmfs-cms-cern-ch']);
});
