import { change, type Case } from './case';
import * as a from './objects';

const web = [a.deployment(), a.service()];
const reader = a.deployment(a.pod({ envFrom: [{ secretRef: { name: 'credentials' } }] }));
const needsKey = a.deployment(
  a.pod({
    env: [
      { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'credentials', key: 'password' } } },
    ],
  }),
);
const asProgram = a.deployment(a.pod({}, { serviceAccountName: 'program' }));
const retain = { whenDeleted: 'Retain', whenScaled: 'Retain' };
const gone = { whenDeleted: 'Delete', whenScaled: 'Retain' };
const ceph = (kind: string, spec: a.Fields, name?: string) =>
  a.custom('ceph.rook.io/v1', kind, { spec }, name);

const inHarbor = (kind: string, spec: a.Fields, more: a.Fields = {}) =>
  a.beyond(kind, { spec, connection: { url: 'https://registry.example.org' }, ...more });
const project = (spec: a.Fields = {}) =>
  inHarbor('HarborProject', { name: 'cms', public: false, quotaGiB: 200, cacheOf: '', ...spec });
const kept = (newest: number) =>
  inHarbor('HarborRetention', { project: 'cms', keep: [{ rule: { newest } }] });

/** Changes that lose data, access or service, or stop a deployment half-way. None may rank below high. */
export const DANGEROUS: readonly Case[] = [
  // Data
  change('delete a namespace with a claim', [a.namespace(), a.claim()], []),
  change('delete a namespace that looks empty', [a.namespace()], []),
  change('delete a claim', [a.claim()], [], [a.storageClass()]),
  change(
    'delete a claim of a class that retains',
    [a.claim()],
    [],
    [a.storageClass({ reclaimPolicy: 'Retain' })],
  ),
  change(
    'move a claim to another class',
    [a.claim()],
    [a.claim({ storageClassName: 'corpus-slow' })],
  ),
  change(
    'give a claim another access mode',
    [a.claim()],
    [a.claim({ accessModes: ['ReadWriteMany'] })],
  ),
  change('make a claim a block device', [a.claim()], [a.claim({ volumeMode: 'Block' })]),
  change('shrink a claim', [a.claim()], [a.claim({ resources: { requests: { storage: '5Gi' } } })]),
  change(
    'grow a claim of a class that does not expand',
    [a.claim()],
    [a.claim({ resources: { requests: { storage: '50Gi' } } })],
    [a.storageClass({ allowVolumeExpansion: false })],
  ),
  change('delete a volume', [a.volume()], []),
  change('delete a project of a registry', [project()], []),
  change('make a project of a registry a cache', [project()], [project({ cacheOf: 'docker-hub' })]),
  change('keep fewer images of a project', [project(), kept(10)], [project(), kept(2)]),
  change('begin to clean a project', [project()], [project(), kept(2)]),
  change('open a project of a registry', [project()], [project({ public: true })]),
  change(
    'delete a robot of a registry',
    [inHarbor('HarborRobot', { project: 'cms', name: 'puller', may: ['pull'] })],
    [],
  ),
  change(
    'delete a volume with reclaim policy Delete',
    [a.volume({ persistentVolumeReclaimPolicy: 'Delete' })],
    [],
  ),
  change(
    'point a volume to another server',
    [a.volume()],
    [a.volume({ nfs: { server: '192.0.2.11', path: '/export' } })],
  ),
  change(
    'stop retaining a volume',
    [a.volume()],
    [a.volume({ persistentVolumeReclaimPolicy: 'Delete' })],
  ),
  change(
    'stop retaining the volumes of a class',
    [a.storageClass({ reclaimPolicy: 'Retain' })],
    [a.storageClass()],
  ),
  change(
    'give a class another provisioner',
    [a.storageClass()],
    [a.storageClass({ provisioner: 'example.org/other' })],
    [a.claim()],
  ),
  change(
    'delete a class in use',
    [a.storageClass()],
    [],
    [a.claim({ storageClassName: 'corpus-fast' })],
  ),
  change(
    'take the default away from the only default class',
    [
      a.storageClass(
        {},
        { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
      ),
    ],
    [a.storageClass()],
  ),
  change(
    'delete a CSI driver',
    [a.csiDriver()],
    [],
    [a.storageClass({ provisioner: 'corpus.disks.example.org' })],
  ),
  change('delete a definition', [a.definition(), a.thing()], []),
  change(
    'make a definition cluster-scoped',
    [a.definition()],
    [a.definition(undefined, { scope: 'Cluster' })],
  ),
  change(
    'drop a field from a schema',
    [a.definition()],
    [a.definition({ size: { type: 'integer' } })],
  ),
  change(
    'stop serving a version',
    [a.definition(undefined, { versions: [a.version('v1', true), a.version('v1beta1', false)] })],
    [a.definition(undefined, { versions: [a.version('v1', true)] })],
  ),
  change('delete a Ceph pool', [ceph('CephBlockPool', { replicated: { size: 3 } })], []),
  change(
    'keep one copy in a Ceph pool',
    [ceph('CephBlockPool', { replicated: { size: 3 } })],
    [ceph('CephBlockPool', { replicated: { size: 1 } })],
  ),
  change(
    'arm the cleanup of a Ceph cluster',
    [ceph('CephCluster', { mon: { count: 3 } })],
    [
      ceph('CephCluster', {
        mon: { count: 3 },
        cleanupPolicy: { confirmation: 'yes-really-destroy-data' },
      }),
    ],
  ),
  change(
    'take nodes from a Ceph cluster',
    [ceph('CephCluster', { storage: { nodes: [{ name: 'a' }, { name: 'b' }] } })],
    [ceph('CephCluster', { storage: { nodes: [{ name: 'a' }] } })],
  ),
  change(
    'delete a database of an operator',
    [a.custom('postgresql.cnpg.io/v1', 'Cluster', { spec: { instances: 3 } })],
    [],
  ),
  change(
    'delete a custom resource of an operator that nobody knows',
    [a.thing()],
    [],
    [a.definition()],
  ),
  change(
    'delete a snapshot',
    [a.custom('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', { spec: {} })],
    [],
  ),

  // Workloads
  change('delete a StatefulSet with claims', [a.statefulSet()], []),
  change(
    'grow the claim template of a StatefulSet',
    [a.statefulSet()],
    [
      a.statefulSet(undefined, {
        volumeClaimTemplates: [a.template({ resources: { requests: { storage: '40Gi' } } })],
      }),
    ],
  ),
  change(
    'replace a StatefulSet whose claims go with it',
    [a.statefulSet(undefined, { persistentVolumeClaimRetentionPolicy: gone })],
    [
      a.statefulSet(undefined, {
        persistentVolumeClaimRetentionPolicy: gone,
        serviceName: 'other',
      }),
    ],
  ),
  change(
    'delete claims with their StatefulSet',
    [a.statefulSet(undefined, { persistentVolumeClaimRetentionPolicy: retain })],
    [a.statefulSet(undefined, { persistentVolumeClaimRetentionPolicy: gone })],
  ),
  change(
    'scale a StatefulSet below its majority',
    [a.statefulSet()],
    [a.statefulSet(undefined, { replicas: 1 })],
  ),
  change(
    'go back to an older database',
    [a.statefulSet()],
    [
      a.statefulSet(
        a.pod({
          image: 'registry.example.org/program:2.3.0',
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        }),
      ),
    ],
  ),
  change(
    'go to the next major version of a database',
    [a.statefulSet()],
    [
      a.statefulSet(
        a.pod({
          image: 'registry.example.org/program:3.0.0',
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        }),
      ),
    ],
  ),
  change(
    'mount the data of a database elsewhere',
    [a.statefulSet()],
    [a.statefulSet(a.pod({ volumeMounts: [{ name: 'data', mountPath: '/var/lib/data' }] }))],
  ),
  change(
    'use an emptyDir in place of a claim',
    [a.deployment(a.keeper())],
    [a.deployment(a.keeper({}, { volumes: [{ name: 'data', emptyDir: {} }] }))],
    [a.claim()],
  ),
  change(
    'mount another claim',
    [a.deployment(a.keeper())],
    [
      a.deployment(
        a.keeper({}, { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'new' } }] }),
      ),
    ],
    [a.claim(), a.claim({}, 'new')],
  ),
  change(
    'run a database as another user',
    [a.statefulSet()],
    [
      a.statefulSet(
        a.pod(
          { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
          { securityContext: { runAsNonRoot: true, runAsUser: 2000 } },
        ),
      ),
    ],
  ),
  change(
    'start a program with --force-reset',
    [a.deployment(a.keeper())],
    [a.deployment(a.keeper({ args: ['--force-reset'] }))],
    [a.claim()],
  ),
  change(
    'give a Deployment another selector',
    [a.deployment()],
    [
      a.deployment(
        undefined,
        { selector: { matchLabels: { app: 'web', tier: 'front' } } },
        { labels: { app: 'web', tier: 'front' } },
      ),
    ],
    [a.service()],
  ),
  change('delete a Deployment and keep its Service', web, [a.service()]),
  change(
    'scale a served Deployment to nothing',
    [a.deployment()],
    [a.deployment(undefined, { replicas: 0 })],
    [a.service()],
  ),
  change('stop the backups', [a.cronJob('backup')], [a.cronJob('backup', { suspend: true })]),
  change('give a DaemonSet another selector', [a.daemonSet()], [a.daemonSet(undefined, 'other')]),

  // Network
  change(
    'take the load balancer from a Service',
    [a.service({ type: 'LoadBalancer' })],
    [a.service()],
    [a.deployment()],
  ),
  change(
    'make a Service headless',
    [a.service()],
    [a.service({ clusterIP: 'None' })],
    [a.deployment()],
  ),
  change(
    'give a Service a load balancer',
    [a.service()],
    [a.service({ type: 'LoadBalancer' })],
    [a.deployment()],
  ),
  change(
    'open a load balancer to all',
    [a.service({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.0.2.0/24'] })],
    [a.service({ type: 'LoadBalancer' })],
    [a.deployment()],
  ),
  change(
    'let a Service select nothing',
    [a.service()],
    [a.service({ selector: { app: 'wbe' } })],
    [a.deployment()],
  ),
  change(
    'renumber the port of a Service',
    [a.service()],
    [a.service({ ports: [{ name: 'http', port: 8000, targetPort: 8080 }] })],
    [a.deployment()],
  ),
  change(
    'relabel pods away from their Service',
    [
      a.deployment(
        undefined,
        { selector: { matchLabels: { tier: 'x' } } },
        { labels: { app: 'web', tier: 'x' } },
      ),
    ],
    [
      a.deployment(
        undefined,
        { selector: { matchLabels: { tier: 'x' } } },
        { labels: { app: 'website', tier: 'x' } },
      ),
    ],
    [a.service()],
  ),
  change('delete an Ingress', [a.ingress()], [], web),
  change('rename the host of an Ingress', [a.ingress()], [a.ingress(['new.example.org'])], web),
  change('serve an Ingress without TLS', [a.ingress()], [a.ingress(['web.example.org'], {})], web),
  change('publish an internal Service', [], [a.ingress()], web),
  change(
    'take the login from an Ingress',
    [
      a.ingress(undefined, undefined, {
        'nginx.ingress.kubernetes.io/auth-url': 'https://login.example.org',
      }),
    ],
    [a.ingress()],
    web,
  ),
  change(
    'let a Route answer in clear',
    [a.route()],
    [a.route({ tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Allow' } })],
    web,
  ),
  change('delete a network policy', [a.policy()], [], [a.deployment()]),
  change(
    'let everybody through a network policy',
    [a.policy()],
    [a.policy({ ingress: [{}] })],
    [a.deployment()],
  ),
  change(
    'let every namespace through a network policy',
    [a.policy()],
    [
      a.policy({
        ingress: [{ from: [{ namespaceSelector: {} }], ports: [{ port: 8080, protocol: 'TCP' }] }],
      }),
    ],
    [a.deployment()],
  ),

  // Rights
  change(
    'bind edit to a group in a namespace that is there',
    [],
    [a.binding('edit', a.group('people'))],
    [a.namespace(), a.claim()],
  ),
  change(
    'bind cluster-admin to a group',
    [],
    [a.clusterBinding('cluster-admin', a.group('people'))],
  ),
  change(
    'let everybody edit',
    [a.binding('view', a.group('system:authenticated'))],
    [a.binding('edit', a.group('system:authenticated'))],
  ),
  change(
    'let a role do everything',
    [a.clusterRole(a.rule(['get'], ['pods']))],
    [a.clusterRole(a.rule(['*'], ['*'], { apiGroups: ['*'] }))],
  ),
  change(
    'let a role read every Secret',
    [a.role(a.rule(['get'], ['configmaps']))],
    [a.role(a.rule(['get'], ['configmaps', 'secrets']))],
  ),
  change(
    'let a role impersonate',
    [a.clusterRole(a.rule(['get'], ['pods']))],
    [a.clusterRole(a.rule(['get'], ['pods']), a.rule(['impersonate'], ['users']))],
  ),
  change(
    'take a program its rights',
    [a.binding('program', a.program())],
    [],
    [a.account(), a.role(a.rule(['get'], ['pods'])), asProgram],
  ),
  change('delete the account of a program', [a.account()], [], [asProgram]),
  change(
    'let a namespace run privileged pods',
    [a.namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' })],
    [a.namespace({ 'pod-security.kubernetes.io/enforce': 'privileged' })],
  ),
  change(
    'run a container privileged',
    [a.deployment()],
    [a.deployment(a.pod({ securityContext: { privileged: true } }))],
  ),
  change(
    'mount a directory of the node',
    [a.deployment()],
    [a.deployment(a.pod({}, { volumes: [{ name: 'root', hostPath: { path: '/' } }] }))],
  ),
  change(
    'use the network of the node',
    [a.deployment()],
    [a.deployment(a.pod({}, { hostNetwork: true }))],
  ),
  change(
    'open an SCC to everybody',
    [a.constraints({ users: [] })],
    [
      a.constraints({
        users: [],
        groups: ['system:authenticated'],
        allowPrivilegedContainer: true,
      }),
    ],
  ),
  change(
    'raise the priority of an SCC',
    [a.constraints({ priority: 1 })],
    [a.constraints({ priority: 20 })],
  ),
  change('remove the only login', [a.oauth('ldap')], [a.oauth()]),

  // Configuration and limits
  change(
    'take away a key that pods ask for',
    [a.secret({ password: 'x1', user: 'y' })],
    [a.secret({ user: 'y' })],
    [needsKey],
  ),
  change('delete a Secret that pods name', [a.secret({ password: 'x1' })], [], [reader]),
  change(
    'change the password of a database',
    [a.secret({ password: 'x1' })],
    [a.secret({ password: 'x2' })],
    [
      a.statefulSet(
        a.pod({
          envFrom: [{ secretRef: { name: 'credentials' } }],
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        }),
      ),
    ],
  ),
  change(
    'change an encryption key',
    [a.secret({ 'encryption-key': 'x1' })],
    [a.secret({ 'encryption-key': 'x2' })],
    [reader],
  ),
  change(
    'change the type of a Secret in use',
    [a.secret({ password: 'x1' })],
    [a.secret({ password: 'x1' }, 'credentials', 'example.org/other')],
    [reader],
  ),
  change(
    'set a quota below what runs',
    [a.quota({ 'requests.memory': '10Gi' })],
    [a.quota({ 'requests.memory': '1Gi' })],
    [a.deployment()],
  ),
  change(
    'limit containers below what they ask for',
    [],
    [a.limitRange({ memory: '512Mi' })],
    [a.deployment()],
  ),
  change('remove a disruption budget', [a.budget()], [], [a.deployment()]),
  change(
    'let all pods be drained at once',
    [a.budget()],
    [a.budget({ maxUnavailable: '100%' })],
    [a.deployment()],
  ),
  change(
    'let a webhook block every pod',
    [],
    [
      a.webhook({
        failurePolicy: 'Fail',
        rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['CREATE'], resources: ['*'] }],
      }),
    ],
  ),
  change('remove an admission webhook', [a.webhook()], []),
  change(
    'move an ingress class to another controller',
    [a.ingressClass('example.org/one')],
    [a.ingressClass('example.org/two')],
  ),
];
