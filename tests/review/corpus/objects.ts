import type { JsonObject, Manifest } from '../../../plan/model';

/** Namespace of the objects of the corpus. */
export const NS = 'corpus';

export type Fields = JsonObject;

const inNamespace = (
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields,
  metadata: Fields = {},
): Manifest => ({ apiVersion, kind, metadata: { name, namespace: NS, ...metadata }, ...fields });
const ofCluster = (
  apiVersion: string,
  kind: string,
  name: string,
  fields: Fields = {},
  metadata: Fields = {},
): Manifest => ({ apiVersion, kind, metadata: { name, ...metadata }, ...fields });

export const namespace = (labels: Fields = {}, annotations: Fields = {}): Manifest =>
  ofCluster('v1', 'Namespace', NS, {}, { labels, annotations });
export const configMap = (data: Fields, name = 'settings'): Manifest =>
  inNamespace('v1', 'ConfigMap', name, { data });
export const secret = (data: Fields, name = 'credentials', type = 'Opaque'): Manifest =>
  inNamespace('v1', 'Secret', name, { type, stringData: data });
export const account = (name = 'program', fields: Fields = {}): Manifest =>
  inNamespace('v1', 'ServiceAccount', name, fields);

export const claim = (spec: Fields = {}, name = 'data'): Manifest =>
  inNamespace('v1', 'PersistentVolumeClaim', name, {
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'corpus-fast',
      resources: { requests: { storage: '10Gi' } },
      ...spec,
    },
  });
export const storageClass = (
  fields: Fields = {},
  metadata: Fields = {},
  name = 'corpus-fast',
): Manifest =>
  ofCluster(
    'storage.k8s.io/v1',
    'StorageClass',
    name,
    {
      provisioner: 'corpus.disks.example.org',
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
      parameters: { pool: 'ssd' },
      ...fields,
    },
    metadata,
  );
export const volume = (spec: Fields = {}): Manifest =>
  ofCluster('v1', 'PersistentVolume', 'corpus-volume', {
    spec: {
      accessModes: ['ReadWriteMany'],
      capacity: { storage: '10Gi' },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'corpus-none',
      nfs: { server: '192.0.2.10', path: '/export' },
      ...spec,
    },
  });

export const container = (fields: Fields = {}): JsonObject => ({
  name: 'main',
  image: 'registry.example.org/program:2.4.1',
  ports: [{ containerPort: 8080, name: 'http' }],
  resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
  readinessProbe: { httpGet: { path: '/', port: 8080 } },
  livenessProbe: { httpGet: { path: '/', port: 8080 } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  ...fields,
});
export const pod = (containerFields: Fields = {}, fields: Fields = {}): JsonObject => ({
  securityContext: { runAsNonRoot: true, runAsUser: 1000 },
  containers: [container(containerFields)],
  ...fields,
});
/** A pod that keeps its data on the claim `data`. */
export const keeper = (containerFields: Fields = {}, fields: Fields = {}): JsonObject =>
  pod(
    { volumeMounts: [{ name: 'data', mountPath: '/data' }], ...containerFields },
    { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }], ...fields },
  );

const APP = { app: 'web' };
export const deployment = (
  podSpec: JsonObject = pod(),
  spec: Fields = {},
  more: { readonly labels?: Fields; readonly annotations?: Fields; readonly name?: string } = {},
): Manifest =>
  inNamespace('apps/v1', 'Deployment', more.name ?? 'web', {
    spec: {
      replicas: 2,
      selector: { matchLabels: APP },
      template: {
        metadata: { labels: more.labels ?? APP, annotations: more.annotations ?? {} },
        spec: podSpec,
      },
      ...spec,
    },
  });
export const statefulSet = (
  podSpec: JsonObject = pod({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
  spec: Fields = {},
): Manifest =>
  inNamespace('apps/v1', 'StatefulSet', 'db', {
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: podSpec },
      volumeClaimTemplates: [template()],
      ...spec,
    },
  });
export const template = (spec: Fields = {}): JsonObject => ({
  metadata: { name: 'data' },
  spec: {
    accessModes: ['ReadWriteOnce'],
    storageClassName: 'corpus-fast',
    resources: { requests: { storage: '20Gi' } },
    ...spec,
  },
});
export const daemonSet = (podSpec: JsonObject = pod(), selector = 'agent'): Manifest =>
  inNamespace('apps/v1', 'DaemonSet', 'agent', {
    spec: {
      selector: { matchLabels: { app: selector } },
      template: { metadata: { labels: { app: selector } }, spec: podSpec },
    },
  });
export const job = (containerFields: Fields = {}, spec: Fields = {}): Manifest =>
  inNamespace('batch/v1', 'Job', 'migrate', {
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [container(containerFields)] } },
      ...spec,
    },
  });
export const cronJob = (name: string, spec: Fields = {}): Manifest =>
  inNamespace('batch/v1', 'CronJob', name, {
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [container()] } } },
      },
      ...spec,
    },
  });

export const service = (spec: Fields = {}, name = 'web'): Manifest =>
  inNamespace('v1', 'Service', name, {
    spec: {
      selector: { app: name },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      ...spec,
    },
  });
export const ingress = (
  hosts: readonly string[] = ['web.example.org'],
  spec: Fields = { tls: [{ hosts: ['web.example.org'], secretName: 'web-tls' }] },
  annotations: Fields = {},
): Manifest =>
  inNamespace(
    'networking.k8s.io/v1',
    'Ingress',
    'web',
    {
      spec: {
        rules: hosts.map((host) => ({
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { number: 80 } } },
              },
            ],
          },
        })),
        ...spec,
      },
    },
    { annotations },
  );
