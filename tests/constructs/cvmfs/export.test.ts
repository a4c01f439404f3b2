import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { CvmfsExport } from '../../../constructs/cvmfs/export';
import type {
  CvmfsExportProps,
  ExportOperations,
  ExportScale,
} from '../../../constructs/cvmfs/export-props';
import { CvmfsRepositories } from '../../../constructs/cvmfs/repositories';
import { exceptionsOf } from '../../../constructs/kit/exceptions';
import { findingsOf } from '../../../constructs/kit/findings';
import { appFor, Synthesized } from '../../support/synth';
import { catalogue, classOf, dataOf, repository, tierOn, tierProps } from './support/tier';

/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
function everything(scope: Construct, repositories: CvmfsRepositories): Required<CvmfsExportProps> {
  return {
    ...tierProps(scope, repositories),
    server: 'kernel',
    scale: {
      kind: 'auto',
      min: 2,
      max: 8,
      cpuPercent: 70,
      calmSeconds: 600,
      operations: { metric: 'nfs_operations', perReplica: 5000, adapter: 'prometheus-adapter' },
    },
    maps: {
      kind: 'share',
      share: { claimName: 'maps', readOnly: false, userNamespaces: true, ready: scope },
    },
    cache: { sizeGiB: 100, storageClass: classOf(scope, 'rbd', ['ReadWriteOnce']) },
    address: {
      clusterIp: '172.30.200.1',
      serviceNetwork: '172.30.0.0/16',
      loadBalancer: { ip: '198.51.100.7', sources: ['198.51.100.0/24'] },
    },
    clients: {
      nodeNetworks: ['192.0.2.0/24'],
      podNetworks: ['10.128.0.0/14'],
      insecure: false,
    },
    resources: { cpu: '2', memory: '16Gi' },
    timing: {
      leaseSeconds: 20,
      graceSeconds: 15,
      drainSeconds: 10,
      checkIntervalSeconds: 2,
      statTimeoutSeconds: 5,
      revisionToleranceSeconds: 60,
    },
    connections: 4,
    monitoring: { by: 'prometheus-operator', labels: { team: 'hep' } },
    monitoringNamespaces: ['monitoring'],
  };
}

function full(): { readonly tier: CvmfsExport; readonly objects: Synthesized } {
  const chart = new Chart(appFor('okd 4.21'), 'cvmfs', { namespace: 'cvmfs' });
  const repositories = new CvmfsRepositories(chart, 'Repositories', catalogue);
  const tier = new CvmfsExport(chart, 'Subject', everything(chart, repositories));
  return { tier, objects: new Synthesized(chart) };
}

test('the servers are apart, behind one pinned address, and one of them may always go', () => {
  const objects = new Synthesized(tierOn('okd 4.21').chart);
  expect(objects.one('Service', 'cvmfs-nfs')['spec']).toMatchObject({
    type: 'ClusterIP',
    clusterIP: '172.30.0.49',
    ports: [{ name: 'nfs', port: 2049, targetPort: 'nfs', protocol: 'TCP' }],
    sessionAffinity: 'None',
  });
  expect(objects.one('PodDisruptionBudget')['spec']).toMatchObject({ maxUnavailable: 1 });
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    replicas: 2,
    podManagementPolicy: 'Parallel',
    serviceName: 'cvmfs-nfs-replicas',
    template: {
      metadata: { annotations: { 'openshift.io/required-scc': 'privileged' } },
      spec: {
        terminationGracePeriodSeconds: 30,
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
        topologySpreadConstraints: [
          { topologyKey: 'topology.kubernetes.io/zone' },
          { topologyKey: 'kubernetes.io/hostname' },
        ],
        containers: [
          {
            command: ['/usr/bin/beamline-cvmfs-export'],
            readinessProbe: { httpGet: { path: '/ready', port: 'health' }, periodSeconds: 1 },
            livenessProbe: { httpGet: { path: '/live', port: 'health' } },
            lifecycle: {
              preStop: { exec: { command: ['/usr/bin/beamline-cvmfs-export', 'drain'] } },
            },
          },
        ],
      },
    },
  });
});

test('the names of single servers lead to their health and never to NFS', () => {
  const spec = new Synthesized(tierOn().chart).one('Service', 'cvmfs-nfs-replicas')['spec'];
  expect(spec).toMatchObject({ clusterIP: 'None', ports: [{ name: 'health', port: 8080 }] });
  expect(JSON.stringify(spec)).not.toContain('2049');
});

