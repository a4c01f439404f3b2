import type { Chart } from 'cdk8s';

import { expectPods, type ExpectedPods } from '../../../constructs/kit/expected-pods';
import { capacityOf, type Capacity } from '../../../review/capacity/capacity';
import { capacityFindings } from '../../../review/capacity/findings';
import type { Pool } from '../../../review/capacity/placement';
import { deploymentSpec, object, planOfChart, podSpec, type Fields } from '../../support/plan';

const GI = 2 ** 30;

function pool(name: string, count: number, more: Partial<Pool> = {}): Pool {
  const capacity = { cpu: 4, memory: 16 * GI, pods: 10 };
  return { name, count, capacity, reserved: { cpu: 0, memory: 0 }, labels: {}, ...more };
}

/** Pods that ask for that much. */
function asking(cpu: string, memory: string, pod: Fields = {}): Fields {
  const resources = { requests: { cpu, memory }, limits: { memory } };
  return podSpec(pod, { resources });
}

function deployment(chart: Chart, name: string, replicas: number, pod: Fields): void {
  object(chart, `apps/v1 Deployment ${name}`, { spec: { ...deploymentSpec(pod), replicas } });
}

const SESSION: ExpectedPods = {
  name: 'small',
  what: 'sessions',
  by: 'kubespawner',
  count: 'as-asked',
  labels: {},
  requests: { cpu: '1', memory: '5Gi' },
  limits: { cpu: '2', memory: '10Gi' },
};

function judged(
  build: (chart: Chart) => void,
  pools: readonly Pool[] | undefined,
): { readonly capacity: Capacity; readonly said: string[] } {
  const plan = planOfChart(build);
  const capacity = capacityOf(plan, pools);
  const said = capacityFindings(plan, capacity).map(
    ({ severity, rule, reason }) => `${severity} ${rule}: ${reason}`,
  );
  return { capacity, said };
}

test('whole sessions fit on single nodes, however much is left on all of them together', () => {
  const { capacity, said } = judged((chart) => expectPods(chart, SESSION), [pool('worker', 2)]);
  // 5 GiB go three times into the 16 GiB of a node.
  expect(capacity.sessions).toMatchObject([
    { name: 'small', least: { fit: 6, limit: 'nodes (worker): memory' }, onEmptyNodes: 6 },
  ]);
  expect(said).toEqual([]);
  const beside = judged(
    (chart) => {
      deployment(chart, 'web', 2, asking('100m', '2Gi'));
      expectPods(chart, SESSION);
    },
    [pool('worker', 2)],
  );
  expect(beside.capacity.sessions[0]?.least.fit).toBe(4);
});

test('what is reserved, what DaemonSets take and the pods of a node count', () => {
  const daemon = (chart: Chart): void => {
    object(chart, 'apps/v1 DaemonSet agent', { spec: deploymentSpec(asking('500m', '1Gi')) });
    expectPods(chart, { ...SESSION, requests: { cpu: '100m', memory: '1Gi' } });
  };
  const reserved = { cpu: 0, memory: 8 * GI };
  const { capacity } = judged(daemon, [pool('worker', 1, { reserved })]);
  expect(capacity.pools).toMatchObject([
    { allocatable: { memory: 8 * GI }, perNode: { cpu: 0.5, memory: GI, pods: 1 } },
  ]);
  expect(capacity.sessions[0]?.least).toEqual({ fit: 7, limit: 'nodes (worker): memory' });
  const few = judged(daemon, [
    pool('worker', 1, { capacity: { cpu: 4, memory: 16 * GI, pods: 5 } }),
  ]);
  expect(few.capacity.sessions[0]?.least).toEqual({ fit: 4, limit: 'nodes (worker): pods' });
});

