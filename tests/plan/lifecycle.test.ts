import type { ObjectHints } from '../../constructs/kit/hints';
import { hint } from '../../constructs/kit/hints';
import { deploymentSpec, object, planned, plannedAlone, planOfChart } from '../support/plan';

const LEFT_ALONE = {
  protect: false,
  retainOnDelete: false,
  replaceOnChanges: [],
  ignoreChanges: [],
};
const HELD = { protect: true, retainOnDelete: true };
const ROLLOUT = { kind: 'rollout' };
const READY = { kind: 'field', path: 'status.phase', value: 'Ready' };

test.each([
  ['v1 Namespace x', { protect: true, retainOnDelete: false }],
  ['v1 PersistentVolumeClaim x', HELD],
  ['v1 PersistentVolume x', HELD],
  ['apiextensions.k8s.io/v1 CustomResourceDefinition x', HELD],
  ['ceph.rook.io/v1 CephCluster x', HELD],
  ['ceph.rook.io/v1 CephBlockPool x', HELD],
  ['ceph.rook.io/v1 CephFilesystem x', HELD],
  ['ceph.rook.io/v1 CephObjectStore x', HELD],
  ['objectbucket.io/v1alpha1 ObjectBucketClaim x', HELD],
])('%s holds data: it is kept where data is, and goes where data is disposable', (what, held) => {
  expect(plannedAlone(what).lifecycle).toMatchObject(held);
  expect(plannedAlone(what, {}, { data: 'disposable' }).lifecycle).toMatchObject({
    protect: false,
    retainOnDelete: false,
  });
});

test.each([
  'v1 ConfigMap x',
  'v1 Secret x',
  'v1 Service x',
  'apps/v1 Deployment x',
  'rbac.authorization.k8s.io/v1 Role x',
])('%s holds nothing: it may go', (what) => {
  expect(plannedAlone(what).lifecycle).toEqual(LEFT_ALONE);
});

test('a StatefulSet holds data when it makes claims', () => {
  const claims = { ...deploymentSpec(), volumeClaimTemplates: [{ metadata: { name: 'data' } }] };
  expect(plannedAlone('apps/v1 StatefulSet x', { spec: claims }).lifecycle.protect).toBe(true);
  expect(plannedAlone('apps/v1 StatefulSet x', { spec: deploymentSpec() }).lifecycle.protect).toBe(
    false,
  );
});

test.each([
  ['v1 PersistentVolumeClaim x', ['spec.volumeMode', 'spec.dataSource', 'spec.dataSourceRef']],
  ['v1 PersistentVolume x', ['spec.volumeMode', 'spec.nodeAffinity']],
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition x',
    ['spec.scope', 'spec.group', 'spec.names.kind', 'spec.names.plural'],
  ],
  ['storage.k8s.io/v1 StorageClass x', ['reclaimPolicy', 'volumeBindingMode']],
  ['storage.k8s.io/v1 CSIDriver x', ['spec.attachRequired', 'spec.volumeLifecycleModes']],
  ['storage.k8s.io/v1 CSIStorageCapacity x', ['nodeTopology', 'storageClassName']],
  ['storage.k8s.io/v1 VolumeAttributesClass x', ['driverName', 'parameters']],
  ['discovery.k8s.io/v1 EndpointSlice x', ['addressType']],
  ['apps/v1 ReplicaSet x', ['spec.selector']],
  [
    'batch/v1 Job x',
    [
      'spec.backoffLimitPerIndex',
      'spec.completionMode',
      'spec.managedBy',
      'spec.podFailurePolicy',
      'spec.successPolicy',
    ],
  ],
  ['snapshot.storage.k8s.io/v1 VolumeSnapshotClass x', ['driver', 'deletionPolicy', 'parameters']],
  ['scheduling.k8s.io/v1 PriorityClass x', ['value', 'preemptionPolicy']],
  ['node.k8s.io/v1 RuntimeClass x', ['handler']],
  ['networking.k8s.io/v1 IngressClass x', ['spec.controller']],
])('%s can change some fields only as a new object', (what, fields) => {
  expect(plannedAlone(what).lifecycle.replaceOnChanges).toEqual(fields);
});

