import { z } from 'zod';

import { CvmfsProxy } from '../../../constructs/cvmfs/proxy';
import type { CvmfsProxyProps } from '../../../constructs/cvmfs/proxy-props';
import { findingsOf } from '../../../constructs/kit/findings';
import { chartFor, synth, type Synthesized } from '../../support/synth';
import { classOf, dataOf } from './support/tier';

const minimal: CvmfsProxyProps = {
  clients: ['10.128.0.0/14'],
  namespaces: ['cvmfs'],
  destinations: ['s1.example.org'],
  scale: { replicas: 2 },
  cache: { sizeGiB: 20 },
};
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<CvmfsProxyProps> = {
  program: 'squid', // Varnish refuses some of what follows: see below
  clients: ['10.128.0.0/14', '192.0.2.0/24'],
  namespaces: ['cvmfs', 'condor'],
  destinations: ['.example.org'],
  destinationPorts: [8000],
  scale: { min: 2, max: 5, cpuPercent: 80 },
  cache: { sizeGiB: 100, storageClass: classOf(chartFor(), 'rbd', ['ReadWriteOnce']) },
  memoryMiB: 4096,
  cpu: '2',
  clusterDomain: 'k8s.example.org',
  monitoring: { by: 'prometheus-operator', labels: {} },
  monitoringNamespaces: ['monitoring'],
};

test('the proxies let the cluster in and nobody else, by their own rules and by policy', () => {
  const objects = synth(CvmfsProxy, minimal, 'okd 4.21', 'proxies');
  const conf = dataOf(objects, 'cvmfs-proxy')['squid.conf'] ?? '';
  expect(conf).toContain(
    'acl clients src 10.128.0.0/14\nacl stratum_ones dstdomain s1.example.org\n',
  );
  expect(conf).toContain('http_access allow clients reads stratum_ones\nhttp_access deny all\n');
  expect(objects.one('NetworkPolicy')['spec']).toMatchObject({
    ingress: [
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cvmfs' } } }],
        ports: [{ port: 3128, protocol: 'TCP' }],
      },
    ],
    egress: [{ ports: [{ port: 80 }, { port: 8000 }] }],
  });
  expect(objects.all('Service')).toHaveLength(1);
  expect(objects.one('Service')['spec']).toMatchObject({ clusterIP: 'None' });
});

test('clients learn all proxies by one name', () => {
  const chart = chartFor('okd 4.21', 'proxies');
  expect(new CvmfsProxy(chart, 'Subject', minimal).httpProxy).toBe(
    'http://cvmfs-proxy.proxies.svc.cluster.local:3128',
  );
});

test('the proxies need no privilege, have room for what they keep, and one may always go', () => {
  const objects = synth(CvmfsProxy, minimal);
  expect(objects.exceptions).toEqual([]);
  expect(objects.one('PodDisruptionBudget')['spec']).toMatchObject({ maxUnavailable: 1 });
  expect(dataOf(objects, 'cvmfs-proxy')['squid.conf']).toContain(
    'cache_mem 1024 MB\ncache_dir aufs /var/cache/squid 16384 16 256\n',
  );
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    template: {
      spec: {
        initContainers: [
          { command: ['/usr/sbin/squid', '-N', '-z', '-f', '/etc/squid/squid.conf'] },
        ],
        containers: [
          { name: 'squid', resources: { requests: { cpu: '500m', memory: '1560Mi' } } },
          { name: 'metrics' },
        ],
      },
    },
  });
});

test('every prop has its effect', () => {
  const objects = synth(CvmfsProxy, everything, 'okd 4.21', 'proxies');
  const conf = dataOf(objects, 'cvmfs-proxy')['squid.conf'] ?? '';
  expect(conf).toContain('acl clients src 192.0.2.0/24\nacl stratum_ones dstdomain .example.org\n');
  expect(conf).toContain('acl stratum_one_ports port 8000\n');
  expect(conf).toContain('cache_mem 4096 MB\n');
  expect(objects.one('HorizontalPodAutoscaler')['spec']).toMatchObject({
    minReplicas: 2,
    maxReplicas: 5,
    metrics: [{ resource: { target: { averageUtilization: 80 } } }],
  });
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    volumeClaimTemplates: [{ spec: { storageClassName: 'rbd' } }],
    template: { spec: { containers: [{ resources: { requests: { cpu: '2' } } }, {}] } },
  });
  expect(objects.one('ServiceMonitor')['spec']).toMatchObject({ endpoints: [{ port: 'metrics' }] });
  expect(JSON.stringify(objects.one('NetworkPolicy'))).toContain(
    '"kubernetes.io/metadata.name":"monitoring"',
  );
  const chart = chartFor('okd 4.21', 'proxies');
  expect(new CvmfsProxy(chart, 'Subject', everything).httpProxy).toBe(
    'http://cvmfs-proxy.proxies.svc.k8s.example.org:3128',
  );
});

const varnish = { ...minimal, program: 'varnish' } as const;