test('autoscalers and Jobs make the difference between the least and the most', () => {
  const { capacity } = judged(
    (chart) => {
      deployment(chart, 'web', 1, asking('1', '1Gi'));
      object(chart, 'autoscaling/v2 HorizontalPodAutoscaler web', {
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas: 2,
          maxReplicas: 5,
        },
      });
      object(chart, 'batch/v1 CronJob dump', {
        spec: {
          schedule: '0 1 * * *',
          jobTemplate: { spec: { parallelism: 2, template: { spec: asking('1', '1Gi') } } },
        },
      });
      object(chart, 'batch/v1 CronJob never', {
        spec: {
          suspend: true,
          schedule: '0 1 * * *',
          jobTemplate: { spec: { template: { spec: asking('1', '1Gi') } } },
        },
      });
      expectPods(chart, SESSION);
    },
    [pool('worker', 2)],
  );
  expect(capacity.namespaces).toMatchObject([
    {
      namespace: 'ns',
      requests: { least: { cpu: 2, pods: 2 }, most: { cpu: 7, pods: 7 } },
      nowAndThen: { cpu: 2, pods: 2 },
    },
  ]);
  expect(capacity.sessions[0]).toMatchObject({ least: { fit: 6 }, most: { fit: 1 } });
});

test('a quota ends sessions first where it is smaller, homes too', () => {
  const withQuota =
    (hard: Fields) =>
    (chart: Chart): void => {
      object(chart, 'v1 ResourceQuota tenant', { spec: { hard } });
      object(chart, 'v1 PersistentVolumeClaim database', {
        spec: { storageClassName: '', resources: { requests: { storage: '10Gi' } } },
      });
      deployment(chart, 'hub', 1, asking('1', '1Gi'));
      expectPods(chart, { ...SESSION, claim: { className: 'homes', size: '20Gi' } });
    };
  const fitWith = (hard: Fields) =>
    judged(withQuota(hard), [pool('worker', 9)]).capacity.sessions[0]?.least;
  expect(fitWith({ 'requests.cpu': '5' })).toEqual({
    fit: 4,
    limit: 'ns/resourcequota/tenant: requests.cpu',
  });
  expect(fitWith({ 'limits.memory': '21Gi' })).toEqual({
    fit: 2,
    limit: 'ns/resourcequota/tenant: limits.memory',
  });
  expect(fitWith({ 'requests.storage': '75Gi' })).toEqual({
    fit: 3,
    limit: 'ns/resourcequota/tenant: requests.storage',
  });
  expect(fitWith({ 'homes.storageclass.storage.k8s.io/requests.storage': '20Gi' })?.fit).toBe(1);
  expect(fitWith({ persistentvolumeclaims: '2' })?.fit).toBe(1);
  expect(fitWith({ 'services.nodeports': '0' })).toEqual({
    fit: 27,
    limit: 'nodes (worker): memory',
  });
});

test('sessions with GPUs go where the GPUs are', () => {
  const gpu: ExpectedPods = {
    ...SESSION,
    name: 'gpu',
    requests: { ...SESSION.requests, 'nvidia.com/gpu': '1' },
    nodes: { gpu: 'a100' },
  };
  const pools = [
    pool('worker', 5),
    pool('gpu', 2, {
      labels: { gpu: 'a100' },
      capacity: { cpu: 4, memory: 16 * GI, pods: 10, 'nvidia.com/gpu': 2 },
    }),
  ];
  const { capacity } = judged((chart) => expectPods(chart, gpu), pools);
  expect(capacity.sessions[0]?.least).toEqual({ fit: 4, limit: 'nodes (gpu): nvidia.com/gpu' });
  const none = judged((chart) => expectPods(chart, gpu), [pool('worker', 5)]);
  expect(none.said).toEqual([
    "error capacity/no-node: not one of the sessions 'gpu' in 'ns', which ask for 1 of cpu and 5 GiB of memory and 1 of nvidia.com/gpu each, can start: nodes: none has the labels that they need",
  ]);
});

