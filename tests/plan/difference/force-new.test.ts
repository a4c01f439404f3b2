import { forcesNew } from '../../../plan/difference/force-new';
import { pathSegments } from '../../../plan/difference/property-path';
import { plannedAlone } from '../../support/plan';

const replaced = (what: string, path: string, fields: object = {}): boolean =>
  forcesNew(plannedAlone(what, { ...fields }), pathSegments(path));

test.each([
  ['v1 ConfigMap x', 'metadata.name'],
  ['v1 ConfigMap x', 'metadata.namespace'],
  ['apps/v1 Deployment x', 'spec.selector.matchLabels.app'],
  ['apps/v1 Deployment x', 'spec.selector'],
  ['apps/v1 Deployment x', 'spec'],
  ['apps/v1 DaemonSet x', 'spec.selector'],
  ['apps/v1 StatefulSet x', 'spec.serviceName'],
  ['apps/v1 StatefulSet x', 'spec.volumeClaimTemplates[0].spec.resources.requests.storage'],
  ['batch/v1 Job x', 'spec.template.spec.containers[0].image'],
  ['rbac.authorization.k8s.io/v1 RoleBinding x', 'roleRef.name'],
  ['storage.k8s.io/v1 StorageClass x', 'provisioner'],
  ['storage.k8s.io/v1 StorageClass x', 'parameters.pool'],
  ['storage.k8s.io/v1 StorageClass x', 'reclaimPolicy'],
  ['v1 PersistentVolume x', 'spec.nfs.server'],
  ['v1 PersistentVolumeClaim x', 'spec.accessModes[0]'],
  ['v1 PersistentVolumeClaim x', 'spec.volumeMode'],
  ['v1 Pod x', 'spec.containers[0].image'],
  ['v1 Secret x', 'type'],
  ['v1 Service x', 'spec.clusterIP'],
  ['scheduling.k8s.io/v1 PriorityClass x', 'value'],
])('%s: a change of %s makes a new object', (what, path) => {
  const fields = what.includes('RoleBinding')
    ? { roleRef: { kind: 'ClusterRole', name: 'view' } }
    : {};
  expect(replaced(what, path, fields)).toBe(true);
});

test.each([
  ['v1 ConfigMap x', 'data.a'],
  ['v1 ConfigMap x', 'metadata.labels.name'],
  ['apps/v1 Deployment x', 'spec.replicas'],
  ['apps/v1 Deployment x', 'spec.template.spec.containers[0].image'],
  ['apps/v1 StatefulSet x', 'spec.replicas'],
  ['v1 PersistentVolumeClaim x', 'spec.resources.requests.storage'],
  ['policy/v1 PodDisruptionBudget x', 'spec.minAvailable'],
  ['v1 Secret x', 'data.a'],
  ['v1 Service x', 'spec.ports[0].port'],
  ['v1 Service x', 'spec.clusterIPs[0]'],
  ['example.org/v1 Service x', 'spec.clusterIP'],
])('%s: a change of %s is made in place', (what, path) => {
  expect(replaced(what, path)).toBe(false);
});

test('what is immutable by its own word can only be made anew', () => {
  expect(replaced('v1 ConfigMap x', 'data.a', { immutable: true })).toBe(true);
  expect(replaced('v1 ConfigMap x', 'binaryData.a', { immutable: true })).toBe(true);
  expect(replaced('v1 ConfigMap x', 'metadata.labels.a', { immutable: true })).toBe(false);
  expect(replaced('v1 Secret x', 'stringData.a', { immutable: true })).toBe(true);
  expect(replaced('v1 Secret x', 'data.a', { immutable: false })).toBe(false);
  expect(replaced('example.org/v1 Thing x', 'data.a', { immutable: true })).toBe(false);
});
