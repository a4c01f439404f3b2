import { change, type Case } from './case';
import * as a from './objects';

const web = [a.deployment(), a.service()];
const reader = a.deployment(a.pod({ envFrom: [{ configMapRef: { name: 'settings' } }] }));
const labelled = (manifest: ReturnType<typeof a.claim>, labels: a.Fields) => ({
  ...manifest,
  metadata: { ...manifest.metadata, labels },
});
const data = { volumeMounts: [{ name: 'data', mountPath: '/data' }] };

/** Everyday changes. At most one in twenty may rank above medium. */
const project = (quotaGiB: number) =>
  a.beyond('HarborProject', { spec: { name: 'cms', public: false, quotaGiB, cacheOf: '' } });
const kept = a.beyond('HarborRetention', {
  spec: { project: 'cms', keep: [{ rule: { newest: 9 } }] },
});

export const HARMLESS: readonly Case[] = [
  // Inside a registry
  change('make a project of a registry and clean it', [], [project(200), kept]),
  change('give a project of a registry more room', [project(200)], [project(300)]),
  // Images and resources
  change(
    'go to the next patch version',
    [a.deployment()],
    [a.deployment(a.pod({ image: 'registry.example.org/program:2.4.2' }))],
  ),
  change(
    'go to the next minor version',
    [a.deployment()],
    [a.deployment(a.pod({ image: 'registry.example.org/program:2.5.0' }))],
  ),
  change(
    'go to the next major version without data',
    [a.deployment()],
    [a.deployment(a.pod({ image: 'registry.example.org/program:3.0.0' }))],
  ),
  change(
    'go to the next patch version of a database',
    [a.statefulSet()],
    [a.statefulSet(a.pod({ ...data, image: 'registry.example.org/program:2.4.2' }))],
  ),
  change(
    'pin an image by digest',
    [a.deployment()],
    [a.deployment(a.pod({ image: `registry.example.org/program:2.4.1@sha256:${'a'.repeat(64)}` }))],
  ),
  change(
    'give more memory',
    [a.deployment()],
    [
      a.deployment(
        a.pod({
          resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { memory: '4Gi' } },
        }),
      ),
    ],
  ),
  change(
    'ask for less CPU',
    [a.deployment()],
    [
      a.deployment(
        a.pod({
          resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { memory: '2Gi' } },
        }),
      ),
    ],
  ),
  change(
    'limit memory a little tighter',
    [a.deployment()],
    [
      a.deployment(
        a.pod({
          resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1536Mi' } },
        }),
      ),
    ],
  ),
  change(
    'spell the same amount another way',
    [a.deployment()],
    [
      a.deployment(
        a.pod({
          resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { memory: '2048Mi' } },
        }),
      ),
    ],
  ),
  change(
    'give a probe more time',
    [a.deployment()],
    [
      a.deployment(
        a.pod({ readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 20 } }),
      ),
    ],
  ),
  change(
    'add a startup probe',
    [a.deployment()],
    [a.deployment(a.pod({ startupProbe: { httpGet: { path: '/', port: 8080 } } }))],
  ),
  change(
    'set an environment variable',
    [a.deployment()],
    [a.deployment(a.pod({ env: [{ name: 'LEVEL', value: 'debug' }] }))],
  ),
  change('add an argument', [a.deployment()], [a.deployment(a.pod({ args: ['--verbose'] }))]),
  change(
    'add an emptyDir',
    [a.deployment()],
    [
      a.deployment(
        a.pod(
          { volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }] },
          { volumes: [{ name: 'tmp', emptyDir: {} }] },
        ),
      ),
    ],
  ),
  change(
    'add a sidecar',
    [a.deployment()],
    [
      a.deployment(
        a.pod({}, { containers: [a.container(), a.container({ name: 'logs', ports: [] })] }),
      ),
    ],
  ),
  change(
    'tolerate a taint',
    [a.deployment()],
    [a.deployment(a.pod({}, { tolerations: [{ key: 'infra', operator: 'Exists' }] }))],
  ),
  change(
    'spread pods',
    [a.deployment()],
    [
      a.deployment(
        a.pod(
          {},
          {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'kubernetes.io/hostname',
                whenUnsatisfiable: 'ScheduleAnyway',
                labelSelector: { matchLabels: { app: 'web' } },
              },
            ],
          },
        ),
      ),
    ],
  ),
  change(
    'give pods more time to stop',
    [a.deployment()],
    [a.deployment(a.pod({}, { terminationGracePeriodSeconds: 60 }))],
  ),
  change(
    'roll pods by a checksum',
    [a.deployment()],
    [a.deployment(undefined, {}, { annotations: { 'checksum/settings': 'abc' } })],
  ),
  change('scale up', [a.deployment()], [a.deployment(undefined, { replicas: 4 })], [a.service()]),
  change(
    'scale down to what still spreads',
    [a.deployment(undefined, { replicas: 4 })],
    [a.deployment(undefined, { replicas: 3 })],
    [a.service()],
  ),
  change(
    'keep fewer old revisions',
    [a.deployment()],
    [a.deployment(undefined, { revisionHistoryLimit: 3 })],
  ),
  change('scale a StatefulSet up', [a.statefulSet()], [a.statefulSet(undefined, { replicas: 5 })]),
  change(
    'drop one of five members',
    [a.statefulSet(undefined, { replicas: 5 })],
    [a.statefulSet(undefined, { replicas: 4 })],
  ),
  change(
    'retain claims from now on',
    [
      a.statefulSet(undefined, {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Retain' },
      }),
    ],
    [
      a.statefulSet(undefined, {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      }),
    ],
  ),
  change(
    'update a DaemonSet',
    [a.daemonSet()],
    [a.daemonSet(a.pod({ image: 'registry.example.org/program:2.4.2' }))],
  ),
  change('keep Jobs for an hour', [a.job()], [a.job({}, { ttlSecondsAfterFinished: 3600 })]),
  change(
    'run a Job with a newer image',
    [a.job()],
    [a.job({ image: 'registry.example.org/program:2.5.0' })],
  ),
  change('remove a finished Job', [a.job()], []),
  change(
    'move a schedule',
    [a.cronJob('report')],
    [a.cronJob('report', { schedule: '0 4 * * *' })],
  ),
  change('suspend a report', [a.cronJob('report')], [a.cronJob('report', { suspend: true })]),
  change('remove a program with its Service', web, []),

  // New things
  change('add a program with its Service', [], web),
  change('add a program with its Service and Ingress', [], [...web, a.ingress()]),
  change(
    'add a namespace',
    [],
    [a.namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' })],
  ),
  change('add a tenant with its groups', [], [a.namespace(), a.binding('edit', a.group('people'))]),
  change('add a claim', [], [a.claim()], [a.storageClass()]),
  change('add a class', [], [a.storageClass({}, {}, 'corpus-new')]),
  change('add a database', [], [a.statefulSet(), a.service({}, 'db')]),
  change('add a definition with an object', [], [a.definition(), a.thing()]),
  change(
    'add a program that reads its own ConfigMaps',
    [],
    [
      a.account(),
      a.role(a.rule(['get', 'list'], ['configmaps'])),
      a.binding('program', a.program()),
      a.deployment(a.pod({}, { serviceAccountName: 'program' })),
    ],
  ),
  change('add a budget', [], [a.budget()], [a.deployment()]),
  change('add an autoscaler', [], [a.autoscaler(5)], [a.deployment()]),
  change('add a quota with room', [], [a.quota({ 'requests.memory': '100Gi' })], [a.deployment()]),
  change('add a network policy', [], [a.policy()], [a.deployment()]),
  change('add a Secret', [], [a.secret({ password: 'x1' })]),
  change(
    'add a Ceph pool',
    [],
    [a.custom('ceph.rook.io/v1', 'CephBlockPool', { spec: { replicated: { size: 3 } } })],
  ),
  change(
    'add a scrape target',
    [],
    [a.custom('monitoring.coreos.com/v1', 'ServiceMonitor', { spec: {} })],
    web,
  ),

  // Data, the safe way
  change(
    'grow a claim',
    [a.claim()],
    [a.claim({ resources: { requests: { storage: '20Gi' } } })],
    [a.storageClass()],
  ),
  change('label a claim', [a.claim()], [labelled(a.claim(), { team: 'cms' })]),
  change(
    'retain a volume from now on',
    [a.volume({ persistentVolumeReclaimPolicy: 'Delete' })],
    [a.volume()],
  ),
  change(
    'let a class expand',
    [a.storageClass({ allowVolumeExpansion: false })],
    [a.storageClass()],
  ),
  change(
    'retain the volumes of a class',
    [a.storageClass()],
    [a.storageClass({ reclaimPolicy: 'Retain' })],
  ),
  change('remove a class that nobody uses', [a.storageClass()], []),
  change(
    'describe a field of a schema',
    [a.definition()],
    [
      a.definition({
        size: { type: 'integer', description: 'how big' },
        comment: { type: 'string' },
      }),
    ],
  ),
  change(
    'add a field to a schema',
    [a.definition()],
    [
      a.definition({
        size: { type: 'integer' },
        comment: { type: 'string' },
        color: { type: 'string' },
      }),
    ],
  ),
  change(
    'serve one more version',
    [a.definition(undefined, { versions: [a.version('v1', true)] })],
    [a.definition(undefined, { versions: [a.version('v1', true), a.version('v2', false)] })],
  ),
  change('change a custom resource', [a.thing()], [a.thing({ size: 2 })], [a.definition()]),
  change(
    'keep more copies in a Ceph pool',
    [a.custom('ceph.rook.io/v1', 'CephBlockPool', { spec: { replicated: { size: 2 } } })],
    [a.custom('ceph.rook.io/v1', 'CephBlockPool', { spec: { replicated: { size: 3 } } })],
  ),

  // Network and rights
  change(
    'add a port to a Service',
    [a.service()],
    [
      a.service({
        ports: [
          { name: 'http', port: 80, targetPort: 8080 },
          { name: 'metrics', port: 9090, targetPort: 9090 },
        ],
      }),
    ],
    [a.deployment()],
  ),
  change(
    'name the target port',
    [a.service()],
    [a.service({ ports: [{ name: 'http', port: 80, targetPort: 'http' }] })],
    [a.deployment()],
  ),
  change(
    'stick clients to pods',
    [a.service()],
    [a.service({ sessionAffinity: 'ClientIP' })],
    [a.deployment()],
  ),
  change(
    'serve one more host',
    [a.ingress()],
    [a.ingress(['web.example.org', 'www.example.org'])],
    web,
  ),
  change('encrypt an Ingress', [a.ingress(['web.example.org'], {})], [a.ingress()], web),
  change('label an Ingress', [a.ingress()], [labelled(a.ingress(), { team: 'cms' })], web),
  change(
    'let one more program in',
    [a.policy()],
    [
      a.policy({
        ingress: [
          {
            from: [
              { podSelector: { matchLabels: { app: 'proxy' } } },
              { podSelector: { matchLabels: { app: 'monitor' } } },
            ],
            ports: [{ port: 8080, protocol: 'TCP' }],
          },
        ],
      }),
    ],
    [a.deployment()],
  ),
  change('let fewer in', [a.policy()], [a.policy({ ingress: [] })], [a.deployment()]),
  change(
    'give view to one more group',
    [a.binding('view', a.group('people'))],
    [a.binding('view', a.group('people'), a.group('guests'))],
  ),
  change(
    'let a role watch what it reads',
    [a.role(a.rule(['get', 'list'], ['configmaps']))],
    [a.role(a.rule(['get', 'list', 'watch'], ['configmaps']))],
  ),
  change(
    'raise the pod security of a namespace',
    [a.namespace({ 'pod-security.kubernetes.io/enforce': 'baseline' })],
    [a.namespace({ 'pod-security.kubernetes.io/enforce': 'restricted' })],
  ),
  change('label a namespace', [a.namespace()], [a.namespace({ team: 'cms' })]),
  change('remove an account that nobody uses', [a.account()], []),

  // Configuration
  change(
    'change a ConfigMap with its pods',
    [a.configMap({ level: 'info' }), reader],
    [
      a.configMap({ level: 'debug' }),
      a.deployment(
        a.pod({ envFrom: [{ configMapRef: { name: 'settings' } }] }),
        {},
        { annotations: { checksum: 'b' } },
      ),
    ],
  ),
  change(
    'change a ConfigMap without its pods',
    [a.configMap({ level: 'info' })],
    [a.configMap({ level: 'debug' })],
    [reader],
  ),
  change(
    'add a key to a ConfigMap',
    [a.configMap({ level: 'info' })],
    [a.configMap({ level: 'info', color: 'red' })],
    [reader],
  ),
  change('remove a ConfigMap that nobody reads', [a.configMap({ level: 'info' })], []),
  change(
    'change a password without data behind it',
    [a.secret({ password: 'x1' })],
    [a.secret({ password: 'x2' })],
    [a.deployment(a.pod({ envFrom: [{ secretRef: { name: 'credentials' } }] }))],
  ),
  change('remove a Secret that nobody reads', [a.secret({ password: 'x1' })], []),
  change(
    'raise a quota',
    [a.quota({ 'requests.memory': '10Gi' })],
    [a.quota({ 'requests.memory': '20Gi' })],
    [a.deployment()],
  ),
  change(
    'lower a quota with room left',
    [a.quota({ 'requests.memory': '100Gi' })],
    [a.quota({ 'requests.memory': '50Gi' })],
    [a.deployment()],
  ),
  change(
    'let one more pod be drained',
    [a.budget()],
    [a.budget({ maxUnavailable: 2 })],
    [a.deployment(undefined, { replicas: 5 })],
  ),
  change('remove a budget with its program', [a.budget(), a.deployment()], []),
  change('let an autoscaler go higher', [a.autoscaler(5)], [a.autoscaler(10)], [a.deployment()]),
  change(
    'describe a priority class',
    [a.priorityClass()],
    [a.priorityClass({ description: 'for people who wait' })],
  ),
];
