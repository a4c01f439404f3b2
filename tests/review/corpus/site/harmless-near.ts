import { change, type Case } from '../case';
import { C, edit, edited, made, T } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const squids = [o.squidConfig, o.squidService];
const withHub = [o.hub, ...o.HUB];
const settings = (text: string) => o.config('squid', { 'app.conf': text });
/** One file that the cache reads, before and after. */
const file = (name: string, was: string, will: string): Case =>
  edit(name, settings(was), 'data/app.conf', will, [o.squid, o.squidService]);
const tolerant = edited(o.squid, `${T}/tolerations`, [
  { key: 'example.org/dedicated', operator: 'Exists', effect: 'NoSchedule' },
]);
const intoDatabase = made(
  'NetworkPolicy',
  'postgres',
  {
    spec: {
      podSelector: { matchLabels: { app: 'postgres' } },
      policyTypes: ['Ingress'],
      ingress: [
        { from: [{ podSelector: { matchLabels: { app: 'hub' } } }], ports: [{ port: 5432 }] },
        { from: [{ podSelector: { matchLabels: { app: 'gone' } } }], ports: [{ port: 5432 }] },
      ],
    },
  },
  'networking.k8s.io/v1',
);
const dns = made(
  'ConfigMap',
  'coredns',
  {
    data: {
      Corefile:
        '.:53 {\n  kubernetes cluster.local in-addr.arpa\n  forward . /etc/resolv.conf\n  cache 30\n}\n',
    },
  },
  'v1',
  'kube-system',
);
const writer = edited(o.hubRole, 'rules/0/verbs', ['get', 'list', 'create', 'patch', 'delete']);
const velero = o.operated('velero.io/v1', 'Schedule', 'nightly', {
  schedule: '0 1 * * *',
  template: { ttl: '240h' },
});
const external = o.operated('external-secrets.io/v1', 'ExternalSecret', 'unused', {
  secretStoreRef: { name: 'vault', kind: 'SecretStore' },
  target: { name: 'unused' },
});
const scaler = edited(c.scaler, 'spec/metrics/0/resource', {
  name: 'memory',
  target: { type: 'AverageValue', averageValue: '400Mi' },
});
const shared = o.claim('shared', '10Gi', { accessModes: ['ReadWriteMany'] });
const sharing = edited(o.squid, `${T}/volumes/+`, o.onClaim('shared'));

/** Changes that are close to dangerous ones, and are not. */
export const SITE_HARMLESS_NEAR: readonly Case[] = [
  file('a guard is switched on', 'auth_enabled = false\n', 'auth_enabled = true\n'),
  file('anonymous access is switched off', 'anonymous: true\n', 'anonymous: false\n'),
  file('root may not log in', 'permitRootLogin: yes\n', 'permitRootLogin: no\n'),
  file('a list of people gets one more', "admins: 'ann'\n", "admins: 'ann bob'\n"),
  file('a header more for browsers', 'allow_headers = X-One\n', 'allow_headers = *\n'),
  file('what was open stays open', 'ssl = off\nlevel = 1\n', 'ssl = off\nlevel = 2\n'),
  file('colours are switched off', 'colour: always\nlevel: 1\n', 'colour: none\nlevel: 1\n'),
  file('a comment on what would be open', 'level = 1\n', '# http_access allow all\nlevel = 1\n'),
  file('nobody is asked twice', 'retry: none\n', 'retry: no\n'),
  edit(
    'encryption by its variable',
    o.squid,
    `${C}/env`,
    [{ name: 'TLS_ENABLED', value: 'true' }],
    squids,
  ),
  edit('time of the site', o.squid, `${C}/env`, [{ name: 'TZ', value: 'Europe/Zurich' }], squids),
  edit(
    'two readers of a shared file system',
    edited(sharing, 'spec/replicas', 1),
    'spec/replicas',
    2,
    [...squids, shared],
  ),
  edit(
    'tolerates no longer what no node of its own has',
    tolerant,
    `${T}/tolerations`,
    undefined,
    squids,
  ),
  edit(
    'spread over hosts, strictly',
    o.squid,
    `${T}/topologySpreadConstraints`,
    [
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'squid' } },
      },
    ],
    squids,
  ),
  edit(
    'ten minutes instead of twenty to finish',
    edited(o.startd, `${T}/terminationGracePeriodSeconds`, 1200),
    `${T}/terminationGracePeriodSeconds`,
    600,
    [o.condorConfig],
  ),
  edit(
    'requests dropped that no scaler counts',
    o.squid,
    `${C}/resources/requests`,
    { memory: '512Mi' },
    [...squids, scaler],
  ),
  edit('memory in megabytes', o.squid, `${C}/resources/limits/memory`, '1100M', squids),
  edit(
    'processor in scientific notation',
    o.squid,
    `${C}/resources/requests/cpu`,
    '2.5e-1',
    squids,
  ),
  edit(
    'a rule for nobody dropped',
    intoDatabase,
    'spec/ingress',
    [{ from: [{ podSelector: { matchLabels: { app: 'hub' } } }], ports: [{ port: 5432 }] }],
    [o.hub, o.postgres],
  ),
  edit(
    'the same peer by an expression',
    intoDatabase,
    'spec/ingress/0/from/0',
    {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['hub'] }] },
    },
    [o.hub, o.postgres],
  ),
  edit(
    'names are kept longer',
    dns,
    'data/Corefile',
    '.:53 {\n  kubernetes cluster.local in-addr.arpa\n  forward . /etc/resolv.conf\n  cache 60\n}\n',
  ),
  edit(
    'hub needs no patch',
    writer,
    'rules/0/verbs',
    ['get', 'list', 'create', 'delete'],
    [o.hub, ...o.HUB.filter((one) => one !== o.hubRole)],
  ),
  edit('backups are kept longer', velero, 'spec/template/ttl', '720h'),
  change('a secret from outside that nobody reads', [external], [], [o.squid, ...squids]),
  edit(
    'a little less of the queue',
    c.queue,
    'spec/resourceGroups/0/flavors/0/resources/0/nominalQuota',
    380,
  ),
  edit(
    'addresses of the site in a larger block',
    c.addresses,
    'spec/addresses',
    ['192.0.2.0/27'],
    [o.squidService],
  ),
  edit('metrics kept as long, spelled otherwise', c.prometheus, 'spec/retention', '2160h'),
  edit(
    'more disk for metrics',
    c.prometheus,
    'spec/storage/volumeClaimTemplate/spec/resources/requests/storage',
    '800Gi',
  ),
  edit(
    'a path of the hub more',
    c.hubRoute,
    'spec/rules/+',
    { matches: [{ path: { value: '/services' } }], backendRefs: [{ name: 'hub', port: 8081 }] },
    [c.gateway, ...withHub],
  ),
  edit('node prefers others', c.worker, 'spec/taints', [
    { key: 'example.org/slow', effect: 'PreferNoSchedule' },
  ]),
  edit(
    'groups synchronised on working days',
    made(
      'CronJob',
      'sync',
      {
        spec: {
          schedule: '0 6 * * *',
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
        },
      },
      'batch/v1',
    ),
    'spec/schedule',
    '5,35 6-20/2 * * MON-FRI',
  ),
];
