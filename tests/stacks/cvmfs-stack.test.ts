import { ApiObject, type App } from 'cdk8s';
import { z } from 'zod';

import type { IStorageClass } from '../../constructs/contracts';
import { exceptionsOf } from '../../constructs/kit/exceptions';
import { Target } from '../../constructs/targets';
import { CvmfsCsiStack } from '../../stacks/cvmfs-csi-stack';
import { CvmfsSite, type CvmfsSiteProps } from '../../stacks/cvmfs-site';
import { StorageStack } from '../../stacks/storage-stack';
import { TenantStack } from '../../stacks/tenant-stack';
import { houseRuleProblems, type Judged } from '../support/house-rules';
import { appFor, Synthesized } from '../support/synth';

const quota = { cpu: 4, memoryGiB: 16, pods: 20, storageGiB: 100 };
const nfs = { server: 'nfs1.example.org', path: '/export', className: 'nfs' };

/** A site with CVMFS for two tenants. */
function site(
  target: Target,
  more: Partial<CvmfsSiteProps> = {},
): { readonly app: App; readonly cvmfs: CvmfsSite } {
  const app = appFor(target);
  const shared: IStorageClass = new StorageStack(app, 'Storage', { nfs }).nfs;
  const people = {
    admins: { groups: ['admins'] },
    editors: { groups: ['editors'], users: ['alice'] },
    viewers: { groups: ['everybody'] },
  };
  for (const name of ['cms', 'nova']) new TenantStack(app, name, { name, quota, ...people });
  const cvmfs = new CvmfsSite(app, 'Cvmfs', {
    consent: 'pods read /cvmfs without a privilege of their own',
    image: { repository: 'registry.example.org/cvmfs-export', tag: '1.0.0', cvmfs: '2.12.7' },
    address: '172.30.0.49',
    serviceNetwork: '172.30.0.0/16',
    nodeNetworks: ['192.0.2.0/24'],
    podNetworks: ['10.128.0.0/14'],
    replicas: { min: 2, max: 4 },
    cacheGiB: 60,
    quotaMiB: 40_000,
    maps: { storageClass: shared, sizeGiB: 20 },
    stratumOnes: ['s1.example.org'],
    repositories: [
      { name: 'cms.cern.ch', keys: '/etc/cvmfs/keys/cern.ch', readers: ['cms'] },
      { name: 'sft.cern.ch', keys: '/etc/cvmfs/keys/cern.ch', tag: 'v1', readers: ['cms', 'nova'] },
    ],
    ...more,
  });
  return { app, cvmfs };
}

const targets = Target.all.map((target) => [target.name, target] as const);

test.each(targets)('on %s every object of CVMFS follows the house rules', (_, target) => {
  const problems = site(target)
    .app.node.findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .flatMap((object) => {
      const manifest: Judged = object.toJson();
      return houseRuleProblems(manifest, exceptionsOf(object));
    });
  expect(problems).toEqual([]);
});

test('only the namespace of the servers takes privileged pods, and the proxies need none', () => {
  const objects = new Synthesized(site(Target.parse('okd 4.21')).app);
  const level = (name: string): unknown => objects.one('Namespace', name);
  const enforcing = (word: string): object => ({
    metadata: { labels: { 'pod-security.kubernetes.io/enforce': word } },
  });
  expect(level('cvmfs')).toMatchObject(enforcing('privileged'));
  for (const name of ['cvmfs-proxy', 'cms', 'nova']) {
    expect(level(name)).toMatchObject(enforcing('restricted'));
  }
  const privileged = objects.objects.filter((object) =>
    JSON.stringify(object).includes('"privileged":true'),
  );
  expect(privileged.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name])).toEqual(
    [['StatefulSet', 'cvmfs', 'cvmfs-nfs']],
  );
});

test('each namespace reads what it was given, from volumes of its own', () => {
  const { app, cvmfs } = site(Target.parse('okd 4.21'));
  const volumes = new Synthesized(app)
    .all('PersistentVolume')
    .filter(({ metadata }) => metadata.name.includes('-cvmfs-'));
  expect(volumes.map(({ metadata }) => metadata.name).sort()).toEqual([
    'cms-cvmfs-cms-cern-ch',
    'cms-cvmfs-sft-cern-ch',
    'nova-cvmfs-sft-cern-ch',
  ]);
  expect([...(cvmfs.shares.get('nova')?.shares.keys() ?? [])]).toEqual(['sft.cern.ch']);
  expect(cvmfs.shares.get('cms')?.shares.get('cms.cern.ch')?.userNamespaces).toBe(false);
});