test.each([
  [
    'v1 Namespace x',
    ['mcs', 'supplemental-groups', 'uid-range'].map(
      (range) => `metadata.annotations["openshift.io/sa.scc.${range}"]`,
    ),
  ],
  ['v1 ServiceAccount x', ['secrets', 'imagePullSecrets']],
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition x',
    ['spec.conversion.webhook.clientConfig.caBundle'],
  ],
  [
    'admissionregistration.k8s.io/v1 MutatingWebhookConfiguration x',
    ['webhooks[*].clientConfig.caBundle'],
  ],
  [
    'admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration x',
    ['webhooks[*].clientConfig.caBundle'],
  ],
  ['apiregistration.k8s.io/v1 APIService x', ['spec.caBundle']],
])('%s has fields that the cluster writes', (what, fields) => {
  expect(plannedAlone(what).lifecycle.ignoreChanges).toEqual(fields);
});

test.each([
  ['apps/v1 Deployment x', ROLLOUT],
  ['v1 ConfigMap x', ROLLOUT],
  [
    'apiextensions.k8s.io/v1 CustomResourceDefinition x',
    { kind: 'condition', type: 'Established' },
  ],
  ['apiregistration.k8s.io/v1 APIService x', { kind: 'condition', type: 'Available' }],
  ['ceph.rook.io/v1 CephCluster x', READY],
  ['ceph.rook.io/v1 CephBlockPool x', READY],
  ['ceph.rook.io/v1 CephFilesystem x', READY],
  ['ceph.rook.io/v1 CephObjectStore x', READY],
  [
    'objectbucket.io/v1alpha1 ObjectBucketClaim x',
    { kind: 'field', path: 'status.phase', value: 'Bound' },
  ],
  [
    'route.openshift.io/v1 Route x',
    {
      kind: 'field',
      path: 'status.ingress[*].conditions[?(@.type=="Admitted")].status',
      value: 'True',
    },
  ],
])('%s is ready when that is so', (what, ready) => {
  expect(plannedAlone(what).ready).toEqual(ready);
});

test('a kind of the same name in another group is another kind', () => {
  expect(plannedAlone('example.org/v1 Namespace x').lifecycle).toEqual(LEFT_ALONE);
  expect(plannedAlone('example.org/v1 Route x').ready).toEqual(ROLLOUT);
});

describe('what a construct knows wins', () => {
  const hinted = (what: string, hints: ObjectHints): ReturnType<typeof planned> => {
    const plan = planOfChart((chart) => hint(object(chart, what), hints));
    const [step] = plan.steps;
    return planned(plan, step?.id ?? '');
  };

  test('over protection, in both directions', () => {
    const claim = hinted('v1 PersistentVolumeClaim x', { protect: false, retainOnDelete: false });
    expect(claim.lifecycle).toMatchObject({ protect: false, retainOnDelete: false });
    const secret = hinted('v1 Secret x', { protect: true, retainOnDelete: true });
    expect(secret.lifecycle).toMatchObject(HELD);
  });

  test('over readiness', () => {
    const ready = { kind: 'exists' } as const;
    expect(hinted('ceph.rook.io/v1 CephCluster x', { ready }).ready).toEqual(ready);
  });

  test('beside the fields that the cluster writes anyway', () => {
    const { lifecycle } = hinted('v1 ServiceAccount x', {
      ignoreChanges: ['metadata.annotations'],
    });
    expect(lifecycle.ignoreChanges).toEqual([
      'secrets',
      'imagePullSecrets',
      'metadata.annotations',
    ]);
  });

  test('field by field, the last word first', () => {
    const plan = planOfChart((chart) => {
      const it = object(chart, 'v1 Secret x');
      hint(it, { protect: true, ready: { kind: 'exists' } });
      hint(it, { protect: false });
    });
    expect(planned(plan, 'ns/secret/x')).toMatchObject({
      lifecycle: { protect: false },
      ready: { kind: 'exists' },
    });
  });

  test('over where an object comes from', () => {
    const upstream = { name: 'traefik-crds', version: 'v3.6.12' };
    expect(hinted('v1 Secret x', { upstream }).upstream).toEqual(upstream);
    expect(hinted('v1 Secret x', {}).upstream).toBeUndefined();
  });
});
