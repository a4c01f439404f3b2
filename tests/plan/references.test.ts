import { hint } from '../../constructs/kit/hints';
import {
  deploymentSpec,
  object,
  planOfChart,
  plannedAlone,
  planned,
  podSpec,
  type Fields,
} from '../support/plan';

const WHAT_TO_DO =
  "which nothing in the plan makes; make it, correct the name, or list it under 'provided' in the environment if the cluster has it";

/** Each way of naming another object: the object that names, its fields, the id that it names. */
const NAMES: readonly (readonly [how: string, what: string, fields: Fields, id: string])[] = [
  [
    'a ServiceAccount',
    'apps/v1 Deployment it',
    { spec: deploymentSpec(podSpec({ serviceAccountName: 'x' })) },
    'ns/serviceaccount/x',
  ],
  [
    'a pull secret',
    'apps/v1 Deployment it',
    { spec: deploymentSpec(podSpec({ imagePullSecrets: [{ name: 'x' }] })) },
    'ns/secret/x',
  ],
  [
    'a PriorityClass',
    'apps/v1 StatefulSet it',
    { spec: deploymentSpec(podSpec({ priorityClassName: 'x' })) },
    '_/priorityclass.scheduling.k8s.io/x',
  ],
  [
    'a RuntimeClass',
    'v1 Pod it',
    { spec: podSpec({ runtimeClassName: 'x' }) },
    '_/runtimeclass.node.k8s.io/x',
  ],
  [
    'a Secret as volume',
    'apps/v1 DaemonSet it',
    { spec: deploymentSpec(podSpec({ volumes: [{ name: 'v', secret: { secretName: 'x' } }] })) },
    'ns/secret/x',
  ],
  [
    'a ConfigMap as volume',
    'batch/v1 Job it',
    { spec: deploymentSpec(podSpec({ volumes: [{ name: 'v', configMap: { name: 'x' } }] })) },
    'ns/configmap/x',
  ],
  [
    'a claim as volume',
    'batch/v1 CronJob it',
    {
      spec: {
        jobTemplate: {
          spec: deploymentSpec(
            podSpec({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'x' } }] }),
          ),
        },
      },
    },
    'ns/persistentvolumeclaim/x',
  ],
  [
    'a projected Secret',
    'v1 Pod it',
    {
      spec: podSpec({
        volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 'x' } }] } }],
      }),
    },
    'ns/secret/x',
  ],
  [
    'a projected ConfigMap',
    'v1 Pod it',
    {
      spec: podSpec({
        volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'x' } }] } }],
      }),
    },
    'ns/configmap/x',
  ],
  [
    'a Secret as environment',
    'v1 Pod it',
    { spec: podSpec({}, { envFrom: [{ secretRef: { name: 'x' } }] }) },
    'ns/secret/x',
  ],
  [
    'a ConfigMap as environment',
    'v1 Pod it',
    { spec: podSpec({}, { envFrom: [{ configMapRef: { name: 'x' } }] }) },
    'ns/configmap/x',
  ],
  [
    'a key of a Secret',
    'v1 Pod it',
    {
      spec: podSpec(
        {},
        { env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'x', key: 'k' } } }] },
      ),
    },
    'ns/secret/x',
  ],
  [
    'a key of a ConfigMap',
    'v1 Pod it',
    {
      spec: podSpec({
        initContainers: [
          {
            name: 'i',
            env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'x', key: 'k' } } }],
          },
        ],
      }),
    },
    'ns/configmap/x',
  ],
  [
    'a StorageClass of a claim',
    'v1 PersistentVolumeClaim it',
    { spec: { storageClassName: 'x' } },
    '_/storageclass.storage.k8s.io/x',
  ],
  [
    'a StorageClass of a template',
    'apps/v1 StatefulSet it',
    { spec: { ...deploymentSpec(), volumeClaimTemplates: [{ spec: { storageClassName: 'x' } }] } },
    '_/storageclass.storage.k8s.io/x',
  ],
  [
    'an IngressClass',
    'networking.k8s.io/v1 Ingress it',
    { spec: { ingressClassName: 'x' } },
    '_/ingressclass.networking.k8s.io/x',
  ],
  [
    'a Role',
    'rbac.authorization.k8s.io/v1 RoleBinding it',
    { roleRef: { kind: 'Role', name: 'x' } },
    'ns/role.rbac.authorization.k8s.io/x',
  ],
  [
    'a ClusterRole',
    'rbac.authorization.k8s.io/v1 RoleBinding it',
    { roleRef: { kind: 'ClusterRole', name: 'x' } },
    '_/clusterrole.rbac.authorization.k8s.io/x',
  ],
  [
    'a subject elsewhere',
    'rbac.authorization.k8s.io/v1 ClusterRoleBinding it',
    {
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'other', name: 'x' }],
    },
    'other/serviceaccount/x',
  ],
  [
    'what an autoscaler scales',
    'autoscaling/v2 HorizontalPodAutoscaler it',
    { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'x' } } },
    'ns/deployment.apps/x',
  ],
];

