import { change, type Case } from '../case';
import { C, edit, edited, made, T } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const squids = [o.squidConfig, o.squidService];
const withHub = [o.hub, ...o.HUB];
const settings = (text: string) => o.config('squid', { 'app.conf': text });
const file = (name: string, was: string, will: string): Case =>
  edit(name, settings(was), 'data/app.conf', will, [o.squid, o.squidService]);
const slice = made(
  'EndpointSlice',
  'nas',
  {
    metadata: { name: 'nas', namespace: 'corpus', labels: { 'kubernetes.io/service-name': 'nas' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['198.51.100.4'] }],
    ports: [{ name: 'nfs', port: 2049 }],
  },
  'discovery.k8s.io/v1',
);
const registry = o.workload(
  'StatefulSet',
  'registry',
  o.podOf(
    'registry',
    {
      args: ['serve', '/etc/registry.yml'],
      volumeMounts: [{ name: 'data', mountPath: '/storage' }],
    },
    { volumes: [o.onClaim('images')] },
  ),
  { replicas: 1, serviceName: 'registry' },
);
const images = o.claim('images', '2Ti');

/** A second list, written after the rules were mended and before they were tried on it. */
export const SITE_DANGEROUS_AGAIN: readonly Case[] = [
  file('sign-in is optional', 'authentication: required\n', 'authentication: optional\n'),
  file(
    'PostgreSQL trusts addresses',
    'host all all 10.0.0.0/8 scram-sha-256\n',
    'host all all 0.0.0.0/0 trust\n',
  ),
  file('certificates are not verified', 'tls_verify: true\n', 'tls_verify: false\n'),
  file(
    'Dask without TLS',
    '{"security": {"enabled": true}}\nrequire-encryption: true\n',
    '{"security": {"enabled": false}}\nrequire-encryption: false\n',
  ),
  edit(
    'API server of a proxy takes anybody',
    edited(o.squid, `${C}/args`, ['--anonymous-auth=false']),
    `${C}/args`,
    ['--anonymous-auth=true'],
    squids,
  ),
  edit(
    'skips the check of certificates',
    edited(o.squid, `${C}/args`, ['--upstream=https://a']),
    `${C}/args`,
    ['--upstream=https://a', '--ssl-insecure-skip-verify=true'],
    squids,
  ),
  edit('address of the NFS server in a slice', slice, 'endpoints/0/addresses', ['198.51.100.9']),
  edit('images on another claim', registry, `${T}/volumes/0`, o.onClaim('images-2'), [
    images,
    o.claim('images-2', '2Ti'),
  ]),
  edit('images read only', registry, `${C}/volumeMounts/0/readOnly`, true, [images]),
  edit('hub may be killed by anybody', o.hub, `${T}/priorityClassName`, 'missing', o.HUB),
  edit(
    'two programs, one name of Service port',
    o.squidService,
    'spec/ports/+',
    { port: 3128, targetPort: 'proxy' },
    [o.squid, o.squidConfig],
  ),
  edit('Service without a port', o.squidService, 'spec/ports', [], [o.squid, o.squidConfig]),
  edit(
    'Ingress path without a slash',
    c.hubIngress,
    'spec/rules/0/http/paths/0/path',
    'hub',
    withHub,
  ),
  edit('host in capitals', c.hubIngress, 'spec/rules/0/host', 'Hub.example.org', withHub),
  edit('claim of no size', o.hubClaim, 'spec/resources/requests/storage', '0', [c.ssd, o.hub]),
  edit(
    'environment variable with an equals sign',
    o.squid,
    `${C}/env`,
    [{ name: 'A=B', value: '1' }],
    squids,
  ),
  edit(
    'port of a container out of the range',
    o.squid,
    `${C}/ports/0/containerPort`,
    70_000,
    squids,
  ),
  edit(
    'name of a port that is too long',
    o.squid,
    `${C}/ports/+`,
    { name: 'metrics-of-the-cache', containerPort: 9301 },
    squids,
  ),
  edit(
    'mount path twice',
    o.squid,
    `${C}/volumeMounts`,
    [
      { name: 'conf', mountPath: '/etc/squid' },
      { name: 'conf', mountPath: '/etc/squid' },
    ],
    squids,
  ),
  edit('negative replicas', o.squid, 'spec/replicas', -1, squids),
  edit(
    'neither surge nor gap',
    o.squid,
    'spec/strategy',
    { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } },
    squids,
  ),
  edit(
    'job with a selector of its own',
    made(
      'Job',
      'load',
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
    ),
    'spec/template/spec/restartPolicy',
    'Always',
  ),
  edit(
    'CronJob whose pods never end',
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
    'spec/jobTemplate/spec/template/spec/restartPolicy',
    'Always',
  ),
  change('hub, its claim and all', [o.hub, ...o.HUB], []),
  edit('key of a ConfigMap with a slash', o.squidConfig, 'data', { 'conf/squid.conf': 'a' }, [
    o.squid,
  ]),
  edit(
    'policy of a port that is none',
    made(
      'NetworkPolicy',
      'squid',
      {
        spec: {
          podSelector: { matchLabels: { app: 'squid' } },
          ingress: [{ ports: [{ port: 3128 }] }],
        },
      },
      'networking.k8s.io/v1',
    ),
    'spec/ingress/0/ports/0/port',
    99_999,
    [o.squid],
  ),
  edit(
    'policy of an address that is none',
    made(
      'NetworkPolicy',
      'squid',
      {
        spec: {
          podSelector: { matchLabels: { app: 'squid' } },
          ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }],
        },
      },
      'networking.k8s.io/v1',
    ),
    'spec/ingress/0/from/0/ipBlock/cidr',
    '10.0.0.0/33',
    [o.squid],
  ),
  edit(
    'secret of TLS without its key',
    made('Secret', 'tls', {
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'YQ==', 'tls.key': 'Yg==' },
    }),
    'data',
    { 'tls.crt': 'YQ==' },
  ),
  edit(
    'a tenth of the pods of a tenant',
    made('ResourceQuota', 'tenant', { spec: { hard: { pods: '1000', 'requests.cpu': '512' } } }),
    'spec/hard',
    { pods: '100', 'requests.cpu': '512' },
  ),
];
