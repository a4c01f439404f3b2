import { change, type Case } from '../case';
import { C, edit, edited, made, netns, T } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const squids = [o.squidConfig, o.squidService];
const withHub = [o.hub, ...o.HUB];
const hubs = withHub.filter((one) => one !== o.hubService);
const budget = made(
  'PodDisruptionBudget',
  'squid',
  { spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'squid' } } } },
  'policy/v1',
);
const nightly = made(
  'CronJob',
  'sync-groups',
  {
    spec: {
      schedule: '*/15 * * * *',
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          template: {
            spec: {
              restartPolicy: 'Never',
              containers: [{ name: 'sync', image: 'harbor.example.org/site/sync:1.0.0' }],
            },
          },
        },
      },
    },
  },
  'batch/v1',
);
const dashboards = o.config('dashboards', { 'cvmfs.json': '{"title":"CVMFS","panels":[]}' });
const alerts = o.operated('monitoring.coreos.com/v1', 'PrometheusRule', 'storage', {
  groups: [{ name: 'ceph', rules: [{ alert: 'CephFull', expr: 'ceph_used > 0.8', for: '5m' }] }],
});
const scrape = o.operated('monitoring.coreos.com/v1', 'ServiceMonitor', 'squid', {
  selector: { matchLabels: { app: 'squid' } },
  endpoints: [{ port: 'metrics', interval: '30s' }],
});
const quota = made('ResourceQuota', 'site', {
  spec: { hard: { pods: '40', 'requests.cpu': '16' } },
});
const intoSquid = made(
  'NetworkPolicy',
  'squid',
  {
    spec: {
      podSelector: { matchLabels: { app: 'squid' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [{ podSelector: { matchLabels: { app: 'cvmfs-csi-node' } } }],
          ports: [{ port: 3128 }],
        },
      ],
    },
  },
  'networking.k8s.io/v1',
);
const beams = made(
  'CustomResourceDefinition',
  'beams.corpus.example.org',
  {
    spec: {
      group: 'corpus.example.org',
      scope: 'Namespaced',
      names: { plural: 'beams', singular: 'beam', kind: 'Beam', listKind: 'BeamList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { energy: { type: 'string' } } } },
            },
          },
        },
      ],
    },
  },
  'apiextensions.k8s.io/v1',
  null,
);
const beam = made('Beam', 'h4', { spec: { energy: '180' } }, 'corpus.example.org/v1');
const view = made(
  'RoleBinding',
  'readers',
  {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'ann' }],
  },
  'rbac.authorization.k8s.io/v1',
);
const done = made(
  'Job',
  'load-conditions',
  {
    spec: {
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'load', image: 'harbor.example.org/site/load:1' }],
        },
      },
    },
  },
  'batch/v1',
);
const logs = o.workload('DaemonSet', 'logs', o.podOf('logs'), {
  updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
});
const recommender = o.operated('autoscaling.k8s.io/v1', 'VerticalPodAutoscaler', 'squid', {
  targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'squid' },
  updatePolicy: { updateMode: 'Off' },
});
const limits = made('LimitRange', 'site', {
  spec: { limits: [{ type: 'Container', max: { memory: '8Gi' }, default: { memory: '1Gi' } }] },
});
const hook = made(
  'ValidatingWebhookConfiguration',
  'corpus-signatures',
  {
    webhooks: [
      {
        name: 'signed.images.example.org',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Ignore',
        timeoutSeconds: 10,
        clientConfig: { service: { name: 'signatures', namespace: 'corpus' }, caBundle: 'QQ==' },
        rules: [
          {
            apiGroups: ['corpus.example.org'],
            apiVersions: ['v1'],
            operations: ['CREATE'],
            resources: ['beams'],
          },
        ],
      },
    ],
  },
  'admissionregistration.k8s.io/v1',
  null,
);
const anyNode = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          topologyKey: 'kubernetes.io/hostname',
          labelSelector: { matchLabels: { app: 'squid' } },
        },
      },
    ],
  },
};
const experiment = made(
  'Group',
  'corpus-cms-users',
  { users: ['ann'] },
  'user.openshift.io/v1',
  null,
);