test('every server has a cache of its own and the maps of all', () => {
  const spec = JSON.stringify(new Synthesized(tierOn().chart).one('StatefulSet')['spec']);
  expect(spec).toContain('{"emptyDir":{"sizeLimit":"30Gi"},"name":"cache"}');
  expect(spec).toContain('{"name":"maps","persistentVolumeClaim":{"claimName":"cvmfs-nfs-maps"}}');
  expect(new Synthesized(tierOn().chart).one('PersistentVolumeClaim')['spec']).toEqual({
    accessModes: ['ReadWriteMany'],
    storageClassName: 'cephfs',
    resources: { requests: { storage: '20Gi' } },
  });
});

test('only the ServiceAccount of the servers is granted the privileged SCC, and only in their namespace', () => {
  const objects = new Synthesized(tierOn('okd 4.21').chart);
  expect(objects.all('ClusterRoleBinding')).toEqual([]);
  expect(objects.one('RoleBinding')).toMatchObject({
    metadata: { namespace: 'cvmfs' },
    roleRef: { kind: 'Role', name: 'cvmfs-nfs-scc-privileged' },
    subjects: [{ kind: 'ServiceAccount', name: 'cvmfs-nfs', namespace: 'cvmfs' }],
  });
  expect(objects.one('Role')['rules']).toEqual([
    {
      apiGroups: ['security.openshift.io'],
      resources: ['securitycontextconstraints'],
      resourceNames: ['privileged'],
      verbs: ['use'],
    },
  ]);
  expect(new Synthesized(tierOn('kubernetes 1.34').chart).all('RoleBinding')).toEqual([]);
});

test('the consent is what a reviewer reads', () => {
  const { tier } = tierOn();
  const reasons = tier.node.findAll().flatMap(exceptionsOf);
  expect(reasons.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(['non-root', 'privilege-escalation', 'capabilities']),
  );
  for (const { reason } of reasons) {
    expect(reason).toContain('users read /cvmfs without a privilege of their own');
  }
});

test('nodes reach NFS and nobody else does', () => {
  const host = {
    namespaceSelector: { matchLabels: { 'policy-group.network.openshift.io/host-network': '' } },
  };
  const node = { ipBlock: { cidr: '192.0.2.0/24' } };
  const nfs = [{ port: 2049, protocol: 'TCP' }];
  const policy = (target: 'okd 4.21' | 'kubernetes 1.34'): unknown =>
    new Synthesized(tierOn(target).chart).one('NetworkPolicy')['spec'];
  expect(policy('okd 4.21')).toMatchObject({
    ingress: [{ from: [host, node], ports: nfs }],
    egress: [{ ports: [{ port: 3128, protocol: 'TCP' }] }],
  });
  expect(policy('kubernetes 1.34')).toMatchObject({ ingress: [{ from: [node], ports: nfs }] });
});

