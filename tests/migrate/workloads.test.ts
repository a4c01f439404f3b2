import type { JsonObject } from '../../plan/model';
import { usersOf } from '../../migrate/workloads';

type Owner = readonly [kind: string, name: string];

function object(kind: string, name: string, spec: JsonObject, owner?: Owner): JsonObject {
  const ownerReferences =
    owner === undefined
      ? []
      : [{ apiVersion: 'v1', kind: owner[0], name: owner[1], controller: true }];
  return { apiVersion: 'apps/v1', kind, metadata: { name, ownerReferences }, spec };
}
const podSpec = (claim: string): JsonObject => ({
  volumes: [{ name: 'v', persistentVolumeClaim: { claimName: claim } }],
});
const pod = (name: string, owner?: Owner): JsonObject =>
  object('Pod', name, podSpec('data'), owner);
const workload = (kind: string, name: string, owner?: Owner): JsonObject =>
  object(kind, name, { template: { spec: podSpec('data') } }, owner);

test('a pod is followed to the workload that made it', () => {
  const workloads = [
    workload('Deployment', 'web'),
    workload('ReplicaSet', 'web-1', ['Deployment', 'web']),
  ];
  expect(
    usersOf('data', { workloads, pods: [pod('web-1-x', ['ReplicaSet', 'web-1'])] }),
  ).toMatchObject({
    workloads: [{ kind: 'Deployment', name: 'web' }],
    problems: [],
  });
});

test('a workload without pods is found by its template, one with another claim is not', () => {
  expect(
    usersOf('data', { workloads: [workload('DaemonSet', 'agent')], pods: [] }).workloads,
  ).toHaveLength(1);
  expect(
    usersOf('other', { workloads: [workload('DaemonSet', 'agent')], pods: [] }).workloads,
  ).toEqual([]);
});

test('a StatefulSet is found by the names of its claims', () => {
  const set = object('StatefulSet', 'db', {
    volumeClaimTemplates: [{ metadata: { name: 'store' } }],
  });
  const used = (claim: string): number =>
    usersOf(claim, { workloads: [set], pods: [] }).workloads.length;
  expect([
    used('store-db-0'),
    used('store-db-12'),
    used('store-db-x'),
    used('store-other-0'),
  ]).toEqual([1, 1, 0, 0]);
});

test.each([
  ['a bare pod', [], pod('debug'), "pod 'debug' mounts it and belongs to no workload"],
  ['a Job', [], pod('once-x', ['Job', 'once']), "Job 'once' mounts it; wait until it has ended"],
  [
    "an operator's pod",
    [],
    pod('cluster-1', ['Cluster', 'cluster']),
    "belongs to Cluster 'cluster', which Beamline cannot stop",
  ],
  [
    "an operator's Deployment",
    [workload('Deployment', 'made', ['Registry', 'main'])],
    pod('made-1', ['Deployment', 'made']),
    "belongs to Registry 'main'",
  ],
  [
    'a StatefulSet that deletes its claims',
    [
      object('StatefulSet', 'db', {
        template: { spec: podSpec('data') },
        persistentVolumeClaimRetentionPolicy: { whenScaled: 'Delete' },
      }),
    ],
    pod('db-0', ['StatefulSet', 'db']),
    'deletes its claims when it is scaled down',
  ],
])('%s stands in the way', (_what, workloads, one, problem) => {
  expect(usersOf('data', { workloads, pods: [one] }).problems.join()).toContain(problem);
});

test('a Job of a CronJob does not: the CronJob is suspended and the Job ends', () => {
  const cron = object('CronJob', 'nightly', {
    jobTemplate: { spec: { template: { spec: podSpec('data') } } },
  });
  expect(
    usersOf('data', { workloads: [cron], pods: [pod('nightly-1-x', ['Job', 'nightly-1'])] }),
  ).toMatchObject({
    workloads: [{ kind: 'CronJob', name: 'nightly' }],
    problems: [],
  });
});