test.each(NAMES)('rejects %s that nothing makes', (_how, what, fields, id) => {
  const it = plannedAlone(what, fields, { provided: [id] });
  expect(() => plannedAlone(what, fields)).toThrow(
    new Error(
      `environment 'test' cannot be planned:\n  - ${it.path}: '${it.id}' names '${id}', ${WHAT_TO_DO}`,
    ),
  );
});

test.each(NAMES)('an object waits for %s that the plan makes', (_how, what, fields, id) => {
  const [namespace = '_', type = ''] = id.split('/');
  const [kind = '', ...group] = type.split('.');
  const spelled = KINDS.find((candidate) => candidate.toLowerCase() === kind) ?? '';
  const apiVersion = group.length === 0 ? 'v1' : `${group.join('.')}/v1`;
  const plan = planOfChart((chart) => {
    object(chart, what, fields);
    const metadata = { name: 'x', ...(namespace === '_' ? {} : { namespace }) };
    object(chart, `${apiVersion} ${spelled} x`, { metadata });
  });
  const [user] = plan.steps.filter(({ id: other }) => other.endsWith('/it'));
  expect(user?.dependsOn).toEqual([id]);
});

const KINDS = [
  'ServiceAccount',
  'Secret',
  'PriorityClass',
  'RuntimeClass',
  'ConfigMap',
  'PersistentVolumeClaim',
  'StorageClass',
  'IngressClass',
  'Role',
  'ClusterRole',
  'Deployment',
];

test.each([
  [
    'a Secret as volume',
    podSpec({ volumes: [{ name: 'v', secret: { secretName: 'x', optional: true } }] }),
  ],
  [
    'a ConfigMap as volume',
    podSpec({ volumes: [{ name: 'v', configMap: { name: 'x', optional: true } }] }),
  ],
  [
    'a Secret as environment',
    podSpec({}, { envFrom: [{ secretRef: { name: 'x', optional: true } }] }),
  ],
  [
    'a key of a ConfigMap',
    podSpec(
      {},
      {
        env: [
          { name: 'A', valueFrom: { configMapKeyRef: { name: 'x', key: 'k', optional: true } } },
        ],
      },
    ),
  ],
])('%s may be missing where it is optional', (_how, pod) => {
  expect(plannedAlone('v1 Pod it', { spec: pod }).dependsOn).toEqual([]);
});

test('the certificate of an Ingress may come later', () => {
  const spec = { tls: [{ hosts: ['www.example.org'], secretName: 'x' }] };
  expect(plannedAlone('networking.k8s.io/v1 Ingress it', { spec }).dependsOn).toEqual([]);
});

test('a claim may name a volume that an administrator makes', () => {
  expect(
    plannedAlone('v1 PersistentVolumeClaim it', { spec: { volumeName: 'x' } }).dependsOn,
  ).toEqual([]);
});

test('a claim without a class asks for none', () => {
  const { dependsOn } = plannedAlone('v1 PersistentVolumeClaim it', {
    spec: { storageClassName: '' },
  });
  expect(dependsOn).toEqual([]);
});

test('a construct may say that somebody else makes what its object names', () => {
  const plan = planOfChart((chart) => {
    const pod = object(chart, 'v1 Pod it', { spec: podSpec({ serviceAccountName: 'operator' }) });
    hint(pod, { external: ['ns/serviceaccount/operator'] });
  });
  expect(planned(plan, 'ns/pod/it').dependsOn).toEqual([]);
});

test.each([
  ['the default ServiceAccount', podSpec({ serviceAccountName: 'default' })],
  [
    'the certificate of the cluster',
    podSpec({ volumes: [{ name: 'v', configMap: { name: 'kube-root-ca.crt' } }] }),
  ],
  [
    "OKD's service certificate",
    podSpec({ volumes: [{ name: 'v', configMap: { name: 'openshift-service-ca.crt' } }] }),
  ],
  ["the node's own priority", podSpec({ priorityClassName: 'system-node-critical' })],
])('every cluster has %s', (_what, pod) => {
  expect(plannedAlone('v1 Pod it', { spec: pod }).dependsOn).toEqual([]);
});

test.each(['view', 'edit', 'admin', 'cluster-admin', 'system:auth-delegator'])(
  'every cluster has the role %s',
  (role) => {
    const roleRef = { kind: 'ClusterRole', name: role };
    expect(
      plannedAlone('rbac.authorization.k8s.io/v1 RoleBinding it', { roleRef }).dependsOn,
    ).toEqual([]);
  },
);

test('objects that name each other come without an order between them', () => {
  const plan = planOfChart((chart) => {
    object(chart, 'v1 Pod it', { spec: podSpec({ serviceAccountName: 'robot' }) });
    const robot = object(chart, 'v1 ServiceAccount robot');
    robot.node.addDependency(chart.node.findChild('Pod-it'));
  });
  expect(planned(plan, 'ns/serviceaccount/robot').dependsOn).toEqual(['ns/pod/it']);
  expect(planned(plan, 'ns/pod/it').dependsOn).toEqual([]);
});
