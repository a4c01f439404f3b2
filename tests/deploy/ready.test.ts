import type { ReadyWhen } from '../../constructs/kit/hints';
import { isHopeless, unready } from '../../deploy/ready';
import type { JsonObject, PlannedObject } from '../../plan/model';
import { plannedAlone } from '../support/plan';

/** Any object with this notion of ready. What it is itself does not matter: the live object is looked at. */
function waiting(ready: ReadyWhen): PlannedObject {
  return { ...plannedAlone('v1 ConfigMap x'), ready };
}
const rollout = waiting({ kind: 'rollout' });
const condition = (type: string, status: string, words: object = {}): JsonObject => ({
  type,
  status,
  ...words,
});
const live = (kind: string, status: object, spec: object = {}, generation = 2): JsonObject => ({
  kind,
  metadata: { name: 'x', generation },
  spec: { ...spec },
  status: { ...status },
});
const seen = { observedGeneration: 2 };

test('an object that is not there is not ready', () => {
  expect(unready(waiting({ kind: 'exists' }), undefined)).toBe('is not in the cluster');
});

test('an object that only has to be there is ready as soon as it is', () => {
  expect(unready(waiting({ kind: 'exists' }), live('Deployment', {}))).toBeUndefined();
});

const DEPLOYED = { ...seen, updatedReplicas: 3, availableReplicas: 3, replicas: 3 };
const FULL_SET = { ...seen, updatedReplicas: 3, readyReplicas: 3 };
const DAEMONS = {
  ...seen,
  desiredNumberScheduled: 2,
  updatedNumberScheduled: 2,
  numberAvailable: 2,
};

test.each([
  ['Deployment', DEPLOYED, { replicas: 3 }],
  ['Deployment', { ...seen }, { replicas: 0 }],
  ['Deployment', { ...seen, updatedReplicas: 1, availableReplicas: 1, replicas: 1 }, {}],
  ['StatefulSet', FULL_SET, { replicas: 3 }],
  ['DaemonSet', DAEMONS, {}],
  ['DaemonSet', { ...seen }, {}],
  ['Job', { conditions: [condition('Complete', 'True')] }, {}],
  ['Pod', { phase: 'Succeeded' }, {}],
  ['Pod', { phase: 'Running', conditions: [condition('Ready', 'True')] }, {}],
  ['Service', { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } }, { type: 'LoadBalancer' }],
  ['Service', {}, { type: 'ClusterIP' }],
  ['ConfigMap', {}, {}],
  ['PersistentVolumeClaim', { phase: 'Pending' }, {}],
])('%s with %j is ready', (kind, status, spec) => {
  expect(unready(rollout, live(kind, status, spec))).toBeUndefined();
});

test.each([
  [
    'Deployment',
    { ...DEPLOYED, observedGeneration: 1 },
    { replicas: 3 },
    'its newest version was not picked up yet',
  ],
  [
    'Deployment',
    { ...DEPLOYED, availableReplicas: 1 },
    { replicas: 3 },
    '1 of 3 pods are up to date and available',
  ],
  [
    'Deployment',
    { ...DEPLOYED, updatedReplicas: 2 },
    { replicas: 3 },
    '2 of 3 pods are up to date and available',
  ],
  [
    'Deployment',
    { ...DEPLOYED, replicas: 4 },
    { replicas: 3 },
    '3 of 3 pods are up to date and available, old ones are going',
  ],
  ['Deployment', {}, { replicas: 1 }, 'its newest version was not picked up yet'],
  [
    'Deployment',
    {
      ...DEPLOYED,
      availableReplicas: 0,
      conditions: [
        condition('Progressing', 'False', {
          reason: 'ProgressDeadlineExceeded',
          message: 'ReplicaSet "x" has timed out progressing.',
        }),
      ],
    },
    { replicas: 3 },
    'ReplicaSet "x" has timed out progressing.',
  ],
  [
    'StatefulSet',
    { ...FULL_SET, readyReplicas: 2 },
    { replicas: 3 },
    '2 of 3 pods are up to date and available',
  ],
  [
    'StatefulSet',
    { ...FULL_SET, observedGeneration: 1 },
    { replicas: 3 },
    'its newest version was not picked up yet',
  ],
  ['DaemonSet', { ...DAEMONS, numberAvailable: 1 }, {}, '1 of 2 pods are available'],
  ['DaemonSet', { ...DAEMONS, updatedNumberScheduled: 0 }, {}, '0 of 2 pods are available'],
  ['Job', {}, {}, 'has not finished'],
  [
    'Job',
    {
      conditions: [
        condition('Failed', 'True', { message: 'Job has reached the specified backoff limit' }),
      ],
    },
    {},
    'failed: Job has reached the specified backoff limit',
  ],
  ['Pod', { phase: 'Pending' }, {}, 'condition Ready is not set'],
  [
    'Pod',
    {
      conditions: [
        condition('Ready', 'False', {
          reason: 'ContainersNotReady',
          message: 'containers with unready status: [server]',
        }),
      ],
    },
    {},
    'condition Ready is False: containers with unready status: [server]',
  ],
  ['Service', { loadBalancer: {} }, { type: 'LoadBalancer' }, 'has no load balancer address'],
])('%s with %j is not ready, and says why', (kind, status, spec, why) => {
  expect(unready(rollout, live(kind, status, spec))).toBe(why);
});

