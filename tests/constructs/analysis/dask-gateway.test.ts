import { Chart } from 'cdk8s';
import { z } from 'zod';

import { DaskGateway } from '../../../constructs/analysis/dask-gateway';
import type { DaskGatewayProps, DaskProfile } from '../../../constructs/analysis/dask-props';
import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import { Tenant } from '../../../constructs/tenancy/tenant';
import { hub as hubProps } from '../notebooks/support';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { ensureUpstream } from '../../../upstream/fetch';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { appFor, synth, Synthesized } from '../../support/synth';
import { planFrom } from '../../support/plan';
import { AskedHub, atlas, cms, gatewayFor, identity, ingress, large, pool, small } from './support';
import { attachTarget, Target } from '../../../constructs/targets';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

const monitoring = { by: 'prometheus-operator', labels: { release: 'site' } } as const;

function refused(change: Partial<DaskGatewayProps>): string {
  return messageFrom(() => synth(DaskGateway, { ...gatewayFor(), ...change }, 'okd 4.21'));
}

function withProfile(change: Partial<DaskProfile>): Partial<DaskGatewayProps> {
  return { profiles: [{ ...small, ...change }] };
}

test.each(['okd 4.21', 'kubernetes 1.34'] as const)(
  'what it renders for %s follows the house rules',
  (target) => {
    const props = {
      ...gatewayFor(),
      monitoring,
      monitoringNamespaces: ['monitoring'],
      published: { host: 'dask.example.org', ingress },
      proxyDefinitions: 'cluster',
    } as const;
    const { objects, exceptions } = synth(DaskGateway, props, target);
    const own = objects.filter(({ kind }) => kind !== 'CustomResourceDefinition');
    expect(own.flatMap((object) => houseRuleProblems(object, exceptions))).toEqual([]);
  },
);

