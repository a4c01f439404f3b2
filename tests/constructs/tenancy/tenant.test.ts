import { Chart } from 'cdk8s';
import { z } from 'zod';

import { findingsOf } from '../../../constructs/kit/findings';
import { kubeObject } from '../../../constructs/kit/objects';
import type { TargetName } from '../../../constructs/targets';
import { Tenant } from '../../../constructs/tenancy/tenant';
import type { TenantProps } from '../../../constructs/tenancy/tenant-props';
import { messageFrom } from '../../support/message';
import { appFor, chartFor, synth, Synthesized, type Rendered } from '../../support/synth';

const minimal: TenantProps = { quota: { cpu: 4, memoryGiB: 16, pods: 20, storageGiB: 100 } };
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<TenantProps> = {
  quota: {
    cpu: 0.5,
    memoryGiB: 2048,
    pods: 0,
    storageGiB: 50,
    claims: 3,
    devices: { 'nvidia.com/gpu': 2 },
    loadBalancers: 1,
  },
  limits: { defaultCpu: 0.25, defaultMemoryMiB: 1024, largestMemoryGiB: 8 },
  storage: { cephfs: { storageGiB: 40, claims: 2 } },
  level: { admits: 'baseline', consent: 'the site agreed to root in images, ticket 1' },
  sccs: [
    { serviceAccount: 'legacy', scc: 'anyuid', consent: 'its image begins as root, ticket 1' },
  ],
  traffic: {
    within: true,
    to: [
      { kind: 'pods', namespace: 'shared', labels: { app: 'db' }, ports: [5432] },
      { kind: 'pods', namespace: 'elsewhere', labels: {}, ports: [80] },
      { kind: 'network', cidr: '198.51.100.0/24', ports: [1094] },
      { kind: 'network', cidr: '203.0.113.0/24', ports: 'any' },
      { kind: 'host', host: 'eospublic.example.org', ports: [1094] },
    ],
    from: [{ namespace: 'notebooks', labels: { app: 'gateway' }, ports: [8000] }],
  },
  more: { scratch: { quota: { cpu: 1, memoryGiB: 1, pods: 1, storageGiB: 0 } } },
  admins: { groups: ['admins'], users: ['ada'] },
  editors: { groups: ['editors'] },
  viewers: { users: ['vera'] },
  roles: {
    operators: {
      rules: [
        { group: 'apps', resources: ['deployments'], verbs: ['get', 'patch'], names: ['web'] },
        { group: '', resources: ['pods/log'], verbs: ['get'] },
      ],
      to: { groups: ['operators'] },
    },
  },
  pulls: ['cms'],
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

/** One of the namespaces of a tenant that has everything. */
function whole(namespace: 'test' | 'scratch' = 'test'): Synthesized {
  const chart = chartFor('okd 4.21');
  const tenant = new Tenant(chart, 'Subject', everything);
  const [scratch = chart] = tenant.node.children.filter((one) => one instanceof Chart);
  if (namespace === 'scratch') return new Synthesized(scratch);
  tenant.node.tryRemoveChild('scratch');
  return new Synthesized(chart);
}

test('quota, devices, classes and limits reach the objects', () => {
  const tenant = whole();
  expect(tenant.one('ResourceQuota')['spec']).toEqual({
    hard: {
      pods: '0',
      'requests.cpu': '500m',
      'requests.memory': '2Ti',
      'limits.memory': '2Ti',
      'requests.storage': '50Gi',
      persistentvolumeclaims: '3',
      'services.loadbalancers': '1',
      'services.nodeports': '0',
      'requests.nvidia.com/gpu': '2',
      'cephfs.storageclass.storage.k8s.io/requests.storage': '40Gi',
      'cephfs.storageclass.storage.k8s.io/persistentvolumeclaims': '2',
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
});

test('classes of the plan that are not granted are closed by the quota, all others by the API server', () => {
  const chart = chartFor('kubernetes 1.34');
  const { quota } = minimal;
  const storage = { b: { storageGiB: 10, claims: 1 } };
  new Tenant(chart, 'Tenant', { quota, storage });
  // Made after the tenant, and counted all the same.
  for (const name of ['b', 'a']) {
    kubeObject(chart, name, 'StorageClass', { metadata: { name }, provisioner: 'example.org/p' });
  }
  const tree = new Synthesized(chart);
  expect(tree.one('ResourceQuota')['spec']).toMatchObject({
    hard: {
      'a.storageclass.storage.k8s.io/requests.storage': '0',
      'a.storageclass.storage.k8s.io/persistentvolumeclaims': '0',
      'b.storageclass.storage.k8s.io/requests.storage': '10Gi',
      'b.storageclass.storage.k8s.io/persistentvolumeclaims': '1',
    },
  });
  const [validation] = validationsOf(tree.one('ValidatingAdmissionPolicy', 'tenant-test-classes'));
  expect(validation).toMatchObject({ message: "claims in 'test' must be of class b" });
  expect(validation?.expression).toContain('in ["b"]');
});

test('people get the roles of the cluster and of their own, in every namespace of the tenant', () => {
  const apiGroup = 'rbac.authorization.k8s.io';
  for (const namespace of ['test', 'scratch'] as const) {
    const tenant = whole(namespace);
    const bindings = tenant.all('RoleBinding').map(({ roleRef, subjects }) => ({
      roleRef,
      subjects,
    }));
    expect(bindings.slice(0, 4)).toEqual([
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
      {
        roleRef: { apiGroup, kind: 'Role', name: 'tenant-role-operators' },
        subjects: [{ apiGroup, kind: 'Group', name: 'operators' }],
      },
    ]);
    expect(tenant.one('Role', 'tenant-role-operators')['rules']).toEqual([
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        verbs: ['get', 'patch'],
        resourceNames: ['web'],
      },
      { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
    ]);
  }
});

test('what is more than restricted stands on the objects with its reason, and in the check', () => {
  const tenant = whole();
  expect(tenant.one('Namespace').metadata).toMatchObject({
    labels: { 'pod-security.kubernetes.io/enforce': 'baseline' },
    annotations: { 'beamline/consent': 'the site agreed to root in images, ticket 1' },
  });
  expect(tenant.one('ServiceAccount').metadata).toMatchObject({
    name: 'legacy',
    annotations: { 'beamline/consent': 'its image begins as root, ticket 1' },
  });
  expect(tenant.one('Role', 'legacy-scc-anyuid')['rules']).toEqual([
    {
      apiGroups: ['security.openshift.io'],
      resources: ['securitycontextconstraints'],
      resourceNames: ['anyuid'],
      verbs: ['use'],
    },
  ]);
  expect(tenant.one('RoleBinding', 'legacy-scc-anyuid')['subjects']).toEqual([
    { kind: 'ServiceAccount', name: 'legacy', namespace: 'test' },
  ]);
  // The second namespace was agreed to nothing.
  expect(whole('scratch').one('Namespace').metadata).toMatchObject({
    labels: { 'pod-security.kubernetes.io/enforce': 'restricted' },
  });
  expect(found(everything, 'okd 4.21')).toEqual([
    "tenancy/level: pods of 'test' may be baseline, as Pod Security has it: the site agreed to root in images, ticket 1",
    "tenancy/scc: pods of ServiceAccount 'legacy' in 'test' may use SCC 'anyuid', and whoever may make pods there can name it: its image begins as root, ticket 1",
  ]);
});

test('traffic is what was agreed, by policies and, for hosts, by the firewall of OKD', () => {
  const tenant = whole();
  const namespace = (name: string): object => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  });
  expect(tenant.one('NetworkPolicy', 'allow-own')['spec']).toEqual({
    podSelector: {},
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [namespace('test'), namespace('scratch')] }],
    egress: [{ to: [namespace('test'), namespace('scratch')] }],
  });
  const tcp = (port: number): object[] => [{ port, protocol: 'TCP' }];
  expect(tenant.one('NetworkPolicy', 'allow-to')['spec']).toEqual({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      {
        to: [{ ...namespace('shared'), podSelector: { matchLabels: { app: 'db' } } }],
        ports: tcp(5432),
      },
      { to: [namespace('elsewhere')], ports: tcp(80) },
      { to: [{ ipBlock: { cidr: '198.51.100.0/24' } }], ports: tcp(1094) },
      { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] },
      { to: [expect.objectContaining({ ipBlock: expect.anything() })], ports: tcp(1094) },
    ],
  });
  expect(tenant.one('NetworkPolicy', 'allow-from-1')['spec']).toEqual({
    podSelector: { matchLabels: { app: 'gateway' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [namespace('notebooks')], ports: tcp(8000) }],
  });
  expect(tenant.one('EgressFirewall', 'default')['spec']).toEqual({
    egress: [
      {
        type: 'Allow',
        to: { cidrSelector: '198.51.100.0/24' },
        ports: [{ port: 1094, protocol: 'TCP' }],
      },
      { type: 'Allow', to: { cidrSelector: '203.0.113.0/24' } },
      {
        type: 'Allow',
        to: { dnsName: 'eospublic.example.org' },
        ports: [{ port: 1094, protocol: 'TCP' }],
      },
      { type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } },
    ],
  });
  expect(whole('scratch').names('NetworkPolicy')).toEqual(['allow-dns', 'deny-all']);
});