export const policy = (spec: Fields = {}, name = 'web'): Manifest =>
  inNamespace('networking.k8s.io/v1', 'NetworkPolicy', name, {
    spec: {
      podSelector: { matchLabels: APP },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: 'proxy' } } }],
          ports: [{ port: 8080, protocol: 'TCP' }],
        },
      ],
      ...spec,
    },
  });
export const budget = (spec: Fields = { maxUnavailable: 1 }, app = 'web'): Manifest =>
  inNamespace('policy/v1', 'PodDisruptionBudget', app, {
    spec: { selector: { matchLabels: { app } }, ...spec },
  });
export const autoscaler = (maxReplicas: number): Manifest =>
  inNamespace('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 2,
      maxReplicas,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
    },
  });
export const quota = (hard: Fields): Manifest =>
  inNamespace('v1', 'ResourceQuota', 'quota', { spec: { hard } });
export const limitRange = (max: Fields): Manifest =>
  inNamespace('v1', 'LimitRange', 'limits', { spec: { limits: [{ type: 'Container', max }] } });

const RBAC = 'rbac.authorization.k8s.io';
export const rule = (
  verbs: readonly string[],
  resources: readonly string[],
  more: Fields = {},
): JsonObject => ({
  apiGroups: [''],
  resources,
  verbs,
  ...more,
});
export const role = (...rules: readonly JsonObject[]): Manifest =>
  inNamespace(`${RBAC}/v1`, 'Role', 'program', { rules });
export const clusterRole = (...rules: readonly JsonObject[]): Manifest =>
  ofCluster(`${RBAC}/v1`, 'ClusterRole', 'corpus-program', { rules });
export const group = (name: string): JsonObject => ({ apiGroup: RBAC, kind: 'Group', name });
export const program = (name = 'program'): JsonObject => ({
  kind: 'ServiceAccount',
  name,
  namespace: NS,
});
export const binding = (roleName: string, ...subjects: readonly JsonObject[]): Manifest =>
  inNamespace(`${RBAC}/v1`, 'RoleBinding', 'program', {
    roleRef: {
      apiGroup: RBAC,
      kind: roleName === 'program' ? 'Role' : 'ClusterRole',
      name: roleName,
    },
    subjects,
  });
export const clusterBinding = (roleName: string, ...subjects: readonly JsonObject[]): Manifest =>
  ofCluster(`${RBAC}/v1`, 'ClusterRoleBinding', 'corpus-program', {
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: roleName },
    subjects,
  });

export const definition = (
  properties: Fields = { size: { type: 'integer' }, comment: { type: 'string' } },
  spec: Fields = {},
): Manifest =>
  ofCluster('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.corpus.example.org', {
    spec: {
      group: 'corpus.example.org',
      scope: 'Namespaced',
      names: { kind: 'Thing', plural: 'things', singular: 'thing', listKind: 'ThingList' },
      versions: [version('v1', true, properties)],
      ...spec,
    },
  });
export const version = (name: string, storage: boolean, properties: Fields = {}): JsonObject => ({
  name,
  served: true,
  storage,
  schema: {
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties } } },
  },
});
export const thing = (spec: Fields = { size: 1 }): Manifest =>
  inNamespace('corpus.example.org/v1', 'Thing', 'thing', { spec });

export const webhook = (fields: Fields = {}, kind = 'ValidatingWebhookConfiguration'): Manifest =>
  ofCluster('admissionregistration.k8s.io/v1', kind, 'corpus', {
    webhooks: [
      {
        name: 'check.corpus.example.org',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Ignore',
        clientConfig: { url: 'https://hook.example.org/' },
        rules: [
          {
            apiGroups: ['corpus.example.org'],
            apiVersions: ['*'],
            operations: ['CREATE'],
            resources: ['*'],
          },
        ],
        ...fields,
      },
    ],
  });
export const priorityClass = (fields: Fields = {}): Manifest =>
  ofCluster('scheduling.k8s.io/v1', 'PriorityClass', 'corpus', { value: 1000, ...fields });
export const csiDriver = (spec: Fields = {}): Manifest =>
  ofCluster('storage.k8s.io/v1', 'CSIDriver', 'corpus.disks.example.org', {
    spec: { attachRequired: true, ...spec },
  });
export const ingressClass = (controller: string): Manifest =>
  ofCluster('networking.k8s.io/v1', 'IngressClass', 'corpus', { spec: { controller } });

/** A custom resource, whose definition no control plane of the tests has. */
export const custom = (apiVersion: string, kind: string, fields: Fields, name = 'it'): Manifest =>
  inNamespace(apiVersion, kind, name, fields);
export const beyond = (kind: string, fields: Fields, name = 'it'): Manifest =>
  ofCluster('harbor.beamline/v1', kind, name, fields);
export const constraints = (fields: Fields): Manifest =>
  ofCluster('security.openshift.io/v1', 'SecurityContextConstraints', 'corpus', {
    allowPrivilegedContainer: false,
    runAsUser: { type: 'MustRunAsRange' },
    ...fields,
  });
export const oauth = (...providers: readonly string[]): Manifest =>
  ofCluster('config.openshift.io/v1', 'OAuth', 'cluster', {
    spec: { identityProviders: providers.map((name) => ({ name, type: 'LDAP' })) },
  });
export const route = (spec: Fields = {}): Manifest =>
  inNamespace('route.openshift.io/v1', 'Route', 'web', {
    spec: {
      host: 'web.example.org',
      to: { kind: 'Service', name: 'web' },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
      ...spec,
    },
  });