test('every prop has its effect', () => {
  const { tier, objects } = full();
  expect(tier).toMatchObject({
    address: '172.30.200.1',
    insecure: false,
    connections: 4,
    leaseSeconds: 20,
  });
  expect(Object.keys(dataOf(objects, 'cvmfs-nfs'))).toEqual(['export.json', 'exports']);
  expect(dataOf(objects, 'cvmfs-nfs')['exports']).toContain(
    '192.0.2.0/24(ro,sync,fsid=0,no_subtree_check,secure,all_squash',
  );
  expect(dataOf(objects, 'cvmfs-nfs')['exports']).toContain(' 10.128.0.0/14(ro,');
  expect(JSON.parse(dataOf(objects, 'cvmfs-nfs')['export.json'] ?? '')).toMatchObject({
    server: 'kernel',
    leaseSeconds: 20,
    graceSeconds: 15,
    drainSeconds: 10,
    checkIntervalSeconds: 2,
    statTimeoutSeconds: 5,
    revisionToleranceSeconds: 60,
    sharedDirectory: '/var/lib/cvmfs-maps',
    serverScope: 'cvmfs-nfs.cvmfs',
    // Clients name what is below the root of the kernel's name space: `/cvmfs/sw.example.org`.
    repositories: [
      { mount: '/export/cvmfs/sw.example.org' },
      { mount: '/export/cvmfs/data.example.org' },
    ],
    prewarm: ['/export/cvmfs/sw.example.org', '/export/cvmfs/data.example.org'],
  });
  expect(JSON.stringify(objects.one('StatefulSet'))).toContain(
    '{"mountPath":"/export","name":"mounts"}',
  );
  expect(objects.one('HorizontalPodAutoscaler')).toMatchObject({
    apiVersion: 'autoscaling/v2',
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'cvmfs-nfs' },
      minReplicas: 2,
      maxReplicas: 8,
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
      metrics: [
        { resource: { name: 'cpu', target: { averageUtilization: 70 } } },
        {
          type: 'Pods',
          pods: {
            metric: { name: 'nfs_operations' },
            target: { type: 'AverageValue', averageValue: '5000' },
          },
        },
      ],
    },
  });
  expect(objects.one('StatefulSet')['spec']).toMatchObject({
    volumeClaimTemplates: [{ metadata: { name: 'cache' }, spec: { storageClassName: 'rbd' } }],
    template: {
      spec: {
        terminationGracePeriodSeconds: 35,
        containers: [{ resources: { requests: { cpu: '2', memory: '16Gi' } } }],
      },
    },
  });
  expect(JSON.stringify(objects.one('StatefulSet'))).toContain('{"claimName":"maps"}');
  expect(objects.all('PersistentVolumeClaim')).toEqual([]);
  expect(objects.one('Service', 'cvmfs-nfs')['spec']).toMatchObject({
    sessionAffinity: 'ClientIP',
  });
  expect(objects.one('Service', 'cvmfs-nfs-external')['spec']).toMatchObject({
    type: 'LoadBalancer',
    loadBalancerIP: '198.51.100.7',
    loadBalancerSourceRanges: ['198.51.100.0/24'],
  });
  expect(objects.one('ServiceMonitor')['spec']).toMatchObject({ endpoints: [{ port: 'health' }] });
  expect(JSON.stringify(objects.one('PrometheusRule'))).toContain('CvmfsExportNoSpare');
  expect(JSON.stringify(objects.one('NetworkPolicy'))).toContain(
    '{"kubernetes.io/metadata.name":"monitoring"}',
  );
});

test('what is allowed and worth knowing is told to check', () => {
  expect(findingsOf(full().tier).map(({ rule, severity }) => `${severity} ${rule}`)).toEqual([
    'warning cvmfs/address-may-be-taken',
    'warning cvmfs/kernel-module',
  ]);
  const one = tierOn(undefined, {
    scale: { kind: 'fixed', replicas: 1 },
    maps: { kind: 'private' },
  });
  expect(findingsOf(one.tier).map(({ rule }) => rule)).toEqual(['cvmfs/one-server']);
  expect(findingsOf(tierOn().tier)).toEqual([]);
});

test('one server with maps of its own shares none', () => {
  const { chart } = tierOn(undefined, {
    scale: { kind: 'fixed', replicas: 1 },
    maps: { kind: 'private' },
  });
  const objects = new Synthesized(chart);
  const client = dataOf(objects, 'cvmfs-nfs-client')['etc__default.local'];
  expect(client).toContain("CVMFS_NFS_SOURCE='yes'\n");
  expect(client).not.toContain('CVMFS_NFS_SHARED');
  expect(JSON.parse(dataOf(objects, 'cvmfs-nfs')['export.json'] ?? '')).not.toHaveProperty(
    'sharedDirectory',
  );
  expect(objects.all('PersistentVolumeClaim')).toEqual([]);
});

test('a tier depends on what its maps need', () => {
  const { tier, chart } = tierOn();
  expect(tier.node.dependencies).toContain(chart);
});