test('without nodes, all is added up and nothing is found', () => {
  const { capacity, said } = judged((chart) => {
    deployment(chart, 'web', 2, asking('100', '2Ti'));
    expectPods(chart, SESSION);
  }, undefined);
  expect(capacity.pools).toBeUndefined();
  expect(capacity.namespaces[0]?.requests.least).toEqual({ cpu: 200, memory: 2 ** 42, pods: 2 });
  expect(capacity.sessions[0]).toMatchObject({ least: { fit: null }, onEmptyNodes: null });
  expect(said).toEqual([]);
});

test.each<[string, (chart: Chart) => void, string]>([
  [
    'a pod larger than any node',
    (chart) => deployment(chart, 'web', 1, asking('8', '1Gi')),
    'error capacity/no-node: no node takes a pod that asks for 8 of cpu and 1 GiB of memory, even an empty one with the labels that it needs',
  ],
  [
    'labels that no node has',
    (chart) => deployment(chart, 'web', 1, asking('1', '1Gi', { nodeSelector: { disk: 'ssd' } })),
    'error capacity/no-node: no node takes a pod that asks for 1 of cpu and 1 GiB of memory, even an empty one with the labels that it needs',
  ],
  [
    'more pods than there is room for',
    (chart) => deployment(chart, 'web', 5, asking('2', '1Gi')),
    'error capacity/over-committed: 1 of 5 pods that ask for 2 of cpu and 1 GiB of memory each find no room on the nodes beside what else always runs',
  ],
  [
    'pods that must stand apart on fewer nodes',
    (chart) =>
      deployment(
        chart,
        'web',
        3,
        asking('1', '1Gi', { hostNetwork: true, containers: [HOST_PORT] }),
      ),
    'error capacity/over-committed: 1 of 3 pods that ask for 1 of cpu and 1 GiB of memory each find no room on the nodes beside what else always runs',
  ],
  [
    'an autoscaler that ends beyond the nodes',
    (chart) => {
      deployment(chart, 'web', 1, asking('2', '1Gi'));
      object(chart, 'autoscaling/v2 HorizontalPodAutoscaler web', {
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          maxReplicas: 6,
        },
      });
    },
    'warning capacity/over-committed: 2 of 6 pods that ask for 2 of cpu and 1 GiB of memory each find no room when autoscalers are at their end and all Jobs run',
  ],
  [
    'quotas that promise more than there is',
    (chart) => {
      object(chart, 'v1 ResourceQuota tenant', {
        spec: { hard: { 'requests.cpu': '9', 'requests.memory': '32Gi' } },
      });
    },
    "warning capacity/cpu-promised-twice: quotas promise 9 of cpu, and the nodes have 8 for pods: 'ns' 9",
  ],
  [
    'nodes too full for a session',
    (chart) => {
      deployment(chart, 'web', 2, asking('1', '14Gi'));
      expectPods(chart, SESSION);
    },
    "warning capacity/no-session: not one of the sessions 'small' in 'ns', which ask for 1 of cpu and 5 GiB of memory each, can start: nodes (worker): memory",
  ],
])('%s is found', (_, build, expected) => {
  expect(judged(build, [pool('worker', 2)]).said).toEqual([expected]);
});

const HOST_PORT = {
  name: 'server',
  image: 'example.org/server:1',
  ports: [{ name: 'http', containerPort: 80 }],
  resources: { requests: { cpu: '1', memory: '1Gi' } },
};

test('pods that operators make stand on the nodes, too', () => {
  const { capacity } = judged(
    (chart) => expectPods(chart, { ...SESSION, name: 'osd', by: 'rook', count: 3, apart: true }),
    [pool('worker', 3)],
  );
  expect(capacity.pools).toMatchObject([{ used: { least: { cpu: 3, memory: 15 * GI, pods: 3 } } }]);
  expect(capacity.placement?.least.nodes.map(({ used }) => used['pods'])).toEqual([1, 1, 1]);
});