test('Squid proxies and CPU alone decides how many servers there are, unless a site says otherwise', () => {
  const objects = new Synthesized(site(Target.parse('okd 4.21')).app);
  const [, proxies] = objects
    .all('StatefulSet')
    .map((one) => JSON.stringify(one))
    .sort();
  expect(proxies).toContain('/usr/sbin/squid');
  const scalers = objects.all('HorizontalPodAutoscaler').map((one) => JSON.stringify(one));
  expect(scalers.filter((text) => text.includes('"Pods"') && text.includes('metric'))).toEqual([]);
});

test('a site may take Varnish and have servers added by their calls', () => {
  const { app } = site(Target.parse('okd 4.21'), {
    proxies: { program: 'varnish' },
    replicas: {
      min: 2,
      max: 4,
      operations: { metric: 'calls_per_second', perReplica: 4000, adapter: 'prometheus-adapter' },
    },
    monitoring: { by: 'prometheus-operator', labels: {} },
    monitoringNamespaces: ['monitoring'],
  });
  const objects = new Synthesized(app);
  const named = (kind: string, name: string): unknown =>
    objects.all(kind).find(({ metadata }) => metadata.name === name);
  expect(named('StatefulSet', 'cvmfs-proxy')).toMatchObject({
    spec: { template: { spec: { containers: [{ name: 'varnish' }] } } },
  });
  expect(named('HorizontalPodAutoscaler', 'cvmfs-nfs')).toMatchObject({
    spec: {
      metrics: [
        { type: 'Resource' },
        {
          type: 'Pods',
          pods: { metric: { name: 'calls_per_second' }, target: { averageValue: '4000' } },
        },
      ],
    },
  });
  // Varnish has no metrics; the servers' are collected all the same.
  expect(objects.all('ServiceMonitor').map(({ metadata }) => metadata.name)).toEqual(['cvmfs-nfs']);
});

const bindings = z.array(
  z.object({
    kind: z.string(),
    metadata: z.object({ namespace: z.string().optional() }),
    subjects: z.array(z.object({ kind: z.string(), name: z.string() })),
  }),
);

/** Who is granted something, where: `RoleBinding cms: Group editors`. */
function grants(target: Target): string[] {
  const objects = new Synthesized(site(target).app);
  const all = ['RoleBinding', 'ClusterRoleBinding'].flatMap((kind) => objects.all(kind));
  return bindings
    .parse(all)
    .flatMap(({ kind, metadata, subjects }) =>
      subjects.map((to) => `${kind} ${metadata.namespace ?? '(cluster)'}: ${to.kind} ${to.name}`),
    );
}

test.each(targets)(
  'on %s no person has any right but in the namespace of a tenant',
  (_, target) => {
    const people = grants(target).filter((grant) => /: (User|Group) /.test(grant));
    expect(people).toHaveLength(8);
    expect(people.filter((grant) => !/^RoleBinding (cms|nova): /.test(grant))).toEqual([]);
  },
);

test.each(targets)(
  'on %s the servers alone are granted anything in their namespace',
  (_, target) => {
    const inside = grants(target).filter((grant) => grant.startsWith('RoleBinding cvmfs: '));
    expect(inside).toEqual(
      target.has('scc') ? ['RoleBinding cvmfs: ServiceAccount cvmfs-nfs'] : [],
    );
  },
);

test('the driver stands in a namespace of privileged pods, and hands out its class', () => {
  const app = appFor('okd 4.21');
  const stack = new CvmfsCsiStack(app, 'Csi', {
    repositories: {
      repositories: [
        {
          name: 'cms.cern.ch',
          keys: { from: 'image', directory: '/etc/cvmfs/keys/cern.ch' },
          servers: ['http://s1.example.org/cvmfs/@fqrn@'],
        },
      ],
      httpProxy: 'http://squid.example.org:3128',
      quotaMiB: 20_000,
    },
    driver: { consent: 'jobs need the speed of a client on their node' },
  });
  expect(stack.storage.className).toBe('cvmfs');
  expect(new Synthesized(app).one('Namespace')).toMatchObject({
    metadata: { name: 'cvmfs-csi', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } },
  });
});
