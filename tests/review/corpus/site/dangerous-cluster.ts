import type { JsonObject } from '../../../../plan/model';
import { change, type Case } from '../case';
import { edit, made, netns } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const version = (
  name: string,
  storage: boolean,
  properties: JsonObject,
  more: JsonObject = {},
): JsonObject => ({
  name,
  served: true,
  storage,
  schema: {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
  },
  ...more,
});
const text = { type: 'string' };
const sites = made(
  'CustomResourceDefinition',
  'beams.corpus.example.org',
  {
    spec: {
      group: 'corpus.example.org',
      scope: 'Namespaced',
      names: { plural: 'beams', singular: 'beam', kind: 'Beam', listKind: 'BeamList' },
      versions: [
        version('v1alpha1', false, { energy: text, line: text }),
        version('v1', true, { energy: text, line: text }),
      ],
    },
  },
  'apiextensions.k8s.io/v1',
  null,
);
const beam = made(
  'Beam',
  'h4',
  { spec: { energy: '180', line: 'h4' } },
  'corpus.example.org/v1alpha1',
);
const hook = (fields: JsonObject = {}, kind = 'ValidatingWebhookConfiguration') =>
  made(
    kind,
    'corpus-signatures',
    {
      webhooks: [
        {
          name: 'signed.images.example.org',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          failurePolicy: 'Fail',
          clientConfig: { service: { name: 'signatures', namespace: 'corpus' }, caBundle: 'QQ==' },
          rules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
          ],
          namespaceSelector: {
            matchExpressions: [
              {
                key: 'kubernetes.io/metadata.name',
                operator: 'NotIn',
                values: ['kube-system', 'corpus'],
              },
            ],
          },
          ...fields,
        },
      ],
    },
    'admissionregistration.k8s.io/v1',
    null,
  );
const metrics = made(
  'APIService',
  'v1beta1.corpus-metrics.example.org',
  {
    spec: {
      group: 'corpus-metrics.example.org',
      version: 'v1beta1',
      service: { name: 'metrics', namespace: 'corpus' },
      caBundle: 'QQ==',
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  },
  'apiregistration.k8s.io/v1',
  null,
);
const level = made(
  'PriorityLevelConfiguration',
  'corpus-tenants',
  {
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 20, limitResponse: { type: 'Reject' } },
    },
  },
  'flowcontrol.apiserver.k8s.io/v1',
  null,
);
const machine = (kind: string, name: string, spec: JsonObject) =>
  made(kind, name, { spec }, 'machineconfiguration.openshift.io/v1', null);
const okd = (kind: string, spec: JsonObject, name = 'cluster') =>
  made(kind, name, { spec }, 'config.openshift.io/v1', null);
const registry = made(
  'Config',
  'cluster',
  {
    spec: {
      managementState: 'Managed',
      replicas: 1,
      storage: { pvc: { claim: 'image-registry-storage' } },
    },
  },
  'imageregistry.operator.openshift.io/v1',
  null,
);
const router = made(
  'IngressController',
  'default',
  {
    spec: { replicas: 2, domain: 'apps.example.org' },
  },
  'operator.openshift.io/v1',
  'openshift-ingress-operator',
);
const stream = made(
  'ImageStream',
  'analysis',
  {
    spec: {
      tags: [
        {
          name: 'latest',
          from: { kind: 'DockerImage', name: 'harbor.example.org/site/analysis:1' },
        },
      ],
    },
  },
  'image.openshift.io/v1',
);
const deploymentConfig = made(
  'DeploymentConfig',
  'analysis',
  {
    spec: {
      replicas: 1,
      selector: { app: 'analysis' },
      triggers: [
        {
          type: 'ImageChange',
          imageChangeParams: {
            automatic: true,
            containerNames: ['analysis'],
            from: { kind: 'ImageStreamTag', name: 'analysis:latest' },
          },
        },
      ],
      template: o.podOf('analysis'),
    },
  },
  'apps.openshift.io/v1',
);
const tenants = made(
  'ClusterResourceQuota',
  'corpus-cms',
  {
    spec: {
      selector: { labels: { matchLabels: { experiment: 'cms' } } },
      quota: { hard: { pods: '100', 'requests.cpu': '200' } },
    },
  },
  'quota.openshift.io/v1',
  null,
);
const rabbit = o.operated('rabbitmq.com/v1beta1', 'RabbitmqCluster', 'queue', {
  replicas: 3,
  persistence: { storageClassName: 'corpus-ssd', storage: '20Gi' },
});
const database = o.operated('postgresql.cnpg.io/v1', 'Cluster', 'reana', {
  instances: 3,
  storage: { size: '50Gi', storageClass: 'corpus-ssd' },
});