test('no right is over the cluster, and none is over another namespace than the tenants have', () => {
  const made = synth(DaskGateway, gatewayFor(), 'okd 4.21');
  expect(made.all('ClusterRole')).toEqual([]);
  expect(made.all('Role').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(
    ['cms', 'atlas'].flatMap((tenant) =>
      ['gateway', 'controller', 'proxy'].map((who) => `${tenant}/test-${who}`),
    ),
  );
  expect(JSON.stringify(made.all('Role'))).not.toContain('*');
});

test('the hub is told who asks, what sessions reach, and what they find in their environment', () => {
  const hub = new AskedHub();
  synth(DaskGateway, gatewayFor(hub), 'okd 4.21');
  expect(hub.requests).toMatchObject([
    {
      name: 'dask-gateway',
      environment: {
        DASK_GATEWAY__ADDRESS: 'http://gateway.test:8000',
        DASK_GATEWAY__PROXY_ADDRESS: 'gateway://proxy.test:8786',
        DASK_GATEWAY__AUTH__TYPE: 'jupyterhub',
      },
    },
  ]);
});

test('a hub that gets it lets its sessions go there, and rolls', () => {
  const hubOf = (wanted: boolean): Synthesized => {
    const app = appFor('okd 4.21');
    const notebooks = new Chart(app, 'notebooks', { namespace: 'notebooks' });
    const hub = new JupyterHub(notebooks, 'Hub', hubProps);
    if (wanted)
      new DaskGateway(new Chart(app, 'dask', { namespace: 'dask' }), 'Dask', gatewayFor(hub));
    return new Synthesized(notebooks);
  };
  const [plain, made] = [hubOf(false), hubOf(true)];
  const settings = z
    .object({ data: z.object({ 'settings.json': z.string() }) })
    .parse(made.one('ConfigMap', 'hub'));
  expect(JSON.parse(settings.data['settings.json'])).toMatchObject({
    services: [{ name: 'dask-gateway' }],
    roles: [
      { name: 'user', scopes: ['self', 'access:services!service=dask-gateway'] },
      { name: 'server' },
    ],
    sessionEnvironment: { DASK_GATEWAY__ADDRESS: 'http://gateway.dask:8000' },
  });
  expect(made.names('NetworkPolicy')).toEqual(
    expect.arrayContaining(['hub-from-dask-gateway', 'session-to-dask-gateway']),
  );
  expect(made.one('Deployment', 'hub')).not.toEqual(plain.one('Deployment', 'hub'));
});

test('two gateways at one hub are refused', () => {
  const app = appFor('okd 4.21');
  const hub = new JupyterHub(
    new Chart(app, 'notebooks', { namespace: 'notebooks' }),
    'Hub',
    hubProps,
  );
  const add = (namespace: string): DaskGateway =>
    new DaskGateway(new Chart(app, namespace, { namespace }), 'Dask', gatewayFor(hub));
  add('one');
  expect(messageFrom(() => add('two'))).toContain("the hub has a service 'dask-gateway' already");
});

test('a host for people outside has the API and the dashboards, for internal networks', () => {
  const routes: unknown[] = [];
  const door = { ...ingress, route: (request: object) => void routes.push(request) };
  synth(DaskGateway, {
    ...gatewayFor(),
    published: { host: 'dask.example.org', ingress: door },
  });
  expect(routes).toMatchObject([
    { path: '/api', reach: 'internal', service: { name: 'gateway' } },
    { path: '/clusters', reach: 'internal', service: { name: 'proxy' } },
  ]);
});

test('the same bytes on every render', () => {
  const once = (): string => JSON.stringify(synth(DaskGateway, gatewayFor(), 'okd 4.21').objects);
  expect(once()).toBe(once());
});

test.each<[string, Partial<DaskGatewayProps>, RegExp]>([
  [
    'limits below requests in memory',
    withProfile({ memoryGiB: { least: 4, most: 2 } }),
    /profile 'small': 'memoryGiB' must have a 'least' above 0 and a 'most' not below it, got 4 to 2/,
  ],
  [
    'limits below requests in CPU',
    withProfile({ cpu: { least: 2, most: 1 } }),
    /'cpu' must have a 'least' above 0 and a 'most' not below it, got 2 to 1/,
  ],
  [
    "a scheduler's limits below its requests",
    { scheduler: { cpu: { least: 1, most: 1 }, memoryGiB: { least: 8, most: 4 } } },
    /'scheduler.memoryGiB' must have a 'least' above 0 and a 'most' not below it, got 8 to 4/,
  ],
  [
    'a group of a tenant that is unknown',
    { tenants: [{ ...cms, groups: ['lhcb'] }] },
    /tenant 'cms': group 'lhcb' is not one of the identity provider's, cms, atlas, experts/,
  ],
  [
    'a group of a profile that is unknown',
    withProfile({ groups: ['lhcb'] }),
    /profile 'small': group 'lhcb' is not one of the identity provider's/,
  ],
  [
    'a group of limits that is unknown',
    { groupLimits: { lhcb: gatewayFor().limits } },
    /'groupLimits': group 'lhcb' is not one of the identity provider's/,
  ],
  [
    'a moving tag',
    withProfile({ image: 'ghcr.io/dask/dask-gateway:latest' }),
    /'image' must have an exact tag or a digest/,
  ],
  [
    'an image from a registry outside the list',
    withProfile({ image: 'docker.io/daskdev/dask:2026.3.0' }),
    /must come from one of 'registries', ghcr.io\/dask, got 'docker.io\/daskdev\/dask:2026.3.0'/,
  ],
  [
    "worker memory above the tenant's quota",
    withProfile({ memoryGiB: { least: 8, most: 30 } }),
    /'memoryGiB.most' 30 is above the quota of tenant 'atlas', whose 32 GiB leave 28 beside a scheduler/,
  ],
  [
    "worker CPU above the tenant's quota",
    withProfile({ cpu: { least: 16, most: 16 } }),
    /'cpu.least' 16 is above the quota of tenant 'atlas', whose 16 cores leave 15.5 beside a scheduler/,
  ],
  [
    'HTCondor workers without a pool',
    withProfile({ workers: { kind: 'htcondor' } }),
    /'workers' of HTCondor need a 'pool', got none/,
  ],
  [
    'HTCondor workers with a pool',
    withProfile({ workers: { kind: 'htcondor', pool } }),
    /cannot be jobs of the pool at condor.batch:9618: Dask Gateway has no back end for HTCondor; run them as pods/,
  ],
  [
    'option names twice',
    { options: [...(gatewayFor().options ?? []), ...(gatewayFor().options ?? [])] },
    /'options' has two with the name 'release'/,
  ],
  [
    "an option with a name of the gateway's own",
    { options: [{ name: 'profile', label: 'x', variable: 'X', choices: ['a'] }] },
    /'options' has 'profile', which every gateway has by itself/,
  ],
  [
    'an option over a variable of the system',
    { options: [{ name: 'x', label: 'x', variable: 'LD_PRELOAD', choices: ['a'] }] },
    /'variable' must be upper case and none of the system's or Dask's own, got 'LD_PRELOAD'/,
  ],
  ['two tenants in one namespace', { tenants: [cms, cms] }, /has the namespace 'cms' twice/],
  [
    'clusters where the gateway runs',
    { tenants: [{ ...cms, namespace: 'test' }] },
    /its namespace must be another than 'test'/,
  ],
  ['no tenant', { tenants: [] }, /'tenants' must list at least one/],
  ['no profile', { profiles: [] }, /'profiles' must list at least one/],
  ['two profiles of one name', { profiles: [small, small] }, /two with the name 'small'/],
  [
    'two shares at one path',
    { tenants: [{ ...cms, shares: [...(cms.shares ?? []), ...(cms.shares ?? [])] }] },
    /'shares' has two at '\/cvmfs\/cms.cern.ch'/,
  ],
  [
    'limits of nothing',
    { limits: { clusters: 0, workers: 4, cpu: 32, memoryGiB: 64 } },
    /'limits.clusters' must be a whole number from 1, got '0'/,
  ],
  ['idling of nothing', { idleMinutes: 0 }, /'idleMinutes' must be at least 5/],
])('%s is refused', (_, change, message) => {
  expect(refused(change)).toMatch(message);
});

test('a profile of a group that is in one tenant is held against the quota of that one', () => {
  const profiles = [{ ...large, groups: ['cms'], memoryGiB: { least: 8, most: 60 } }];
  expect(() => synth(DaskGateway, { ...gatewayFor(), profiles })).not.toThrow();
});

describe('a namespace', () => {
  const plan = (tenant: boolean): unknown =>
    planFrom((app) => {
      attachTarget(app, Target.parse('okd 4.21'));
      if (tenant) {
        const quota = { cpu: 64, memoryGiB: 256, pods: 100, storageGiB: 10 };
        new Tenant(new Chart(app, 'tenant', { namespace: 'cms' }), 'Tenant', { quota });
      }
      const chart = new Chart(app, 'dask', { namespace: 'dask' });
      const tenants = [{ namespace: 'cms', groups: ['cms'], quota: cms.quota }];
      new DaskGateway(chart, 'Dask', {
        ...gatewayFor(),
        identity,
        tenants,
        proxyDefinitions: 'cluster',
      });
    });

  test('that is no tenant is refused', () => {
    expect(messageFrom(() => plan(false))).toMatch(
      /tenant 'cms' of 'dask\/Dask' is no tenant of this environment, which has none; make it with a TenantStack/,
    );
  });

  test('of a tenant is taken', () => {
    expect(() => plan(true)).not.toThrow();
  });
});

test('the shares of a tenant are mounted there only', () => {
  const { data } = z
    .object({ data: z.object({ 'settings.json': z.string() }) })
    .parse(synth(DaskGateway, gatewayFor()).one('ConfigMap', 'gateway'));
  expect(JSON.parse(data['settings.json'])).toMatchObject({
    tenants: [
      {
        namespace: cms.namespace,
        mounts: [
          { mountPath: '/cvmfs/cms.cern.ch', readOnly: true, mountPropagation: 'HostToContainer' },
        ],
      },
      { namespace: atlas.namespace, mounts: [] },
    ],
  });
});
