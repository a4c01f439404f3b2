import type { Chart } from 'cdk8s';

import { expectPods, type ExpectedPods } from '../../../constructs/kit/expected-pods';
import { capacityOf, type Capacity } from '../../../review/capacity/capacity';
import { capacityFindings } from '../../../review/capacity/findings';
import type { Pool } from '../../../review/capacity/placement';
import { object, planOfChart } from '../../support/plan';

const GI = 2 ** 30;

function pool(count: number, more: Partial<Pool> = {}): Pool {
  const capacity = { cpu: 10, memory: 40 * GI, pods: 100 };
  return {
    name: 'worker',
    count,
    capacity,
    reserved: { cpu: 0, memory: 0 },
    labels: {},
    ...more,
  };
}

const SESSION: ExpectedPods = {
  name: 'small',
  what: 'sessions',
  by: 'kubespawner',
  count: 'as-asked',
  labels: {},
  requests: { cpu: '1', memory: '4Gi' },
  limits: { memory: '4Gi' },
};

/** Workers in the namespace of a tenant. */
function workers(namespace: string, more: Partial<ExpectedPods> = {}): ExpectedPods {
  return {
    ...SESSION,
    name: 'usual',
    what: 'Dask workers',
    by: 'dask-gateway',
    namespace,
    requests: { cpu: '2', memory: '4Gi' },
    limits: { memory: '8Gi' },
    ...more,
  };
}

function quota(chart: Chart, namespace: string, hard: Record<string, string>): void {
  object(chart, `v1 ResourceQuota ${namespace}-quota`, {
    metadata: { name: `${namespace}-quota`, namespace },
    spec: { hard },
  });
}

function judged(build: (chart: Chart) => void, pools: readonly Pool[] | undefined) {
  const plan = planOfChart(build);
  const capacity = capacityOf(plan, pools);
  const said = capacityFindings(plan, capacity).map(
    ({ severity, rule, reason }) => `${severity} ${rule}: ${reason}`,
  );
  return { capacity, said };
}

function row({ sessions }: Capacity, namespace: string, name: string) {
  return sessions.find((one) => one.namespace === namespace && one.name === name);
}

test('sessions have what Dask leaves when it holds all that its quota lets in', () => {
  const { capacity, said } = judged(
    (chart) => {
      quota(chart, 'cms', { 'requests.cpu': '12' });
      expectPods(chart, SESSION);
      expectPods(chart, workers('cms'));
    },
    [pool(2)],
  );
  expect(row(capacity, 'ns', 'small')).toMatchObject({
    least: { fit: 20 },
    most: { fit: 20 },
    // Six workers of two cores, three on each of two nodes of ten cores.
    crowded: { fit: 8, limit: 'nodes (worker): cpu' },
  });
  expect(capacity.asked).toMatchObject([
    {
      namespace: 'cms',
      what: 'Dask workers',
      pods: { fit: 6, limit: 'cms/resourcequota/cms-quota: requests.cpu' },
      requests: { cpu: 12, memory: 24 * GI, pods: 6 },
    },
    { namespace: 'ns', what: 'sessions', pods: { fit: null }, requests: undefined },
  ]);
  // Nothing bounds the sessions, so the workers may come too late.
  expect(said).toMatchObject([expect.stringMatching(/crowded-out: not one of the Dask workers/)]);
});

test('it holds the other way round: workers have what sessions leave', () => {
  const { capacity } = judged(
    (chart) => {
      quota(chart, 'ns', { pods: '10' });
      expectPods(chart, SESSION);
      expectPods(chart, workers('cms'));
    },
    [pool(2)],
  );
  expect(row(capacity, 'cms', 'usual')).toMatchObject({ least: { fit: 10 }, crowded: { fit: 4 } });
});

test('pods of their own namespace crowd nobody out: they share one quota, and each row is for itself', () => {
  const { capacity } = judged(
    (chart) => {
      expectPods(chart, SESSION);
      expectPods(chart, { ...SESSION, name: 'large', requests: { cpu: '5', memory: '8Gi' } });
    },
    [pool(2)],
  );
  expect(row(capacity, 'ns', 'small')?.crowded).toEqual(row(capacity, 'ns', 'small')?.most);
});

