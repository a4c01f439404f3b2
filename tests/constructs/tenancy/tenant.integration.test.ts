import { Chart } from 'cdk8s';
import { execa } from 'execa';
import fc from 'fast-check';
import { stringify } from 'yaml';

import { Tenant } from '../../../constructs/tenancy/tenant';
import { cachedTool } from '../../../sandbox/toolchain/ensure-tools';
import { until } from '../../integration/support/processes';
import { Cluster } from '../../support/cluster';
import { appFor, Synthesized } from '../../support/synth';

const RUN = `t${process.pid}`;
const OWN = [`own-${RUN}`, `scratch-${RUN}`] as const;
const OTHER = `other-${RUN}`;
const CLASSES = { granted: `granted-${RUN}`, closed: `closed-${RUN}`, unknown: `unknown-${RUN}` };
const cluster = new Cluster();
const objects: object[] = [];

const people = (who: string): object => ({
  admins: { groups: [`${who}-admins`] },
  editors: { groups: [`${who}-editors`] },
  viewers: { groups: [`${who}-viewers`] },
});

/** The tenant's roles, each by its group, and the verbs that it has on a resource of its own namespaces. */
const MAY: readonly (readonly [role: string, verb: string, resource: string, may: boolean])[] = [
  ['admins', 'create', 'rolebindings.rbac.authorization.k8s.io', true],
  ['admins', 'create', 'deployments.apps', true],
  ['admins', 'update', 'resourcequotas', false],
  ['admins', 'delete', 'limitranges', false],
  ['admins', 'delete', 'namespaces', false],
  ['admins', 'update', 'namespaces', false],
  ['admins', 'escalate', 'roles.rbac.authorization.k8s.io', false],
  ['admins', 'bind', 'roles.rbac.authorization.k8s.io', false],
  ['editors', 'create', 'deployments.apps', true],
  ['editors', 'delete', 'pods', true],
  ['editors', 'create', 'persistentvolumeclaims', true],
  ['editors', 'get', 'secrets', true],
  ['editors', 'create', 'rolebindings.rbac.authorization.k8s.io', false],
  ['editors', 'update', 'resourcequotas', false],
  ['viewers', 'list', 'pods', true],
  ['viewers', 'get', 'pods/log', true],
  ['viewers', 'get', 'secrets', false],
  ['viewers', 'create', 'pods', false],
  ['operators', 'patch', 'deployments.apps', true],
  ['operators', 'create', 'deployments.apps', false],
  ['operators', 'list', 'pods', false],
];

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'impersonate'];
const RESOURCES = [
  ...new Set(MAY.map(([, , resource]) => resource)),
  'configmaps',
  'services',
  'serviceaccounts',
  'serviceaccounts/token',
  'networkpolicies.networking.k8s.io',
  'pods/exec',
  'nodes',
  'persistentvolumes',
  'clusterroles.rbac.authorization.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
];

/** What the API server's authorizer answers about somebody of a group. */
async function may(
  group: string,
  verb: string,
  resource: string,
  namespace: string,
): Promise<boolean> {
  const [full = '', subresource] = resource.split('/');
  const [name = '', ...rest] = full.split('.');
  const answer = await cluster.kubectl(
    ['create', '-o', 'jsonpath={.status.allowed}', '-f', '-'],
    stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: 'somebody',
        groups: [group, 'system:authenticated'],
        resourceAttributes: {
          namespace,
          verb,
          resource: name,
          group: rest.join('.'),
          ...(subresource === undefined ? {} : { subresource }),
        },
      },
    }),
  );
  return answer === 'true';
}

/** What the API server says when somebody of a group makes an object; nothing is kept. */
async function made(group: string, object: object, namespace: string = OWN[0]): Promise<string> {
  const { all } = await execa(
    cachedTool('kubectl') ?? 'kubectl',
    [
      ...['--kubeconfig', process.env['BEAMLINE_TEST_KUBECONFIG'] ?? ''],
      ...['--as', 'somebody', '--as-group', group, '--as-group', 'system:authenticated'],
      ...['create', '-n', namespace, '--dry-run=server', '-f', '-'],
    ],
    { input: stringify(object), reject: false, all: true, timeout: 60_000 },
  );
  return all ?? '';
}

const pod = (more: object = {}, container: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'a' },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'a',
        image: 'registry.example.org/a:1',
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        ...container,
      },
    ],
    ...more,
  },
});

const claim = (storageClassName: string | undefined, storage = '1Gi'): object => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'a' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
});

const policy: object = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'open' },
  spec: { podSelector: {}, egress: [{}], policyTypes: ['Egress'] },
};

const service = (type: string): object => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'a' },
  spec: { type, ports: [{ port: 80 }], selector: { app: 'a' } },
});

