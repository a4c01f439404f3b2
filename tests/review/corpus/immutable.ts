import { change, type Case } from './case';
import * as a from './objects';
import type { Manifest } from '../../../plan/model';

const of = (apiVersion: string, kind: string, fields: a.Fields, name = 'corpus'): Manifest => ({
  apiVersion,
  kind,
  metadata: { name },
  ...fields,
});
const inside = (apiVersion: string, kind: string, fields: a.Fields): Manifest => ({
  apiVersion,
  kind,
  metadata: { name: 'it', namespace: a.NS },
  ...fields,
});
const local = (node: string): Manifest =>
  a.volume({
    nfs: undefined,
    local: { path: '/disk' },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [node] }] },
        ],
      },
    },
  });
const indexed = { completionMode: 'Indexed', completions: 2 };
const failure = (code: number): a.Fields => ({
  podFailurePolicy: {
    rules: [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [code] } }],
  },
});

/** One change of each field that only a new object can have, as `plan/lifecycle.ts` and the provider's table say. */
export const IMMUTABLE: readonly Case[] = [
  change(
    'binding mode of a class',
    [a.storageClass()],
    [a.storageClass({ volumeBindingMode: 'WaitForFirstConsumer' })],
  ),
  change(
    'parameters of a class',
    [a.storageClass()],
    [a.storageClass({ parameters: { pool: 'hdd' } })],
  ),
  change('attachRequired of a driver', [a.csiDriver()], [a.csiDriver({ attachRequired: false })]),
  change(
    'lifecycle modes of a driver',
    [a.csiDriver({ volumeLifecycleModes: ['Persistent'] })],
    [a.csiDriver({ volumeLifecycleModes: ['Ephemeral'] })],
  ),
  change('value of a priority class', [a.priorityClass()], [a.priorityClass({ value: 2000 })]),
  change(
    'preemption of a priority class',
    [a.priorityClass()],
    [a.priorityClass({ preemptionPolicy: 'Never' })],
  ),
  change(
    'handler of a runtime class',
    [of('node.k8s.io/v1', 'RuntimeClass', { handler: 'runc' })],
    [of('node.k8s.io/v1', 'RuntimeClass', { handler: 'kata' })],
  ),
  change('node of a local volume', [local('a')], [local('b')]),
  change('mode of a volume', [a.volume()], [a.volume({ volumeMode: 'Block' })]),
  change(
    'data source of a claim',
    [a.claim()],
    [a.claim({ dataSource: { kind: 'PersistentVolumeClaim', name: 'other' } })],
  ),
  change('failure policy of a Job', [a.job({}, failure(1))], [a.job({}, failure(2))]),
  change(
    'success policy of a Job',
    [a.job({}, { ...indexed, successPolicy: { rules: [{ succeededCount: 1 }] } })],
    [a.job({}, { ...indexed, successPolicy: { rules: [{ succeededCount: 2 }] } })],
  ),
  change(
    'manager of a Job',
    [a.job({}, { managedBy: 'example.org/one' })],
    [a.job({}, { managedBy: 'example.org/two' })],
  ),
  change('completions of a Job', [a.job({}, { completions: 1 })], [a.job({}, { completions: 2 })]),
  change('selector of a ReplicaSet', [replicaSet('one')], [replicaSet('two')]),
  change(
    'address type of an EndpointSlice',
    [inside('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [] })],
    [inside('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv6', endpoints: [] })],
  ),
  change('topology of a storage capacity', [capacity('a')], [capacity('b')]),
  change('driver of an attributes class', [attributes('one')], [attributes('two')]),
  change(
    'role of a binding',
    [a.binding('view', a.group('people'))],
    [a.binding('edit', a.group('people'))],
  ),
  change('scopes of a quota', [scoped('Terminating')], [scoped('NotTerminating')]),
  change(
    'data of an immutable ConfigMap',
    [{ ...a.configMap({ level: 'info' }), immutable: true }],
    [{ ...a.configMap({ level: 'debug' }), immutable: true }],
  ),
  change(
    'service of a StatefulSet',
    [a.statefulSet()],
    [a.statefulSet(undefined, { serviceName: 'other' })],
  ),
  change(
    'pod management of a StatefulSet',
    [a.statefulSet()],
    [a.statefulSet(undefined, { podManagementPolicy: 'Parallel' })],
  ),
];

function replicaSet(app: string): Manifest {
  return inside('apps/v1', 'ReplicaSet', {
    spec: {
      selector: { matchLabels: { app } },
      template: { metadata: { labels: { app } }, spec: { containers: [a.container()] } },
    },
  });
}

function capacity(zone: string): Manifest {
  return inside('storage.k8s.io/v1', 'CSIStorageCapacity', {
    storageClassName: 'corpus-fast',
    capacity: '1Gi',
    nodeTopology: { matchLabels: { zone } },
  });
}

function attributes(driver: string): Manifest {
  return of('storage.k8s.io/v1', 'VolumeAttributesClass', {
    driverName: `${driver}.example.org`,
    parameters: { iops: '1' },
  });
}

function scoped(scope: string): Manifest {
  return inside('v1', 'ResourceQuota', { spec: { hard: { pods: '10' }, scopes: [scope] } });
}