test('the sort that weighs most is taken first, and what is left of the quota by the others', () => {
  const { capacity } = judged(
    (chart) => {
      quota(chart, 'cms', { 'requests.cpu': '15' });
      expectPods(chart, SESSION);
      expectPods(chart, workers('cms', { name: 'thin', requests: { cpu: '1', memory: '1Gi' } }));
      expectPods(chart, workers('cms', { name: 'fat', requests: { cpu: '4', memory: '16Gi' } }));
    },
    [pool(2)],
  );
  // Three of 4 cores and three of 1 fill the 15 cores.
  expect(row(capacity, 'ns', 'small')?.crowded.fit).toBe(5);
  expect(capacity.asked[0]).toMatchObject({ name: 'fat', pods: { fit: 3 } });
});

test('what takes nodes of its own crowds nobody out, and what finds none of them takes no quota', () => {
  const own = { pool: 'dask' };
  const build = (chart: Chart): void => {
    quota(chart, 'cms', { 'requests.cpu': '20' });
    expectPods(chart, SESSION);
    expectPods(chart, workers('cms', { nodes: own }));
    expectPods(chart, workers('cms', { name: 'thin', requests: { cpu: '1', memory: '1Gi' } }));
  };
  const with2 = judged(build, [pool(1), pool(2, { name: 'dask', labels: own })]);
  expect(row(with2.capacity, 'ns', 'small')).toMatchObject({
    least: { fit: 30 },
    crowded: { fit: 10, limit: 'nodes (worker, dask): cpu' },
  });
  const none = judged(build, [pool(3)]);
  expect(row(none.capacity, 'ns', 'small')?.crowded.fit).toBe(10);
});

test('a quota that the site keeps, and that is in no plan, counts as its owner says', () => {
  const { capacity } = judged(
    (chart) => {
      expectPods(chart, SESSION);
      expectPods(chart, workers('given', { within: { 'requests.cpu': '4' } }));
    },
    [pool(1)],
  );
  expect(capacity.asked[0]).toMatchObject({
    namespace: 'given',
    pods: { fit: 2, limit: "what dask-gateway may make in 'given': requests.cpu" },
  });
  expect(row(capacity, 'ns', 'small')?.crowded.fit).toBe(6);
});

test('pods that nothing bounds take all nodes, and that is found', () => {
  const { capacity, said } = judged(
    (chart) => {
      expectPods(chart, SESSION);
      expectPods(chart, workers('cms', { requests: { cpu: '1', memory: '4Gi' } }));
      quota(chart, 'ns', { pods: '3' });
    },
    [pool(1)],
  );
  expect(row(capacity, 'ns', 'small')?.crowded.fit).toBe(0);
  expect(said).toEqual([
    "warning capacity/crowded-out: not one of the sessions 'small' in 'ns' can start when others hold all they may " +
      "('cms': Dask workers 'usual', which no quota bounds): nodes (worker): cpu",
  ]);
});

test('without nodes, quotas alone say how many; no other namespace counts', () => {
  const { capacity, said } = judged((chart) => {
    quota(chart, 'ns', { pods: '3' });
    quota(chart, 'cms', { 'limits.memory': '16Gi' });
    expectPods(chart, SESSION);
    expectPods(chart, workers('cms'));
  }, undefined);
  expect(row(capacity, 'ns', 'small')?.crowded.fit).toBe(3);
  expect(capacity.asked).toMatchObject([{ pods: { fit: 2 } }, { pods: { fit: 3 } }]);
  expect(said).toEqual([]);
});

test('pods that a program makes now and then count at the most', () => {
  const job: ExpectedPods = { ...SESSION, name: 'nightly', count: 3, running: 'now-and-then' };
  const { capacity } = judged(
    (chart) => {
      expectPods(chart, job);
      expectPods(chart, SESSION);
    },
    [pool(1)],
  );
  expect(capacity.namespaces).toMatchObject([
    {
      requests: { least: {}, most: { cpu: 3, pods: 3 } },
      nowAndThen: { cpu: 3, pods: 3 },
    },
  ]);
  expect(row(capacity, 'ns', 'small')).toMatchObject({ least: { fit: 10 }, most: { fit: 7 } });
});
