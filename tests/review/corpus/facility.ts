import type { JsonObject } from '../../../plan/model';
import { edited, made } from './edit';

const web: JsonObject = {
  metadata: { labels: { app: 'web' } },
  spec: {
    serviceAccountName: 'web',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'main',
        image: 'registry.example.org/web:1.2.3',
        ports: [{ containerPort: 8080, name: 'http' }],
        env: [
          { name: 'LEVEL', value: 'info' },
          { name: 'DATABASE_URL', value: 'postgres://db:5432/web' },
        ],
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 'http' } },
        livenessProbe: { httpGet: { path: '/live', port: 'http' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [
          { name: 'tmp', mountPath: '/tmp' },
          { name: 'data', mountPath: '/data' },
        ],
      },
    ],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
    ],
  },
};
export const deploy = made(
  'Deployment',
  'web',
  { spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: web } },
  'apps/v1',
);
const db: JsonObject = {
  metadata: { labels: { app: 'db' } },
  spec: {
    terminationGracePeriodSeconds: 60,
    containers: [
      {
        name: 'db',
        image: 'registry.example.org/postgres:16.4',
        env: [{ name: 'PGDATA', value: '/var/lib/pg/data' }],
        resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2Gi' } },
        volumeMounts: [{ name: 'data', mountPath: '/var/lib/pg' }],
      },
    ],
  },
};
export const sts = made(
  'StatefulSet',
  'db',
  {
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: db,
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: 'corpus-fast',
            resources: { requests: { storage: '10Gi' } },
          },
        },
      ],
    },
  },
  'apps/v1',
);
export const pvc = made('PersistentVolumeClaim', 'data', {
  spec: {
    accessModes: ['ReadWriteMany'],
    storageClassName: 'corpus-fast',
    resources: { requests: { storage: '10Gi' } },
  },
});
export const sc = made(
  'StorageClass',
  'corpus-fast',
  {
    provisioner: 'rook-ceph.rbd.csi.ceph.com',
    parameters: { pool: 'replicapool', clusterID: 'rook-ceph', imageFeatures: 'layering' },
    reclaimPolicy: 'Retain',
    allowVolumeExpansion: true,
    volumeBindingMode: 'Immediate',
  },
  'storage.k8s.io/v1',
  null,
);
export const pv = made(
  'PersistentVolume',
  'corpus-atlas',
  {
    spec: {
      capacity: { storage: '1Ti' },
      accessModes: ['ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      nfs: { server: '10.0.0.5', path: '/export/atlas' },
      mountOptions: ['hard', 'vers=4.2'],
      claimRef: { namespace: 'corpus', name: 'atlas' },
    },
  },
  'v1',
  null,
);
export const pvLocal = made(
  'PersistentVolume',
  'corpus-disk',
  {
    spec: {
      capacity: { storage: '1Ti' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'local',
      local: { path: '/mnt/d0' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            {
              matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] }],
            },
          ],
        },
      },
      claimRef: { namespace: 'corpus', name: 'data' },
    },
  },
  'v1',
  null,
);
export const pvcPv = made('PersistentVolumeClaim', 'atlas', {
  spec: {
    accessModes: ['ReadWriteMany'],
    storageClassName: '',
    volumeName: 'corpus-atlas',
    resources: { requests: { storage: '1Ti' } },
  },
});
export const svc = made('Service', 'web', {
  spec: {
    type: 'ClusterIP',
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 'http' }],
  },
});
export const headless = made('Service', 'db', {
  spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ name: 'pg', port: 5432 }] },
});
export const ing = made(
  'Ingress',
  'web',
  {
    metadata: {
      name: 'web',
      namespace: 'corpus',
      annotations: { 'cert-manager.io/cluster-issuer': 'site' },
    },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['web.example.org'], secretName: 'web-tls' }],
      rules: [
        {
          host: 'web.example.org',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { name: 'http' } } },
              },
              {
                path: '/api',
                pathType: 'Prefix',
                backend: { service: { name: 'web', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    },
  },
  'networking.k8s.io/v1',
);
export const route = made(
  'Route',
  'web',
  {
    spec: {
      host: 'web.apps.example.org',
      to: { kind: 'Service', name: 'web' },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    },
  },
  'route.openshift.io/v1',
);
export const np = made(
  'NetworkPolicy',
  'db',
  {
    spec: {
      podSelector: { matchLabels: { app: 'db' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 5432 }] },
      ],
      egress: [],
    },
  },
  'networking.k8s.io/v1',
);
export const deny = made(
  'NetworkPolicy',
  'default-deny',
  { spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } },
  'networking.k8s.io/v1',
);
export const crd = made(
  'CustomResourceDefinition',
  'widgets.corpus.example.org',
  {
    spec: {
      group: 'corpus.example.org',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  'x-kubernetes-preserve-unknown-fields': true,
                  properties: { size: { type: 'integer' }, colour: { type: 'string' } },
                },
              },
            },
          },
        },
        {
          name: 'v1beta1',
          served: true,
          storage: false,
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      ],
    },
  },
  'apiextensions.k8s.io/v1',
  null,
);
export const widget = made(
  'Widget',
  'w',
  { spec: { size: 1, colour: 'red' } },
  'corpus.example.org/v1',
);
export const quota = made('ResourceQuota', 'q', {
  spec: {
    hard: {
      'requests.cpu': '10',
      'requests.memory': '20Gi',
      pods: '50',
      persistentvolumeclaims: '10',
    },
  },
});
export const secret = made('Secret', 'db-password', {
  type: 'Opaque',
  stringData: { password: 'x1' },
});
export const cm = made('ConfigMap', 'conf', { data: { 'app.yaml': 'a: 1\n# note\nb: 2\n' } });
export const pdb = made(
  'PodDisruptionBudget',
  'db',
  { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'db' } } } },
  'policy/v1',
);
export const hpa = made(
  'HorizontalPodAutoscaler',
  'web',
  {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      minReplicas: 4,
      maxReplicas: 20,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  },
  'autoscaling/v2',
);
export const role = made(
  'Role',
  'web',
  { rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }] },
  'rbac.authorization.k8s.io/v1',
);
export const rb = made(
  'RoleBinding',
  'web',
  {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'corpus' }],
  },
  'rbac.authorization.k8s.io/v1',
);
export const crole = made(
  'ClusterRole',
  'corpus-reader',
  { rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] }] },
  'rbac.authorization.k8s.io/v1',
  null,
);
export const crb = made(
  'ClusterRoleBinding',
  'corpus-reader',
  {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'corpus-reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'corpus' }],
  },
  'rbac.authorization.k8s.io/v1',
  null,
);
export const sa = made('ServiceAccount', 'web', { automountServiceAccountToken: false });
export const scc = made(
  'SecurityContextConstraints',
  'corpus-nfs',
  {
    priority: null,
    users: ['system:serviceaccount:corpus:nfs'],
    groups: [],
    allowPrivilegedContainer: false,
    allowHostDirVolumePlugin: false,
    allowHostNetwork: false,
    allowHostPID: false,
    allowHostIPC: false,
    allowHostPorts: false,
    allowPrivilegeEscalation: false,
    requiredDropCapabilities: ['ALL'],
    allowedCapabilities: [],
    runAsUser: { type: 'MustRunAsRange' },
    seLinuxContext: { type: 'MustRunAs' },
    fsGroup: { type: 'MustRunAs' },
    supplementalGroups: { type: 'RunAsAny' },
    volumes: ['configMap', 'emptyDir', 'secret', 'persistentVolumeClaim'],
    readOnlyRootFilesystem: false,
  },
  'security.openshift.io/v1',
  null,
);
export const job = made(
  'Job',
  'setup',
  {
    spec: {
      backoffLimit: 3,
      template: {
        metadata: { labels: { app: 'setup' } },
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 's', image: 'registry.example.org/setup:1' }],
        },
      },
    },
  },
  'batch/v1',
);
export const cron = made(
  'CronJob',
  'backup',
  {
    spec: {
      schedule: '0 3 * * *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [
                { name: 'b', image: 'registry.example.org/backup:1', command: ['pg_dump'] },
              ],
              volumes: [],
            },
          },
        },
      },
    },
  },
  'batch/v1',
);
export const prio = made(
  'PriorityClass',
  'corpus-critical',
  { value: 100000, globalDefault: false, preemptionPolicy: 'PreemptLowerPriority' },
  'scheduling.k8s.io/v1',
  null,
);
export const vwh = made(
  'ValidatingWebhookConfiguration',
  'corpus-guard',
  {
    webhooks: [
      {
        name: 'guard.example.org',
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: { name: 'guard', namespace: 'corpus', path: '/v' } },
        rules: [
          {
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            resources: ['deployments'],
            operations: ['CREATE', 'UPDATE'],
          },
        ],
        namespaceSelector: { matchLabels: { guarded: 'yes' } },
      },
    ],
  },
  'admissionregistration.k8s.io/v1',
  null,
);
export const vap = made(
  'ValidatingAdmissionPolicy',
  'corpus-images',
  {
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] },
        ],
      },
      validations: [
        {
          expression: "object.spec.containers.all(c, c.image.startsWith('registry.example.org/'))",
        },
      ],
    },
  },
  'admissionregistration.k8s.io/v1',
  null,
);
export const vapb = made(
  'ValidatingAdmissionPolicyBinding',
  'corpus-images',
  {
    spec: {
      policyName: 'corpus-images',
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { edge: 'yes' } } },
    },
  },
  'admissionregistration.k8s.io/v1',
  null,
);
export const pool = made(
  'CephBlockPool',
  'replicapool',
  {
    spec: {
      failureDomain: 'host',
      deviceClass: 'ssd',
      replicated: { size: 3, requireSafeReplicaSize: true },
    },
  },
  'ceph.rook.io/v1',
);
export const ceph = made(
  'CephCluster',
  'ceph',
  {
    spec: {
      dataDirHostPath: '/var/lib/rook',
      cephVersion: { image: 'quay.io/ceph/ceph:v19.2.3', allowUnsupported: false },
      mon: { count: 3, allowMultiplePerNode: false },
      mgr: { count: 2 },
      storage: {
        useAllNodes: false,
        useAllDevices: false,
        nodes: [
          { name: 'n1', devices: [{ name: 'sdb' }] },
          { name: 'n2', devices: [{ name: 'sdb' }] },
        ],
      },
      cleanupPolicy: { confirmation: '' },
      disruptionManagement: { managePodBudgets: true },
    },
  },
  'ceph.rook.io/v1',
);
export const cfs = made(
  'CephFilesystem',
  'fs',
  {
    spec: {
      metadataPool: { replicated: { size: 3 } },
      dataPools: [
        { name: 'default', replicated: { size: 3 } },
        { name: 'ec', erasureCoded: { dataChunks: 2, codingChunks: 1 } },
      ],
      preserveFilesystemOnDelete: true,
      metadataServer: { activeCount: 1, activeStandby: true },
    },
  },
  'ceph.rook.io/v1',
);
export const obc = made(
  'ObjectBucketClaim',
  'bucket',
  { spec: { bucketName: 'logs', storageClassName: 'rgw' } },
  'objectbucket.io/v1alpha1',
);
export const cert = made(
  'Certificate',
  'web',
  {
    spec: {
      secretName: 'web-tls',
      dnsNames: ['web.example.org', 'www.example.org'],
      issuerRef: { name: 'site', kind: 'ClusterIssuer' },
    },
  },
  'cert-manager.io/v1',
);
export const issuer = made(
  'ClusterIssuer',
  'site',
  {
    spec: {
      acme: {
        server: 'https://acme.example.org/dir',
        email: 'a@example.org',
        privateKeySecretRef: { name: 'acme' },
        solvers: [{ http01: { ingress: { class: 'nginx' } } }],
      },
    },
  },
  'cert-manager.io/v1',
  null,
);
export const ir = made(
  'IngressRoute',
  'dash',
  {
    spec: {
      entryPoints: ['websecure'],
      routes: [
        {
          match: 'Host(`dash.example.org`)',
          kind: 'Rule',
          middlewares: [{ name: 'login' }],
          services: [{ name: 'web', port: 80 }],
        },
      ],
      tls: { secretName: 'dash-tls' },
    },
  },
  'traefik.io/v1alpha1',
);
export const mw = made(
  'Middleware',
  'login',
  { spec: { ipAllowList: { sourceRange: ['10.0.0.0/8'] } } },
  'traefik.io/v1alpha1',
);
export const ds = made(
  'DaemonSet',
  'agent',
  {
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels: { app: 'agent' } },
        spec: {
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          containers: [{ name: 'a', image: 'registry.example.org/agent:1' }],
        },
      },
    },
  },
  'apps/v1',
);
export const lr = made('LimitRange', 'l', {
  spec: {
    limits: [
      {
        type: 'Container',
        default: { memory: '256Mi' },
        defaultRequest: { memory: '128Mi' },
        max: { memory: '4Gi' },
      },
    ],
  },
});
export const csidriver = made(
  'CSIDriver',
  'nfs.csi.corpus.example.org',
  { spec: { attachRequired: false, fsGroupPolicy: 'File', volumeLifecycleModes: ['Persistent'] } },
  'storage.k8s.io/v1',
  null,
);
export const snapshotClass = made(
  'VolumeSnapshotClass',
  'snap',
  { driver: 'rook-ceph.rbd.csi.ceph.com', deletionPolicy: 'Retain' },
  'snapshot.storage.k8s.io/v1',
  null,
);
export const snapshot = made(
  'VolumeSnapshot',
  'before-upgrade',
  { spec: { volumeSnapshotClassName: 'snap', source: { persistentVolumeClaimName: 'data' } } },
  'snapshot.storage.k8s.io/v1',
);
export const apisvc = made(
  'APIService',
  'v1beta1.corpus.example.org',
  {
    spec: {
      group: 'corpus.example.org',
      version: 'v1beta1',
      service: { name: 'metrics', namespace: 'corpus' },
      insecureSkipTLSVerify: false,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  },
  'apiregistration.k8s.io/v1',
  null,
);
export const pg = made(
  'Cluster',
  'pg',
  {
    spec: {
      instances: 3,
      storage: { size: '20Gi', storageClass: 'corpus-fast' },
      imageName: 'ghcr.io/cloudnative-pg/postgresql:16.4',
      backup: { retentionPolicy: '30d', barmanObjectStore: { destinationPath: 's3://b' } },
    },
  },
  'postgresql.cnpg.io/v1',
);
export const oauth = made(
  'OAuth',
  'cluster',
  {
    spec: {
      identityProviders: [
        {
          name: 'ldap',
          type: 'LDAP',
          mappingMethod: 'claim',
          ldap: {
            url: 'ldaps://ldap.example.org/ou=p?uid',
            insecure: false,
            attributes: { id: ['dn'] },
          },
        },
      ],
    },
  },
  'config.openshift.io/v1',
  null,
);
export const group = made(
  'Group',
  'atlas-admins',
  { users: ['ann', 'bob'] },
  'user.openshift.io/v1',
  null,
);
export const exports = made('ConfigMap', 'nfs-exports', {
  data: { exports: '/cvmfs/atlas.cern.ch *(ro,fsid=7,no_subtree_check,insecure)\n' },
});
export const egressfw = made(
  'EgressFirewall',
  'default',
  {
    spec: {
      egress: [
        { type: 'Allow', to: { dnsName: 'cvmfs.example.org' } },
        { type: 'Deny', to: { cidrSelector: '0.0.0.0/0' } },
      ],
    },
  },
  'k8s.ovn.org/v1',
);
export const monitor = made(
  'ServiceMonitor',
  'web',
  { spec: { selector: { matchLabels: { app: 'web' } }, endpoints: [{ port: 'http' }] } },
  'monitoring.coreos.com/v1',
);
export const gw = made(
  'Gateway',
  'edge',
  {
    spec: {
      gatewayClassName: 'traefik',
      listeners: [
        {
          name: 'https',
          port: 443,
          protocol: 'HTTPS',
          hostname: '*.example.org',
          tls: { mode: 'Terminate', certificateRefs: [{ name: 'wild' }] },
        },
      ],
    },
  },
  'gateway.networking.k8s.io/v1',
);
export const hr = made(
  'HTTPRoute',
  'web',
  {
    spec: {
      parentRefs: [{ name: 'edge' }],
      hostnames: ['web.example.org'],
      rules: [{ backendRefs: [{ name: 'web', port: 80 }] }],
    },
  },
  'gateway.networking.k8s.io/v1',
);

/** A Service of the outside, limited to one network. */
export const lb = edited(
  edited(svc, 'spec/type', 'LoadBalancer'),
  'spec/loadBalancerSourceRanges',
  ['131.225.0.0/16'],
);