function byCalls(more: Partial<ExportOperations>): ExportScale {
  const operations = { metric: 'calls', perReplica: 1000, adapter: 'prometheus-adapter', ...more };
  return { kind: 'auto', min: 2, max: 4, cpuPercent: 50, operations };
}
const image = { repository: 'registry.example.org/cvmfs-export', tag: '1.0.0', cvmfs: '2.12.7' };
const address = { clusterIp: '172.30.0.49', serviceNetwork: '172.30.0.0/16' };
const cases: readonly [string, (scope: Construct) => Partial<CvmfsExportProps>, string][] = [
  [
    'several servers with maps of their own',
    () => ({ maps: { kind: 'private' } }),
    "'maps' must be shared when there is more than one server (2 to 2), got 'private': the same handle would open another file on each; give a class or a share that many nodes can write to",
  ],
  [
    'an autoscaler with maps of its own',
    () => ({ maps: { kind: 'private' }, scale: { kind: 'auto', min: 2, max: 4, cpuPercent: 50 } }),
    "'maps' must be shared when there is more than one server (2 to 4), got 'private': the same handle would open another file on each; give a class or a share that many nodes can write to",
  ],
  [
    'maps on a class for one node',
    (scope) => ({
      maps: { kind: 'class', storageClass: classOf(scope, 'rbd', ['ReadWriteOnce']), sizeGiB: 10 },
    }),
    "'maps.storageClass' must be of volumes that many nodes can write to (ReadWriteMany), got 'rbd' with ReadWriteOnce; use CephFS",
  ],
  [
    'maps on a share that is read-only',
    (ready) => ({
      maps: {
        kind: 'share',
        share: { claimName: 'ro', readOnly: true, userNamespaces: false, ready },
      },
    }),
    "'maps.share' must be writable, got 'ro', which is read-only: every path that is first asked for is written into the maps",
  ],
  [
    'a client in which shared maps are broken',
    () => ({ image: { ...image, cvmfs: '2.10.0' } }),
    "'image.cvmfs' must be 2.10.1 or later, got '2.10.0': shared maps of inodes are broken before; build the image with a newer client",
  ],
  [
    'a moving tag',
    () => ({ image: { ...image, tag: 'latest' } }),
    "'image.tag' must be an exact version, got 'latest'; a moving tag would mix servers",
  ],
  [
    'an autoscaler without requests',
    () => ({
      scale: { kind: 'auto', min: 2, max: 4, cpuPercent: 50 },
      resources: { cpu: '0', memory: '4Gi' },
    }),
    "'resources.cpu' must be what a server requests, got '0': the autoscaler measures use in percent of it; request at least '100m'",
  ],
  [
    'an autoscaler with nowhere to go',
    () => ({ scale: { kind: 'auto', min: 3, max: 3, cpuPercent: 50 } }),
    "'scale.max' must be a whole number above 'scale.min' (3), got '3'",
  ],
  [
    'an autoscaler that waits longer than Kubernetes can',
    () => ({ scale: { kind: 'auto', min: 2, max: 4, cpuPercent: 50, calmSeconds: 7200 } }),
    "'scale.calmSeconds' must be a whole number from 0 to 3600, got '7200'",
  ],
  [
    'a metric that nobody serves',
    () => ({ scale: byCalls({ adapter: ' ' }) }),
    "'scale.operations.adapter' must name what serves custom.metrics.k8s.io in the cluster, got nothing: without it the metric is never known; install prometheus-adapter, or leave 'scale.operations' out",
  ],
  [
    'a metric that is none',
    () => ({ scale: byCalls({ metric: 'calls per second' }) }),
    "'scale.operations.metric' must be the name of a metric, 'beamline_cvmfs_nfs_calls_per_second', got 'calls per second'",
  ],
  [
    'a counter instead of a rate',
    () => ({ scale: byCalls({ metric: 'beamline_cvmfs_nfs_calls_total' }) }),
    "'scale.operations.metric' must be a rate, got 'beamline_cvmfs_nfs_calls_total': a counter never falls, so that no server would be taken away; have the adapter serve its rate",
  ],
  [
    'a server that may do nothing',
    () => ({ scale: byCalls({ perReplica: 0 }) }),
    "'scale.operations.perReplica' must be above 0 calls per second, got '0'",
  ],
  [
    'an address outside the range of Services',
    () => ({ address: { ...address, clusterIp: '172.31.0.49' } }),
    "'address.clusterIp' must be in the range of Services, '172.30.0.0/16', without its first and last address, got '172.31.0.49'",
  ],
  [
    'the first address of the range',
    () => ({ address: { ...address, clusterIp: '172.30.0.0' } }),
    "'address.clusterIp' must be in the range of Services, '172.30.0.0/16', without its first and last address, got '172.30.0.0'",
  ],
  [
    'an address that is a name',
    () => ({ address: { ...address, clusterIp: 'cvmfs.example.org' } }),
    "'address.clusterIp' must be an IPv4 address of '172.30.0.0/16', got 'cvmfs.example.org'",
  ],
  [
    'a range that is none',
    () => ({ address: { ...address, serviceNetwork: '172.30.0.0' } }),
    "'address.serviceNetwork' must be the IPv4 range of Services in CIDR notation, got '172.30.0.0'; OKD's is '172.30.0.0/16'",
  ],
  [
    'an export to the world',
    () => ({ clients: { nodeNetworks: ['0.0.0.0/0'] } }),
    "'clients.nodeNetworks' must not be open to the world, got '0.0.0.0/0'; name nodes, /8 or smaller each",
  ],
  [
    'an export to nobody',
    () => ({ clients: { nodeNetworks: [] } }),
    "'clients.nodeNetworks' must name at least one network of nodes, got none; list the site's own",
  ],
  [
    'a load balancer for the world',
    () => ({ address: { ...address, loadBalancer: { ip: '198.51.100.7', sources: ['::/0'] } } }),
    "'address.loadBalancer.sources' must not be open to the world, got '::/0'; name clients, /8 or smaller each",
  ],
  [
    'a cache smaller than the quota',
    () => ({ cache: { sizeGiB: 20 } }),
    "'cache.sizeGiB' must hold the quota of 20000 MiB and a fifth more, at least 24, got '20'",
  ],
  [
    'no consent',
    () => ({ consent: ' ' }),
    "'consent' must say why the site lets the servers be privileged, got nothing",
  ],
  [
    'a lease that no client keeps up with',
    () => ({ timing: { leaseSeconds: 1 } }),
    "'timing.leaseSeconds' must be a whole number from 5 to 120, got '1'",
  ],
  [
    'a lease that the kernel server does not know',
    () => ({ server: 'kernel', timing: { leaseSeconds: 5 } }),
    "'timing.leaseSeconds' must be at least 10 for the kernel server, got '5'",
  ],
];
test.each(cases)('rejects %s', (_, more, problem) => {
  const { chart } = tierOn();
  expect(() => tierOn(undefined, more(chart))).toThrow(
    new Error(`CvmfsExport 'cvmfs/Subject' has invalid props:\n  - ${problem}`),
  );
});