/** What could stop, open or empty a whole cluster, or what an operator keeps. */
export const SITE_DANGEROUS_CLUSTER: readonly Case[] = [
  change('project of an experiment deleted', [netns({}), o.hubClaim], []),
  change('definition deleted with what it defines', [sites, beam], []),
  edit('version no longer served that is used', sites, 'spec/versions/0/served', false, [beam]),
  edit(
    'version dropped that is used',
    sites,
    'spec/versions',
    [version('v1', true, { energy: text, line: text })],
    [beam],
  ),
  edit(
    'field dropped that is used',
    sites,
    'spec/versions',
    [version('v1alpha1', false, { energy: text }), version('v1', true, { energy: text })],
    [beam],
  ),
  edit(
    'field of another type that is used',
    sites,
    'spec/versions',
    [
      version('v1alpha1', false, { energy: { type: 'integer' }, line: text }),
      version('v1', true, { energy: { type: 'integer' }, line: text }),
    ],
    [beam],
  ),
  edit(
    'field demanded that nobody gives',
    sites,
    'spec/versions/0/schema/openAPIV3Schema/properties/spec/required',
    ['momentum'],
    [beam],
  ),
  edit(
    'other version kept',
    sites,
    'spec/versions',
    [version('v1', false, { energy: text, line: text }), version('v2', true, { momentum: text })],
    [],
  ),
  edit('definition of the whole cluster', sites, 'spec/scope', 'Cluster', []),
  edit('signatures no longer asked for', hook(), 'webhooks/0/failurePolicy', 'Ignore'),
  change('guard of signatures deleted', [hook()], []),
  edit('guard of signatures asks nobody', hook(), 'webhooks/0/rules/0/resources', ['configmaps']),
  edit('guard in the way of its own pods', hook(), 'webhooks/0/namespaceSelector', undefined, [
    o.serviceOf('signatures', 443),
    o.workload('Deployment', 'signatures', o.podOf('signatures')),
  ]),
  edit('guard of everything at once', hook(), 'webhooks/0/rules/0', {
    apiGroups: ['*'],
    apiVersions: ['*'],
    operations: ['*'],
    resources: ['*/*'],
  }),
  edit('API without proof of who answers', metrics, 'spec', {
    group: 'corpus-metrics.example.org',
    version: 'v1beta1',
    service: { name: 'metrics', namespace: 'corpus' },
    insecureSkipTLSVerify: true,
    groupPriorityMinimum: 100,
    versionPriority: 100,
  }),
  change('API of metrics deleted', [metrics], []),
  edit(
    'tenants get no answer of the API server',
    level,
    'spec/limited/nominalConcurrencyShares',
    0,
  ),
  edit(
    'kernel arguments of all workers',
    machine('MachineConfig', '50-corpus', { kernelArguments: ['nosmt'] }),
    'spec/kernelArguments',
    ['mitigations=off'],
  ),
  edit(
    'workers stop being updated together',
    machine('MachineConfigPool', 'worker', { paused: false, maxUnavailable: 1 }),
    'spec/maxUnavailable',
    '100%',
  ),
  edit(
    'kubelets with other limits',
    machine('KubeletConfig', 'corpus', { kubeletConfig: { maxPods: 250 } }),
    'spec/kubeletConfig/maxPods',
    50,
  ),
  edit(
    'domain of all Routes',
    okd('Ingress', { domain: 'apps.example.org' }),
    'spec/domain',
    'okd.example.org',
  ),
  edit(
    'networks of all pods',
    okd('Network', { clusterNetwork: [{ cidr: '10.128.0.0/14', hostPrefix: 23 }] }),
    'spec/clusterNetwork/0/cidr',
    '10.200.0.0/14',
  ),
  edit(
    'cluster upgraded',
    okd('ClusterVersion', { channel: 'stable-4' }, 'version'),
    'spec/desiredUpdate',
    { version: '4.22.0' },
  ),
  edit(
    'secrets of etcd in the clear',
    okd('APIServer', { encryption: { type: 'aescbc' } }),
    'spec/encryption/type',
    'identity',
  ),
  edit(
    'images from anywhere',
    okd('Image', { registrySources: { allowedRegistries: ['harbor.example.org', 'quay.io'] } }),
    'spec/registrySources',
    undefined,
  ),
  edit('images on the disk of a pod', registry, 'spec/storage', { emptyDir: {} }),
  edit('registry taken away', registry, 'spec/managementState', 'Removed'),
  edit('routers serve half of the projects', router, 'spec/namespaceSelector', {
    matchLabels: { exposed: 'yes' },
  }),
  change('stream of images deleted that a program follows', [stream], [], [deploymentConfig]),
  edit('jobs of the queue thrown out', c.queue, 'spec/stopPolicy', 'HoldAndDrain'),
  edit('queue of nothing', c.queue, 'spec/resourceGroups/0/flavors/0/resources/0/nominalQuota', 0),
  edit('experiment with a tenth of its quota', tenants, 'spec/quota/hard', {
    pods: '10',
    'requests.cpu': '20',
  }),
  change('queue of REANA deleted', [rabbit], []),
  edit('queue of REANA on other disks', rabbit, 'spec/persistence/storage', '0Gi'),
  edit('database of REANA with one instance', database, 'spec/instances', 1),
  edit('database of REANA shrunk', database, 'spec/storage/size', '20Gi'),
  edit('label that a guard goes by is gone', netns({ signed: 'yes' }), 'metadata/labels', {}, [
    hook({ namespaceSelector: { matchLabels: { signed: 'yes' } } }),
  ]),
  edit(
    'every pod is urgent',
    made(
      'PriorityClass',
      'corpus-urgent',
      { value: 1_000_000, globalDefault: false },
      'scheduling.k8s.io/v1',
      null,
    ),
    'globalDefault',
    true,
  ),
  edit(
    'mutating hook for pods of everybody',
    hook(
      {
        rules: [
          {
            apiGroups: ['corpus.example.org'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['beams'],
          },
        ],
        namespaceSelector: undefined,
      },
      'MutatingWebhookConfiguration',
    ),
    'webhooks/0/rules/0',
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] },
  ),
];