beforeAll(async () => {
  const app = appFor('kubernetes 1.34');
  const quota = {
    cpu: 2,
    memoryGiB: 4,
    pods: 3,
    storageGiB: 20,
    devices: { 'example.com/gpu': 1 },
  };
  const space = {
    quota,
    storage: { [CLASSES.granted]: { storageGiB: 10, claims: 1 } },
    traffic: { within: true },
  };
  new Tenant(new Chart(app, 'Own', { namespace: OWN[0] }), 'Tenant', {
    ...space,
    ...people('own'),
    more: { [OWN[1]]: { ...space, quota: { ...quota, pods: 0 } } },
    roles: {
      operators: {
        rules: [{ group: 'apps', resources: ['deployments'], verbs: ['get', 'patch'] }],
        to: { groups: ['own-operators'] },
      },
    },
  });
  new Tenant(new Chart(app, 'Other', { namespace: OTHER }), 'Tenant', {
    quota,
    ...people('other'),
  });
  const tree = new Synthesized(app);
  const classes = Object.values(CLASSES).map((name) => ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'example.org/none',
  }));
  objects.push(...tree.objects, ...classes);
  await cluster.apply([...tree.all('Namespace'), ...classes]);
  await cluster.apply(tree.objects.filter(({ kind }) => kind !== 'Namespace'));
  const inForce = async (): Promise<boolean> => {
    const answers = [
      await made('own-editors', policy),
      await made('own-editors', claim(undefined)),
    ];
    return answers.every((answer) => answer.includes('ValidatingAdmissionPolicy'));
  };
  await until(inForce, 'the policies did not take effect', 60_000);
}, 180_000);

afterAll(async () => {
  const kinds = ['validatingadmissionpolicybinding', 'validatingadmissionpolicy'];
  const policies = kinds.flatMap((kind) =>
    OWN.flatMap((name) => [`${kind}/tenant-${name}-traffic`, `${kind}/tenant-${name}-classes`]),
  );
  const namespaces = [...OWN, OTHER].map((name) => `ns/${name}`);
  const classes = Object.values(CLASSES).map((name) => `storageclass/${name}`);
  // The namespaces first, while the policies are there: whoever empties them must be let through.
  await cluster.kubectl(['delete', '--ignore-not-found', '--timeout=50s', ...namespaces]);
  await cluster.kubectl(['delete', '--ignore-not-found', ...policies, ...classes]);
}, 120_000);

test.each(MAY)(
  '%s of a tenant and %s on %s, in its own namespaces: %s',
  async (role, verb, resource, expected) => {
    for (const namespace of OWN)
      expect(await may(`own-${role}`, verb, resource, namespace)).toBe(expected);
  },
  60_000,
);

test('nobody of a tenant may do anything in the namespace of another, or of the cluster', async () => {
  const attempt = fc.record({
    role: fc.constantFrom('admins', 'editors', 'viewers', 'operators'),
    verb: fc.constantFrom(...VERBS),
    resource: fc.constantFrom(...RESOURCES),
    namespace: fc.constantFrom(OTHER, 'kube-system', 'default'),
  });
  await fc.assert(
    fc.asyncProperty(attempt, async ({ role, verb, resource, namespace }) => {
      expect(await may(`own-${role}`, verb, resource, namespace)).toBe(false);
    }),
    { numRuns: 60 },
  );
}, 300_000);

test.each([
  ['a pod that follows the rules', pod(), 'pod/a created'],
  ['a privileged pod', pod({}, { securityContext: { privileged: true } }), 'violates PodSecurity'],
  ['a pod of the node', pod({ hostNetwork: true }), 'violates PodSecurity'],
  ['root', pod({ securityContext: { runAsUser: 0 } }), 'violates PodSecurity'],
  [
    'more cores than the quota has',
    pod({}, { resources: { requests: { cpu: '3' } } }),
    'exceeded quota: tenant, requested: requests.cpu=3',
  ],
  [
    'more devices than the quota has',
    pod({}, { resources: { limits: { 'example.com/gpu': '2' } } }),
    'exceeded quota: tenant, requested: requests.example.com/gpu=2',
  ],
  [
    'a container above the limit',
    pod({}, { resources: { limits: { memory: '5Gi' } } }),
    'maximum memory usage per Container is 4Gi',
  ],
  ['a claim of its class', claim(CLASSES.granted), 'persistentvolumeclaim/a created'],
  ['a claim larger than its right', claim(CLASSES.granted, '11Gi'), 'exceeded quota'],
  ['a claim of another class', claim(CLASSES.closed), `must be of class ${CLASSES.granted}`],
  ['a claim of a class that no plan has', claim(CLASSES.unknown), 'must be of class'],
  ['a claim of a volume by its name', claim(''), 'must be of class'],
  ['an address outside', service('LoadBalancer'), 'exceeded quota'],
  ['a port of the nodes', service('NodePort'), 'exceeded quota'],
  ['a policy of its own', policy, "is the site's to change"],
])(
  'an editor makes %s',
  async (_, object, answer) => {
    expect(await made('own-editors', object)).toContain(answer);
  },
  60_000,
);

test('each namespace has a quota of its own', async () => {
  expect(await made('own-editors', pod(), OWN[1])).toContain('exceeded quota: tenant');
}, 60_000);

test('an admin cannot take down what closes his namespace, and the site can', async () => {
  const remove = async (as: readonly string[]): Promise<string> => {
    const args = ['delete', '--dry-run=server', '-n', OWN[0], 'networkpolicy/deny-all', ...as];
    return cluster.kubectl(args).catch((error: unknown) => String(error));
  };
  expect(await remove(['--as', 'somebody', '--as-group', 'own-admins'])).toContain(
    "is the site's to change",
  );
  expect(await remove([])).toContain('deleted');
}, 60_000);

test('applied once more, nothing changes', async () => {
  const text = objects.map((object) => stringify(object)).join('---\n');
  const answer = await cluster.kubectl(['diff', '--server-side', '-f', '-'], text);
  expect(answer).toBe('');
}, 120_000);