test('names are looked up where the resolver of the cluster listens', () => {
  const portsOn = (target: TargetName): unknown =>
    synth(Tenant, minimal, target).one('NetworkPolicy', 'allow-dns')['spec'];
  expect(portsOn('okd 4.21')).toMatchObject({
    egress: [{ ports: [{ port: 5353 }, { port: 5353 }] }],
  });
  expect(portsOn('kubernetes 1.34')).toMatchObject({
    egress: [{ ports: [{ port: 53 }, { port: 53 }] }],
  });
});

test('what a tenant pulls is handed on for all its namespaces', () => {
  expect(new Tenant(chartFor('okd 4.21', 'cms'), 'Tenant', everything).pulls).toEqual([
    { project: 'cms', account: 'cms', namespaces: ['cms', 'scratch'] },
  ]);
});

test('where the API server cannot hold traffic and classes, that is said', () => {
  const { quota } = minimal;
  expect(found({ quota, traffic: {}, storage: {} }, 'okd 4.12')).toEqual([
    "tenancy/not-held: 'okd 4.12' has no ValidatingAdmissionPolicy, so nothing keeps the editors of 'test' from network policies of their own and storage classes that are not in the plan",
  ]);
  expect(found({ quota }, 'okd 4.12')).toEqual([]);
});

