import type { JsonObject } from '../../../../plan/model';
import { change, type Case } from '../case';
import { C, edit, edited, made, T } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const squids = [o.squidConfig, o.squidService];
const priority = made(
  'PriorityClass',
  'corpus-storage',
  { value: 900_000 },
  'scheduling.k8s.io/v1',
  null,
);
const runtime = made('RuntimeClass', 'corpus-kata', { handler: 'kata' }, 'node.k8s.io/v1', null);
const withSettings = edited(o.squid, `${C}/env`, [
  { name: 'ORIGIN', valueFrom: { configMapKeyRef: { name: 'squid', key: 'origin' } } },
]);
const withOrigin = edited(o.squidConfig, 'data/origin', 'http://origin.example.org');
const gpu = edited(
  edited(o.squid, `${T}/nodeSelector`, { 'example.org/disks': 'nvme' }),
  `${T}/tolerations`,
  [{ key: 'example.org/dedicated', operator: 'Exists', effect: 'NoSchedule' }],
);
const dedicated = edited(c.worker, 'spec/taints', [
  { key: 'example.org/dedicated', value: 'storage', effect: 'NoSchedule' },
]);
const localVolume = made(
  'PersistentVolume',
  'corpus-cache',
  {
    spec: {
      capacity: { storage: '8Ti' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'local',
      local: { path: '/mnt/nvme0' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'example.org/disks', operator: 'In', values: ['nvme'] }] },
          ],
        },
      },
    },
  },
  'v1',
  null,
);
const quota = made('ResourceQuota', 'site', {
  spec: { hard: { pods: '40', 'requests.cpu': '16', 'requests.memory': '64Gi' } },
});
const limits = made('LimitRange', 'site', {
  spec: { limits: [{ type: 'Container', max: { memory: '8Gi' } }] },
});
const budget = made(
  'PodDisruptionBudget',
  'postgres',
  { spec: { minAvailable: 2, selector: { matchLabels: { app: 'postgres' } } } },
  'policy/v1',
);
const nightly = (spec: JsonObject = {}) =>
  made(
    'CronJob',
    'sync-groups',
    {
      spec: {
        schedule: '*/15 * * * *',
        timeZone: 'Europe/Zurich',
        jobTemplate: {
          spec: {
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [{ name: 'sync', image: 'harbor.example.org/site/sync:1' }],
              },
            },
          },
        },
        ...spec,
      },
    },
    'batch/v1',
  );
const migration = made(
  'Job',
  'setup',
  {
    spec: {
      completions: 2,
      template: {
        spec: {
          restartPolicy: 'Never',
          containers: [{ name: 'setup', image: 'harbor.example.org/site/setup:1' }],
        },
      },
    },
  },
  'batch/v1',
);