const excluded: readonly [string, string][] = [
  ['CVMFS_ALIEN_CACHE', 'the maps must be beside a cache of its own'],
  ['CVMFS_WORKSPACE', 'the workspace must be the cache directory'],
  ['CVMFS_NFS_INTERLEAVED_INODES', 'shared maps number inodes themselves'],
  ['CVMFS_CACHE_PRIMARY', 'only the default cache manager knows NFS'],
];
test.each(excluded)('rejects %s, which NFS mode excludes', (setting, why) => {
  expect(() => tierOn(undefined, {}, { settings: { [setting]: '/x' } })).toThrow(
    new Error(
      "CvmfsExport 'cvmfs/Subject' has invalid props:\n" +
        `  - 'repositories' must not set '${setting}' for clients that are a source of NFS: ${why}; make another catalogue for this tier`,
    ),
  );
});

test('a pace of its own is refused where the target knows one for all', () => {
  const scale = { kind: 'auto', min: 2, max: 4, cpuPercent: 50, calmSeconds: 60 } as const;
  expect(() => tierOn('okd 3.11', { scale })).toThrow(
    "'scale.calmSeconds' needs spec.behavior of HorizontalPodAutoscalers",
  );
});

test('a metric beside CPU is refused where the target knows CPU only', () => {
  const scale = {
    kind: 'auto',
    min: 2,
    max: 4,
    cpuPercent: 50,
    operations: { metric: 'nfs', perReplica: 1, adapter: 'prometheus-adapter' },
  } as const;
  expect(() => tierOn('okd 3.11', { scale })).toThrow(
    "'scale.operations' needs autoscaling on anything but CPU",
  );
});

test('what a repository is called in handles stays when others come, go or move', () => {
  const idsOf = (...names: string[]): unknown => {
    const { chart } = tierOn(
      undefined,
      {},
      { repositories: names.map((name) => repository(name)) },
    );
    const text = dataOf(new Synthesized(chart), 'cvmfs-nfs')['ganesha.conf'] ?? '';
    return /# b\.example\.org\n[^#]*/.exec(text)?.[0].trim();
  };
  const alone = idsOf('b.example.org');
  expect(alone).toMatch(/Filesystem_Id = \d+\.0;/);
  expect(idsOf('a.example.org', 'b.example.org', 'c.example.org')).toBe(alone);
  expect(idsOf('c.example.org', 'b.example.org', 'a.example.org')).toBe(alone);
});