test('Varnish stands where Squid would, as guarded and as unprivileged', () => {
  const scale = { min: 2, max: 5, cpuPercent: 80 };
  const objects = synth(CvmfsProxy, { ...varnish, scale }, 'okd 4.21', 'proxies');
  expect(objects.exceptions).toEqual([]);
  expect(Object.keys(dataOf(objects, 'cvmfs-proxy'))).toEqual(['beamline.vcl']);
  expect(objects.one('PodDisruptionBudget')['spec']).toMatchObject({ maxUnavailable: 1 });
  expect(objects.one('HorizontalPodAutoscaler')['spec']).toMatchObject({
    minReplicas: 2,
    maxReplicas: 5,
    scaleTargetRef: { kind: 'StatefulSet', name: 'cvmfs-proxy' },
  });
  const listens = { tcpSocket: { port: 'proxy' } };
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    template: {
      spec: {
        containers: [
          {
            name: 'varnish',
            command: expect.arrayContaining(['cache=file,/var/cache/varnish/objects,16384M']),
            readinessProbe: listens,
            livenessProbe: listens,
            ports: [{ containerPort: 3128, name: 'proxy' }],
          },
        ],
      },
    },
  });
  const text = JSON.stringify(objects.one('StatefulSet'));
  expect(text).not.toContain('squid');
  expect(text).toContain('"image":"docker.io/library/varnish:7.7.3');
  expect(objects.one('Service')['spec']).toMatchObject({ ports: [{ port: 3128 }] });
  const squid = synth(CvmfsProxy, { ...minimal, scale }, 'okd 4.21', 'proxies');
  const fields = (of: Synthesized, kind: string): string[] =>
    Object.keys(z.record(z.string(), z.unknown()).parse(of.one(kind)['spec']));
  for (const kind of ['NetworkPolicy', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'])
    expect(fields(objects, kind)).toEqual(fields(squid, kind));
});

test('Varnish keeps its objects where the site wants them', () => {
  const storageClass = classOf(chartFor(), 'rbd', ['ReadWriteOnce']);
  const cache = { sizeGiB: 100, storageClass };
  const objects = synth(CvmfsProxy, { ...varnish, cache }, 'okd 4.21', 'proxies');
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    volumeClaimTemplates: [{ metadata: { name: 'cache' }, spec: { storageClassName: 'rbd' } }],
  });
});

test('one proxy alone is told to check', () => {
  const alone = new CvmfsProxy(chartFor(), 'Subject', { ...minimal, scale: { replicas: 1 } });
  expect(findingsOf(alone).map(({ rule }) => rule)).toEqual(['cvmfs/one-proxy']);
  expect(findingsOf(new CvmfsProxy(chartFor(), 'Subject', minimal))).toEqual([]);
});

const cases: readonly [string, Partial<CvmfsProxyProps>, string][] = [
  [
    'a proxy open to the world',
    { clients: ['10.0.0.0/8', '0.0.0.0/0'] },
    "'clients' must not be open to the world, got '0.0.0.0/0'; name clients, /8 or smaller each",
  ],
  [
    'a proxy open to half of the world',
    { clients: ['128.0.0.0/1'] },
    "'clients' must not be open to the world, got '128.0.0.0/1'; name clients, /8 or smaller each",
  ],
  [
    'a proxy open to the world of IPv6',
    { clients: ['::/0'] },
    "'clients' must not be open to the world, got '::/0'; name clients, /8 or smaller each",
  ],
  [
    "Squid's own word for everybody",
    { clients: ['all'] },
    "'clients' must be networks in CIDR notation, got 'all'; write '192.0.2.0/24'",
  ],
  [
    'a proxy for nobody',
    { clients: [] },
    "'clients' must name at least one network of clients, got none; list the site's own",
  ],
  [
    'a proxy for no namespace',
    { namespaces: [] },
    "'namespaces' must name at least one namespace whose pods may ask, got none",
  ],
  [
    'a proxy to everywhere',
    { destinations: ['.'] },
    "'destinations' must be host names, or domains such as '.example.org', got '.'; the proxies fetch from nowhere else",
  ],
  [
    'a proxy to nowhere',
    { destinations: [] },
    "'destinations' must name at least one Stratum-1 server, got none: nothing could be fetched",
  ],
  [
    'an autoscaler without requests',
    { scale: { min: 2, max: 4, cpuPercent: 50 }, cpu: '0m' },
    "'cpu' must be what a proxy requests, '500m', got '0m': the autoscaler measures use in percent of it",
  ],
  [
    'a domain for Varnish',
    { program: 'varnish', destinations: ['.example.org'] },
    "'destinations' must be host names for Varnish, which knows no domains, got '.example.org'; name every Stratum-1 server, or take 'squid'",
  ],
  [
    'metrics of Varnish',
    { program: 'varnish', monitoring: everything.monitoring },
    "'monitoring' and 'monitoringNamespaces' must be left out for Varnish: no image of an exporter is published by its makers; take 'squid', or watch the CPU of the pods",
  ],
  [
    'a Varnish open to the world',
    { program: 'varnish', clients: ['0.0.0.0/0'] },
    "'clients' must not be open to the world, got '0.0.0.0/0'; name clients, /8 or smaller each",
  ],
  ['no port', { destinationPorts: [0] }, "'destinationPorts' must be TCP ports, got '0'"],
  [
    'no proxy',
    { scale: { replicas: 0 } },
    "'scale.replicas' must be a whole number from 1, got '0'",
  ],
  ['no cache', { cache: { sizeGiB: 0 } }, "'cache.sizeGiB' must be at least 1, got '0'"],
  ['no memory', { memoryMiB: 1 }, "'memoryMiB' must be a whole number from 64, got '1'"],
];
test.each(cases)('rejects %s', (_, more, problem) => {
  expect(() => synth(CvmfsProxy, { ...minimal, ...more })).toThrow(
    new Error(`CvmfsProxy 'test/Subject' has invalid props:\n  - ${problem}`),
  );
});