/** A working day's changes. */
export const SITE_HARMLESS: readonly Case[] = [
  edit('cache patched', o.squid, `${C}/image`, 'harbor.example.org/site/squid:3.2.2', squids),
  edit(
    'image by its digest',
    o.squid,
    `${C}/image`,
    `harbor.example.org/site/squid:3.2.1@sha256:${'a'.repeat(64)}`,
    squids,
  ),
  edit('one cache more', o.squid, 'spec/replicas', 3, squids),
  edit('four workers more', o.startd, 'spec/replicas', 12, [o.condorConfig]),
  edit('a label of a team', o.squid, 'metadata/labels', { 'example.org/team': 'grid' }, squids),
  edit(
    'a label on the pods of the cache',
    o.squid,
    'spec/template/metadata/labels',
    { app: 'squid', 'example.org/team': 'grid' },
    squids,
  ),
  edit(
    'who answers for the cache',
    o.squid,
    'metadata/annotations',
    { 'example.org/contact': 'grid@example.org' },
    squids,
  ),
  edit('more memory for the cache', o.squid, `${C}/resources/limits/memory`, '2Gi', squids),
  edit('a little more processor', o.squid, `${C}/resources/requests/cpu`, '300m', squids),
  edit(
    'a log with more in it',
    o.squid,
    `${C}/env`,
    [{ name: 'LOG_LEVEL', value: 'debug' }],
    squids,
  ),
  edit(
    'cache asked whether it is up',
    o.squid,
    `${C}/readinessProbe`,
    { tcpSocket: { port: 'proxy' } },
    squids,
  ),
  edit(
    'cache given time to start',
    o.squid,
    `${C}/startupProbe`,
    { tcpSocket: { port: 'proxy' }, failureThreshold: 30 },
    squids,
  ),
  edit('more time to finish', o.squid, `${T}/terminationGracePeriodSeconds`, 60, squids),
  edit('caches apart if they can', o.squid, `${T}/affinity`, anyNode, squids),
  edit(
    'spread over zones if it can',
    o.squid,
    `${T}/topologySpreadConstraints`,
    [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { app: 'squid' } },
      },
    ],
    squids,
  ),
  edit(
    'may run on the nodes of a project',
    o.squid,
    `${T}/tolerations`,
    [{ key: 'example.org/dedicated', operator: 'Equal', value: 'grid', effect: 'NoSchedule' }],
    squids,
  ),
  edit('history of two', o.squid, 'spec/revisionHistoryLimit', 2, squids),
  edit(
    'rolls one by one',
    o.squid,
    'spec/strategy',
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    squids,
  ),
  edit(
    'file system of the image read only',
    o.squid,
    `${C}/securityContext/readOnlyRootFilesystem`,
    true,
    squids,
  ),
  edit(
    'a place for temporary files',
    o.squid,
    `${T}/volumes/+`,
    { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
    squids,
  ),
  change('cache guarded in a drain', [], [budget], [o.squid, ...squids]),
  edit('guard lets two go', budget, 'spec/maxUnavailable', '50%', [
    edited(o.squid, 'spec/replicas', 4),
    ...squids,
  ]),
  edit('up to ten caches', c.scaler, 'spec/maxReplicas', 10, [o.squid, ...squids]),
  edit('scales a little later', c.scaler, 'spec/metrics/0/resource/target/averageUtilization', 70, [
    o.squid,
    ...squids,
  ]),
  edit('groups synchronised every half hour', nightly, 'spec/schedule', '*/30 * * * *'),
  edit('one finished job kept', nightly, 'spec/successfulJobsHistoryLimit', 1),
  edit(
    'synchroniser patched',
    nightly,
    'spec/jobTemplate/spec/template/spec/containers/0/image',
    'harbor.example.org/site/sync:1.0.1',
  ),
  edit(
    'a panel more',
    dashboards,
    'data/cvmfs.json',
    '{"title":"CVMFS","panels":[{"title":"hit rate"}]}',
  ),
  edit('told a little earlier', alerts, 'spec/groups/0/rules/0/for', '10m'),
  change('alerts where there were none', [], [alerts]),
  edit('asked less often', scrape, 'spec/endpoints/0/interval', '60s', [o.squid, ...squids]),
  edit(
    'a comment in the settings of the cache',
    o.squidConfig,
    'data/squid.conf',
    '# the site\nacl site src 131.225.0.0/16\nhttp_access allow site\nhttp_access deny all\ncache_mem 512 MB\n',
    [o.squid],
  ),
  edit(
    'more memory in the settings of the cache',
    o.squidConfig,
    'data/squid.conf',
    'acl site src 131.225.0.0/16\nhttp_access allow site\nhttp_access deny all\ncache_mem 1024 MB\n',
    [o.squid],
  ),
  edit(
    'larger local cache of CVMFS',
    o.cvmfsConfig,
    'data/default.local',
    'CVMFS_HTTP_PROXY="http://squid.corpus:3128"\nCVMFS_REPOSITORIES=cms.cern.ch,atlas.cern.ch\nCVMFS_NFS_SOURCE=yes\nCVMFS_NFS_SHARED=/var/lib/cvmfs-maps\nCVMFS_QUOTA_LIMIT=40000\n',
    [o.cvmfsNode],
  ),
  edit(
    'a repository of CVMFS more',
    o.cvmfsConfig,
    'data/default.local',
    'CVMFS_HTTP_PROXY="http://squid.corpus:3128"\nCVMFS_REPOSITORIES=cms.cern.ch,atlas.cern.ch,dune.opensciencegrid.org\nCVMFS_NFS_SOURCE=yes\nCVMFS_NFS_SHARED=/var/lib/cvmfs-maps\nCVMFS_QUOTA_LIMIT=20000\n',
    [o.cvmfsNode],
  ),
  edit(
    'another group may sign in to the hub',
    o.hubConfig,
    'data/jupyterhub_config.py',
    "c.JupyterHub.authenticator_class = 'generic-oauth'\nc.GenericOAuthenticator.allowed_groups = {'cms', 'dune'}\nc.JupyterHub.db_url = 'sqlite:////srv/jupyterhub/jupyterhub.sqlite'\n",
    [o.hub],
  ),
  edit(
    'slots of the workers',
    o.condorConfig,
    'data/50-site.conf',
    'SEC_DEFAULT_AUTHENTICATION = REQUIRED\nSEC_DEFAULT_AUTHENTICATION_METHODS = IDTOKENS\nALLOW_WRITE = *@corpus.example.org\nNUM_SLOTS = 16\n',
    [o.startd],
  ),
  edit('hub database on a larger claim', o.hubClaim, 'spec/resources/requests/storage', '2Gi', [
    c.ssd,
    o.hub,
  ]),
  edit('label of a claim', o.hubClaim, 'metadata/labels', { 'example.org/backup': 'yes' }, [o.hub]),
  change('claim for a new program', [], [o.claim('notes', '5Gi')], [c.ssd]),
  change('a class that nobody has to take', [], [edited(c.ssd, 'metadata/name', 'corpus-archive')]),
  edit('who answers for a class', c.ssd, 'metadata/annotations', {
    'example.org/contact': 'storage@example.org',
  }),
  change(
    'settings that nobody reads deleted',
    [o.config('leftover', { a: '1' })],
    [],
    [o.squid, ...squids],
  ),
  change(
    'account that nobody has deleted',
    [made('ServiceAccount', 'leftover', {})],
    [],
    [o.squid, ...squids],
  ),
  change(
    'secret for a new program',
    [],
    [made('Secret', 'api', { type: 'Opaque', stringData: { token: 'a' } })],
  ),
  change(
    'a new program with its service',
    [],
    [
      o.workload('Deployment', 'notes', o.podOf('notes', { ports: [{ containerPort: 80 }] }), {
        replicas: 1,
      }),
      o.serviceOf('notes', 80),
    ],
  ),
  change('a finished job deleted', [done], []),
  change('a job more', [], [done]),
  edit(
    'a port of metrics on the service',
    o.hubService,
    'spec/ports',
    [
      { name: 'http', port: 8081, targetPort: 'http' },
      { name: 'metrics', port: 9090, targetPort: 'http' },
    ],
    hubs,
  ),
  edit(
    'metrics asked by the monitoring',
    intoSquid,
    'spec/ingress/+',
    {
      from: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } },
          podSelector: { matchLabels: { app: 'prometheus' } },
        },
      ],
      ports: [{ port: 9301 }],
    },
    [o.squid, ...squids],
  ),
  edit(
    'uploads of the hub may be larger',
    c.hubIngress,
    'metadata/annotations',
    {
      'nginx.ingress.kubernetes.io/whitelist-source-range': '131.225.0.0/16',
      'nginx.ingress.kubernetes.io/proxy-body-size': '50m',
    },
    withHub,
  ),
  edit('certificate renewed earlier', c.hubCertificate, 'spec/renewBefore', '720h', [
    c.acme,
    c.hubIngress,
  ]),
  edit('certificate with a name more', c.hubCertificate, 'spec/dnsNames/+', 'lab.example.org', [
    c.acme,
    c.hubIngress,
  ]),
  edit(
    'a path of the hub with a longer limit',
    c.hubRoute,
    'spec/rules/0/timeouts',
    { request: '300s' },
    [c.gateway, ...withHub],
  ),
  edit(
    'another door of the gateway',
    c.gateway,
    'spec/listeners/+',
    {
      name: 'lab',
      port: 443,
      protocol: 'HTTPS',
      hostname: 'lab.example.net',
      tls: { mode: 'Terminate', certificateRefs: [{ name: 'lab' }] },
      allowedRoutes: { namespaces: { from: 'Same' } },
    },
    [c.hubRoute, ...withHub],
  ),
  edit('addresses of the site added', c.addresses, 'spec/addresses/+', '192.0.2.16/29', [
    o.squidService,
  ]),
  edit(
    'a field that may be left out',
    beams,
    'spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/line',
    { type: 'string' },
    [beam],
  ),
  edit(
    'a column for kubectl',
    beams,
    'spec/versions/0/additionalPrinterColumns',
    [{ name: 'Energy', type: 'string', jsonPath: '.spec.energy' }],
    [beam],
  ),
  edit('a short name', beams, 'spec/names/shortNames', ['bm'], [beam]),
  edit(
    'project warns of privileged pods',
    netns({ 'pod-security.kubernetes.io/enforce': 'baseline' }),
    'metadata/labels',
    {
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'restricted',
    },
    [o.squid, ...squids],
  ),
  edit(
    'project says what it is',
    netns({}, {}),
    'metadata/annotations',
    { 'openshift.io/description': 'caches' },
    [o.squid, ...squids],
  ),
  edit('more room', quota, 'spec/hard', { pods: '60', 'requests.cpu': '32' }, [o.squid, ...squids]),
  edit('containers may be larger', limits, 'spec/limits/0/max/memory', '16Gi', [
    o.squid,
    ...squids,
  ]),
  edit('a reader more', view, 'subjects/+', {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: 'User',
    name: 'bob',
  }),
  edit('a user more in the experiment', experiment, 'users/+', 'bob'),
  edit('hub may watch its pods', o.hubRole, 'rules/0/verbs/+', 'watch', [
    o.hub,
    ...o.HUB.filter((one) => one !== o.hubRole),
  ]),
  edit('agents of logs patched', logs, `${C}/image`, 'harbor.example.org/site/logs:3.2.2'),
  edit(
    'agents of logs a few at a time',
    logs,
    'spec/updateStrategy/rollingUpdate/maxUnavailable',
    '10%',
  ),
  change('advice on sizes', [], [recommender], [o.squid, ...squids]),
  edit(
    'more processors in the queue',
    c.queue,
    'spec/resourceGroups/0/flavors/0/resources/0/nominalQuota',
    600,
  ),
  edit('guard has less time', hook, 'webhooks/0/timeoutSeconds', 5),
  edit('Ceph with five monitors', c.cephCluster, 'spec/mon/count', 5),
  edit('Ceph on a host more', c.cephCluster, 'spec/storage/nodes/+', {
    name: 's4',
    devices: [{ name: 'nvme0n1' }],
  }),
  edit('object store with a door more', c.objectStore, 'spec/gateway/instances', 3),
  edit('file system with two active servers', c.sharedFs, 'spec/metadataServer/activeCount', 2),
  edit('metrics kept longer', c.prometheus, 'spec/retention', '120d'),
  edit('node with a label more', c.worker, 'metadata/labels', {
    'kubernetes.io/hostname': 'corpus-worker-1',
    'example.org/disks': 'nvme',
    'example.org/row': '7',
  }),
  edit('database with more memory', o.postgres, `${C}/resources/limits/memory`, '2Gi', o.PG),
  edit(
    'who answers for a data set',
    c.datasets,
    'metadata/labels',
    { 'example.org/experiment': 'cms' },
    [c.datasetsClaim],
  ),
];

const attributes = made(
  'VolumeAttributesClass',
  'corpus-gold',
  { driverName: 'rook-ceph.rbd.csi.ceph.com', parameters: { iops: '4000' } },
  'storage.k8s.io/v1',
  null,
);

/** Thought dangerous at first, and argued down: what runs stays, and nothing is lost. */
export const SITE_NOTICED: readonly Case[] = [
  edit('node takes no pods', c.worker, 'spec/unschedulable', true),
  // Volumes that have the class keep what they got; only new ones, and those that are modified, get the other.
  edit('parameters of an attributes class', attributes, 'parameters/iops', '1'),
];