/** What could stop a program, or the deployment half-way. */
export const SITE_DANGEROUS_WORKLOADS: readonly Case[] = [
  edit('two hubs write one SQLite', o.hub, 'spec/replicas', 2, o.HUB),
  edit(
    'new hub waits for the disk of the old',
    o.hub,
    'spec/strategy',
    { type: 'RollingUpdate' },
    o.HUB,
  ),
  edit('no cache left', o.squid, 'spec/replicas', 0, squids),
  edit('workers have ten seconds to finish', o.startd, `${T}/terminationGracePeriodSeconds`, 10, [
    o.condorConfig,
  ]),
  edit('cache with a tenth of its memory', o.squid, `${C}/resources/limits/memory`, '64Mi', squids),
  edit('limit under the request', o.squid, `${C}/resources/limits/memory`, '256Mi', squids),
  edit(
    'memory in thousandths of a byte',
    o.squid,
    `${C}/resources`,
    { requests: { memory: '512m' }, limits: { memory: '1024m' } },
    squids,
  ),
  edit('millions of processors', o.squid, `${C}/resources/requests/cpu`, '500M', squids),
  edit('a quantity that is none', o.squid, `${C}/resources/requests/memory`, '512 Mi', squids),
  edit(
    'every CVMFS mount of the site at once',
    o.cvmfsNode,
    'spec/updateStrategy/rollingUpdate/maxUnavailable',
    '100%',
    [o.cvmfsConfig, o.cvmfsDriver],
  ),
  edit(
    'CVMFS does not reach the node',
    o.cvmfsNode,
    `${C}/volumeMounts/0/mountPropagation`,
    undefined,
    [o.cvmfsConfig, o.cvmfsDriver],
  ),
  change(
    'CVMFS plugin deleted',
    [o.cvmfsNode, o.cvmfsConfig],
    [],
    [
      o.cvmfsDriver,
      made(
        'PersistentVolume',
        'corpus-sw',
        {
          spec: {
            capacity: { storage: '1' },
            accessModes: ['ReadOnlyMany'],
            storageClassName: '',
            persistentVolumeReclaimPolicy: 'Retain',
            csi: { driver: 'cvmfs.csi.corpus.example.org', volumeHandle: 'all' },
          },
        },
        'v1',
        null,
      ),
    ],
  ),
  change('CVMFS driver unknown', [o.cvmfsDriver], [], [o.cvmfsNode, o.cvmfsConfig]),
  edit(
    'CVMFS without a repository',
    o.cvmfsConfig,
    'data/default.local',
    'CVMFS_HTTP_PROXY="http://squid.corpus:3128"\nCVMFS_REPOSITORIES=cms.cern.ch\nCVMFS_NFS_SOURCE=yes\nCVMFS_NFS_SHARED=/var/lib/cvmfs-maps\nCVMFS_QUOTA_LIMIT=20000\n',
    [o.cvmfsNode],
  ),
  change('settings deleted under a program', [o.squidConfig], [], [o.squid]),
  edit('key of the settings is gone', withOrigin, 'data/origin', undefined, [withSettings]),
  edit(
    'file of the settings has another name',
    o.cvmfsConfig,
    'data',
    { 'cvmfs.local': 'CVMFS_HTTP_PROXY=DIRECT\n' },
    [o.cvmfsNode],
  ),
  edit('password under another key', o.pgSecret, 'stringData', { pass: 'a' }, [
    o.postgres,
    o.pgService,
  ]),
  change(
    'priority deleted that pods have',
    [priority],
    [],
    [edited(o.squid, `${T}/priorityClassName`, 'corpus-storage'), ...squids],
  ),
  change(
    'runtime deleted that pods have',
    [runtime],
    [],
    [edited(o.squid, `${T}/runtimeClassName`, 'corpus-kata'), ...squids],
  ),
  edit('a runtime that is not there', o.squid, `${T}/runtimeClassName`, 'gvisor', squids),
  edit('a scheduler that is not there', o.squid, `${T}/schedulerName`, 'volcano', squids),
  edit(
    'spread over a label that no node has',
    o.squid,
    `${T}/topologySpreadConstraints`,
    [
      {
        maxSkew: 1,
        topologyKey: 'example.org/row',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'squid' } },
      },
    ],
    [...squids, c.worker],
  ),
  edit('may no longer run on its nodes', gpu, `${T}/tolerations`, undefined, [
    ...squids,
    dedicated,
  ]),
  edit(
    'node gives up its label',
    c.worker,
    'metadata/labels',
    { 'kubernetes.io/hostname': 'corpus-worker-1' },
    [localVolume],
  ),
  edit('node throws its pods out', c.worker, 'spec/taints', [
    { key: 'example.org/maintenance', effect: 'NoExecute' },
  ]),
  change('node deleted', [c.worker], [], [localVolume]),
  edit('room for two pods', quota, 'spec/hard/pods', '2', [o.startd, o.condorConfig]),
  edit('a fraction of the processors', quota, 'spec/hard/requests.cpu', '1', [
    o.startd,
    o.condorConfig,
  ]),
  edit('containers are too large', limits, 'spec/limits/0/max/memory', '256Mi', [
    o.squid,
    ...squids,
  ]),
  edit('quota asks for limits that pods have not', quota, 'spec/hard/limits.cpu', '20', [
    o.squid,
    ...squids,
  ]),
  edit(
    'scaler without a figure to scale by',
    o.squid,
    `${C}/resources/requests`,
    { memory: '512Mi' },
    [...squids, c.scaler],
  ),
  edit('scaler of more than it may', c.scaler, 'spec/minReplicas', 9, [o.squid, ...squids]),
  change('quorum without a guard', [budget], [], [o.postgres, ...o.PG]),
  edit('guard of two kinds', budget, 'spec/maxUnavailable', 1, [o.postgres, ...o.PG]),
  edit('a time zone that is none', nightly(), 'spec/timeZone', 'Europe/Geneva'),
  edit('a schedule of four fields', nightly(), 'spec/schedule', '0 3 * *'),
  edit('jobs that never end', migration, 'spec/backoffLimit', -1),
  edit(
    'probe of two kinds',
    o.squid,
    `${C}/livenessProbe`,
    { httpGet: { path: '/', port: 3128 }, tcpSocket: { port: 3128 } },
    squids,
  ),
  edit(
    'probe of a port that is not open',
    o.squid,
    `${C}/livenessProbe`,
    { tcpSocket: { port: 3129 }, failureThreshold: 2 },
    squids,
  ),
  edit(
    'mount of no volume',
    o.squid,
    `${C}/volumeMounts`,
    [{ name: 'cache', mountPath: '/var/spool/squid' }],
    squids,
  ),
  edit(
    'two containers of a name',
    o.squid,
    `${T}/containers/+`,
    { name: 'squid', image: 'harbor.example.org/site/exporter:1' },
    squids,
  ),
  edit('two volumes of a name', o.squid, `${T}/volumes/+`, { name: 'conf', emptyDir: {} }, squids),
  edit('a label that is none', o.squid, 'metadata/labels', { team: 'data & computing' }, squids),
  edit('port out of the range', o.squidService, 'spec/ports/0/nodePort', 3128, [
    o.squid,
    o.squidConfig,
  ]),
  edit('pods of a Deployment that end', o.squid, `${T}/restartPolicy`, 'OnFailure', squids),
  edit('names from nowhere', o.squid, `${T}/dnsPolicy`, 'None', squids),
  edit('names of the node only', o.hub, `${T}/dnsPolicy`, 'Default', [
    ...o.HUB,
    o.postgres,
    o.pgService,
  ]),
  edit(
    'selector of a Deployment',
    o.squid,
    'spec/selector/matchLabels',
    { app: 'squid', site: 'fnal' },
    squids,
  ),
  edit(
    'image of no registry',
    o.squid,
    `${C}/image`,
    'Harbor.example.org/site/squid: 3.2.2',
    squids,
  ),
  edit('no image at all', o.squid, `${C}/image`, undefined, squids),
  edit('hub started by another command', o.hub, `${C}/command`, ['sleep', 'infinity'], o.HUB),
];