test('a tenant that may reach another must be let in there', () => {
  const between = (ports: readonly number[]): string[] => {
    const app = appFor('okd 4.21');
    const to = [{ kind: 'pods', namespace: 'b', labels: {}, ports: [80, 443] } as const];
    const from = [{ namespace: 'a', labels: {}, ports }];
    new Tenant(new Chart(app, 'A', { namespace: 'a' }), 'Tenant', { ...minimal, traffic: { to } });
    new Tenant(new Chart(app, 'B', { namespace: 'b' }), 'Tenant', {
      ...minimal,
      traffic: { from },
    });
    return app.node.findAll().flatMap(({ node }) => node.validate());
  };
  expect(between([80, 443])).toEqual([]);
  expect(between([443])).toEqual([
    "'a' may speak to 'b' on 80, where nobody from there is let in; add it to 'traffic.from' of the tenant 'b', or take it back",
  ]);
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

/** What is said to be wrong, line by line. */
function problemsOf(props: Partial<TenantProps>, target: TargetName, namespace?: string): string[] {
  return messageFrom(() => synth(Tenant, { ...minimal, ...props }, target, namespace))
    .split('\n  - ')
    .slice(1);
}

test('rejects a namespace of the cluster and numbers that make no sense, all at once', () => {
  const quota = {
    cpu: -1,
    memoryGiB: 4,
    pods: 1.5,
    storageGiB: 1,
    claims: -2,
    loadBalancers: 0.5,
    devices: { gpu: -1 },
  };
  const storage = { cephfs: { storageGiB: 2, claims: 0.5 } };
  const props = { quota, storage, limits: { largestMemoryGiB: 8 } };
  expect(problemsOf(props, 'okd 4.21', 'openshift-mine')).toEqual([
    "its namespace must not be one of the cluster's own, got 'openshift-mine'",
    "'quota.pods' must be a whole number from 0, got '1.5'",
    "'quota.claims' must be a whole number from 0, got '-2'",
    "'quota.loadBalancers' must be a whole number from 0, got '0.5'",
    "'quota.gpu' must be a whole number from 0, got '-1'",
    "'quota.cpu' must be 0 or more, got '-1'",
    "'quota.devices' must name resources such as 'nvidia.com/gpu', got 'gpu'",
    "'limits.largestMemoryGiB' must fit the quota of 4, got '8'",
    "'storage.cephfs.claims' must be a whole number from 0, got '0.5'",
    "'storage.cephfs.storageGiB' must be from 0 to the 1 of the quota, got '2'",
  ]);
});

test('rejects names that are no DNS labels, or are there twice', () => {
  expect(problemsOf({}, 'okd 4.21', 'Analysis_1')).toEqual([
    "its namespace must be lower-case letters, digits and '-', at most 63, got 'Analysis_1'",
  ]);
  const { quota } = minimal;
  expect(problemsOf({ more: { a: { quota }, 'kube-a': { quota } } }, 'okd 4.21', 'a')).toEqual([
    "the name of one of 'more' must not be one of the cluster's own, got 'kube-a'",
    "'more' must not name 'a', the namespace of the tenant itself",
  ]);
  expect(problemsOf({ pulls: ['CMS'] }, 'okd 4.21')).toEqual([
    "'pulls' must name projects of the registry, got 'CMS'",
  ]);
});

const consent = 'the site agreed, ticket 1';

test.each<readonly [title: string, Partial<TenantProps>, TargetName, string]>([
  [
    'a consent without a reason',
    { level: { admits: 'privileged', consent: ' ' } },
    'okd 4.21',
    "'level.consent' must say who agreed and why",
  ],
  [
    'an SCC on Kubernetes',
    { sccs: [{ serviceAccount: 'a', scc: 'nonroot', consent }] },
    'kubernetes 1.34',
    'needs SecurityContextConstraints',
  ],
  [
    'root that Pod Security refuses',
    { sccs: [{ serviceAccount: 'a', scc: 'anyuid', consent }] },
    'okd 4.21',
    "which Pod Security refuses at the level 'restricted'",
  ],
  [
    'an SCC that opens the node',
    { sccs: [{ serviceAccount: 'a', scc: { named: 'hostaccess' }, consent }] },
    'okd 4.21',
    "must not be 'hostaccess', which opens the node",
  ],
  [
    'an SCC for everybody',
    { sccs: [{ serviceAccount: 'default', scc: 'nonroot', consent }] },
    'okd 4.21',
    "got 'default' which every pod has that names none",
  ],
  [
    'a host on Kubernetes',
    { traffic: { to: [{ kind: 'host', host: 'www.example.org', ports: [443] }] } },
    'kubernetes 1.34',
    "'traffic.to' host 'www.example.org' needs egress rules that name hosts (EgressFirewall)",
  ],
  [
    'egress on a network that holds none',
    { traffic: { to: [{ kind: 'network', cidr: '192.0.2.0/24', ports: 'any' }] } },
    'okd 3.11',
    "'traffic.to' needs egress network policies",
  ],
  [
    'a network that is none',
    { traffic: { to: [{ kind: 'network', cidr: '192.0.2.0/33', ports: 'any' }] } },
    'okd 4.21',
    "'traffic.to[0].cidr' must be a network such as '192.0.2.0/24', got '192.0.2.0/33'",
  ],
  [
    'a port that is none',
    { traffic: { from: [{ namespace: 'B', labels: {}, ports: [0] }] } },
    'okd 4.21',
    "'traffic.from[0].ports' must be TCP ports from 1 to 65535, got '0'",
  ],
])('rejects %s', (_, props, target, problem) => {
  expect(problemsOf(props, target).join('\n')).toContain(problem);
});

test.each<readonly [rule: object, problem: string]>([
  [{ verbs: ['impersonate'] }, "must not have the verb 'impersonate'"],
  [{ verbs: ['*'] }, "must not have the verb '*'"],
  [{ resources: ['*'] }, 'must name its groups and resources'],
  [
    { group: 'rbac.authorization.k8s.io', resources: ['rolebindings'] },
    "must not change rights; make its people 'admins'",
  ],
  [{ group: 'security.openshift.io', verbs: ['get'] }, 'must not be about SCCs'],
  [{ group: '', resources: ['resourcequotas'] }, 'must not change resourcequotas'],
  [{ group: '', resources: ['serviceaccounts/token'] }, 'a token of an account is all its rights'],
  [
    { group: 'networking.k8s.io', resources: ['networkpolicies'] },
    'must not change networkpolicies',
  ],
  [{ group: '', resources: ['secrets'], verbs: ['get'] }, 'must name the Secrets'],
  [{ resources: [] }, 'must name resources and verbs, got 0 and 1'],
])('a role of its own has no rule with %j', (given, problem) => {
  const rule = { group: 'apps', resources: ['deployments'], verbs: ['create'] as const, ...given };
  const roles = { own: { rules: [rule], to: { users: ['ada'] } } };
  expect(problemsOf({ roles }, 'okd 4.21').join('\n')).toContain(`'roles.own' must`);
  expect(problemsOf({ roles }, 'okd 4.21').join('\n')).toContain(problem);
});

test('a role of its own has rules and people', () => {
  expect(problemsOf({ roles: { Own: { rules: [], to: {} } } }, 'okd 4.21')).toEqual([
    "the name of a role must be lower-case letters, digits and '-', got 'Own'",
    "'roles.Own.rules' must have a rule",
    "'roles.Own.to' must name a group or a user",
  ]);
});

/** The findings that a tenant makes about itself. */
function found(props: TenantProps, target: TargetName): string[] {
  const tenant = new Tenant(chartFor(target), 'Tenant', props);
  return tenant.node
    .findAll()
    .flatMap((one) => findingsOf(one))
    .map(({ rule, reason }) => `${rule}: ${reason}`);
}

function validationsOf(policy: Rendered): { expression: string; message: string }[] {
  const validations = z.array(z.object({ expression: z.string(), message: z.string() }));
  return z.object({ validations }).parse(policy['spec']).validations;
}