test.each([
  [[condition('Established', 'True')], undefined],
  [[condition('Other', 'True')], 'condition Established is not set'],
  [
    [condition('Established', 'False', { reason: 'Installing' })],
    'condition Established is False: Installing',
  ],
  [[condition('Established', 'Unknown')], 'condition Established is Unknown'],
])('a definition with %j: %s', (conditions, why) => {
  const definition = waiting({ kind: 'condition', type: 'Established' });
  expect(unready(definition, live('CustomResourceDefinition', { conditions }))).toBe(why);
});

test.each([
  [{ phase: 'Ready' }, undefined],
  [{ phase: 'Progressing' }, "status.phase is 'Progressing', not 'Ready'"],
  [{}, "status.phase is not set, not 'Ready'"],
  [{ phase: { odd: 1 } }, "status.phase is '{\"odd\":1}', not 'Ready'"],
])('a Ceph cluster with %j: %s', (status, why) => {
  const cluster = waiting({ kind: 'field', path: 'status.phase', value: 'Ready' });
  expect(unready(cluster, live('CephCluster', status))).toBe(why);
});

describe('a Route', () => {
  const path = 'status.ingress[*].conditions[?(@.type=="Admitted")].status';
  const route = waiting({ kind: 'field', path, value: 'True' });
  const admitted = (...statuses: string[]): JsonObject =>
    live('Route', {
      ingress: statuses.map((status) => ({
        conditions: [condition('Admitted', status), condition('Other', 'False')],
      })),
    });

  test.each([
    [['True'], undefined],
    [['True', 'True'], undefined],
    [['True', 'False'], `${path} is 'True, False', not 'True'`],
    [[], `${path} is not set, not 'True'`],
  ])('that routers answered with %j: %s', (statuses, why) => {
    expect(unready(route, admitted(...statuses))).toBe(why);
  });
});

test('a number or a truth is compared by how it is written', () => {
  const field = (value: string): PlannedObject =>
    waiting({ kind: 'field', path: 'status.value', value });
  expect(unready(field('3'), live('X', { value: 3 }))).toBeUndefined();
  expect(unready(field('true'), live('X', { value: true }))).toBeUndefined();
  expect(unready(field('true'), live('X', { value: false }))).toBe(
    "status.value is 'false', not 'true'",
  );
});

test.each([
  ['Job', { conditions: [condition('Failed', 'True')] }, true],
  ['Job', {}, false],
  [
    'Deployment',
    { conditions: [condition('Progressing', 'False', { reason: 'ProgressDeadlineExceeded' })] },
    true,
  ],
  [
    'Deployment',
    { conditions: [condition('Progressing', 'True', { reason: 'ReplicaSetUpdated' })] },
    false,
  ],
  ['StatefulSet', {}, false],
])('%s with %j is beyond hope: %s', (kind, status, hopeless) => {
  expect(isHopeless(rollout, live(kind, status))).toBe(hopeless);
  expect(isHopeless(waiting({ kind: 'exists' }), live(kind, status))).toBe(false);
  expect(isHopeless(rollout, undefined)).toBe(false);
});
