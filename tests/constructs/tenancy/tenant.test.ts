import { Tenant, type TenantProps } from '../../../constructs/tenancy/tenant';
import { synth } from '../../support/synth';

const minimal: TenantProps = { quota: { cpu: 4, memoryGiB: 16, pods: 20, storageGiB: 100 } };
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<TenantProps> = {
  quota: { cpu: 0.5, memoryGiB: 2048, pods: 0, storageGiB: 0, claims: 3 },
  limits: { defaultCpu: 0.25, defaultMemoryMiB: 1024, largestMemoryGiB: 8 },
  admins: { groups: ['admins'], users: ['ada'] },
  editors: { groups: ['editors'] },
  viewers: { users: ['vera'] },
};

test('a tenant is a restricted namespace, closed to the network, with quota and limits', () => {
  const tenant = synth(Tenant, minimal, 'kubernetes 1.34', 'analysis');
  expect(tenant.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
    'Namespace/analysis',
    'NetworkPolicy/deny-all',
    'NetworkPolicy/allow-dns',
    'ResourceQuota/tenant',
    'LimitRange/tenant',
  ]);
  expect(tenant.one('Namespace').metadata).toMatchObject({
    labels: {
      'app.kubernetes.io/name': 'tenant',
      'app.kubernetes.io/instance': 'analysis',
      'kubernetes.io/metadata.name': 'analysis',
      'pod-security.kubernetes.io/enforce': 'restricted',
    },
  });
  expect(tenant.one('ResourceQuota')['spec']).toEqual({
    hard: {
      pods: '20',
      'requests.cpu': '4',
      'requests.memory': '16Gi',
      'limits.memory': '16Gi',
      'requests.storage': '100Gi',
      persistentvolumeclaims: '20',
      'services.loadbalancers': '0',
      'services.nodeports': '0',
    },
  });
  expect(tenant.one('LimitRange')['spec']).toEqual({
    limits: [
      {
        type: 'Container',
        default: { memory: '256Mi' },
        defaultRequest: { cpu: '100m', memory: '256Mi' },
        max: { memory: '16Gi' },
      },
    ],
  });
});

test('every prop reaches the objects', () => {
  const tenant = synth(Tenant, everything);
  expect(tenant.one('ResourceQuota')['spec']).toMatchObject({
    hard: {
      pods: '0',
      'requests.cpu': '500m',
      'requests.memory': '2Ti',
      'requests.storage': '0',
      persistentvolumeclaims: '3',
    },
  });
  expect(tenant.one('LimitRange')['spec']).toMatchObject({
    limits: [
      {
        default: { memory: '1Gi' },
        defaultRequest: { cpu: '250m', memory: '1Gi' },
        max: { memory: '8Gi' },
      },
    ],
  });
  const apiGroup = 'rbac.authorization.k8s.io';
  expect(tenant.all('RoleBinding').map(({ roleRef, subjects }) => ({ roleRef, subjects }))).toEqual(
    [
      {
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'admin' },
        subjects: [
          { apiGroup, kind: 'Group', name: 'admins' },
          { apiGroup, kind: 'User', name: 'ada' },
        ],
      },
      {
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'edit' },
        subjects: [{ apiGroup, kind: 'Group', name: 'editors' }],
      },
      {
        roleRef: { apiGroup, kind: 'ClusterRole', name: 'view' },
        subjects: [{ apiGroup, kind: 'User', name: 'vera' }],
      },
    ],
  );
});

test('OKD keeps its own annotations and is told that the levels are ours', () => {
  const { metadata } = synth(Tenant, minimal, 'okd 4.21').one('Namespace');
  expect(metadata).not.toHaveProperty('annotations');
  expect(metadata).toMatchObject({
    labels: {
      'pod-security.kubernetes.io/enforce': 'restricted',
      'security.openshift.io/scc.podSecurityLabelSync': 'false',
    },
  });
});

test('a cluster without Pod Security admission gets no levels', () => {
  const { metadata } = synth(Tenant, minimal, 'okd 3.11').one('Namespace');
  expect(JSON.stringify(metadata)).not.toContain('pod-security');
});

test('rejects a namespace of the cluster and numbers that make no sense, all at once', () => {
  const quota = { cpu: -1, memoryGiB: 4, pods: 1.5, storageGiB: 0, claims: -2 };
  const props = { quota, limits: { largestMemoryGiB: 8 } };
  expect(() => synth(Tenant, props, 'okd 4.21', 'openshift-mine')).toThrow(
    new Error(
      "Tenant 'test/Subject' has invalid props:\n" +
        "  - its namespace must not be one of the cluster's own, got 'openshift-mine'\n" +
        "  - 'quota.pods' must be a whole number from 0, got '1.5'\n" +
        "  - 'quota.claims' must be a whole number from 0, got '-2'\n" +
        "  - 'quota.cpu' must be 0 or more, got '-1'\n" +
        "  - 'limits.largestMemoryGiB' must fit the quota of 4, got '8'",
    ),
  );
});

test('rejects a name that is no DNS label', () => {
  expect(() => synth(Tenant, minimal, 'okd 4.21', 'Analysis_1')).toThrow(
    new Error(
      "Tenant 'test/Subject' has invalid props:\n" +
        "  - its namespace must be lower-case letters, digits and '-', at most 63, got 'Analysis_1'",
    ),
  );
});
