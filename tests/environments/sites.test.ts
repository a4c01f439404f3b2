import { App } from 'cdk8s';
import { type z } from 'zod';

import { attachTarget } from '../../constructs/targets';
import { UPSTREAM_FILES } from '../../constructs/versions';
import { environment as dev } from '../../environments/dev/index';
import type { Environment } from '../../environments/environment';
import { parseOrExplain } from '../../environments/facts';
import { environment as production } from '../../environments/production/index';
import { cidr, hostName, nodePool, server, tenant } from '../../environments/schemas';
import { objectsOf } from '../../plan/model';
import { planOf } from '../../plan/plan-of';
import { ensureUpstream } from '../../upstream/fetch';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

/** What an environment deploys, in order. */
function idsOf(environment: Environment): string[] {
  const app = new App();
  attachTarget(app, environment.target);
  environment.build(app);
  const { name, target, data, moved, provided } = environment;
  return objectsOf(planOf(app, { environment: name, target, data, moved, provided })).map(
    ({ id }) => id,
  );
}

test.each([
  ['dev', dev, 'kubernetes 1.34', 'embedded', 'disposable'],
  ['production', production, 'okd 4.21', 'kubeconfig', 'keep'],
] as const)('%s is what its folder says', (name, environment, target, cluster, data) => {
  expect(environment.name).toBe(name);
  expect(environment.target.name).toBe(target);
  expect(environment.cluster.kind).toBe(cluster);
  expect(environment.data).toBe(data);
});

test.each([
  ['dev', dev],
  ['production', production],
])('%s has a tenant, a class, a front door and one routed service', (_, environment) => {
  expect(idsOf(environment)).toEqual(
    expect.arrayContaining([
      '_/namespace/analysis',
      'analysis/resourcequota/tenant',
      '_/storageclass.storage.k8s.io/nfs',
      '_/customresourcedefinition.apiextensions.k8s.io/middlewares.traefik.io',
      'ingress/deployment.apps/traefik',
      'welcome/ingress.networking.k8s.io/welcome',
    ]),
  );
});

test('production has a project and a Secret to pull with for each tenant, after the registry', () => {
  const ids = idsOf(production);
  const [core, project, robot] = [
    'registry/deployment.apps/harbor-core',
    'registry/harborproject.harbor.beamline/production-jobs',
    'registry/harborrobot.harbor.beamline/production-jobs.puller',
  ].map((id) => ids.indexOf(id));
  expect(core).toBeGreaterThan(0);
  expect(project).toBeGreaterThan(core ?? 0);
  expect(robot).toBeGreaterThan(project ?? 0);
  expect(ids).toContain('production-jobs/secret/pull-production-jobs-puller');
});

test('what a route needs is there before it', () => {
  const ids = idsOf(dev);
  const before = [
    '_/customresourcedefinition.apiextensions.k8s.io/middlewares.traefik.io',
    'ingress/deployment.apps/traefik',
    'welcome/middleware.traefik.io/traefik-internal-only',
  ];
  expect([...before].sort((a, b) => ids.indexOf(a) - ids.indexOf(b))).toEqual(before);
});

test('both sites use only names and addresses that belong to nobody', () => {
  const texts = [dev, production].flatMap((environment) => {
    const app = new App();
    attachTarget(app, environment.target);
    environment.build(app);
    const { name, target, data, moved, provided } = environment;
    const plan = planOf(app, { environment: name, target, data, moved, provided });
    return objectsOf(plan).flatMap(({ manifest, upstream }) =>
      upstream === undefined ? [JSON.stringify(manifest)] : [],
    );
  });
  const addresses = texts.join('\n').match(/\b\d{1,3}(\.\d{1,3}){3}\b/g) ?? [];
  const documentation = /^(192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$/;
  // 169.254.0.0 is link-local, where NodeLocal DNSCache answers; every OKD has 10.128.0.0 and 172.30.0.0 for pods and Services; the
  // others are the private networks as a whole, which sessions do not reach.
  const everywhere =
    /^(169\.254\.0\.0|10\.(0|128)\.0\.0|172\.16\.0\.0|192\.168\.0\.0|100\.64\.0\.0|172\.30\.\d+\.\d+|0\.0\.0\.0|127\.0\.0\.1)$/;
  const others = addresses.filter((address) => !documentation.test(address));
  expect(others.filter((address) => !everywhere.test(address))).toEqual([]);
});

test("rejects a tenant's facts with one message for each field, saying what it is", () => {
  const facts = {
    name: 'Physics Group',
    quota: { cpu: 'lots', memoryGiB: -1, pods: 1.5 },
    admins: { groups: 'all' },
    color: 'blue',
  };
  expect(() => parseOrExplain(tenant, facts, "'site.yaml'")).toThrow(
    new Error(
      "'site.yaml' has invalid facts:\n" +
        "  - name: must be lower-case letters, digits and '-', at most 63 characters, for example 'analysis', got \"Physics Group\"\n" +
        '  - quota.cpu: must be the number of CPU cores, 0 or more, got "lots"\n' +
        '  - quota.memoryGiB: must be the number of GiB of memory, 0 or more, got -1\n' +
        '  - quota.pods: must be the number of pods, a whole number from 0, got 1.5\n' +
        '  - quota.storageGiB: must be the number of GiB of storage, 0 or more\n' +
        '  - admins.groups: must be a list of names, got "all"\n' +
        '  - color: no such field; check its spelling and indentation',
    ),
  );
});

test.each([
  [hostName, 'localhost', "must be a full host name in lower case, for example 'www.example.org'"],
  [
    hostName,
    'https://a.example.org',
    "must be a full host name in lower case, for example 'www.example.org'",
  ],
  [
    server,
    'nfs1:/export',
    "must be a host name or an IPv4 address and nothing else, for example 'nfs1.example.org'",
  ],
  [cidr, '192.0.2.1', "must be an IPv4 network in CIDR notation, for example '192.0.2.0/24'"],
])('rejects a fact, saying what it should be (%#)', (schema: z.ZodType, value, message) => {
  expect(() => parseOrExplain(schema, value, 'it')).toThrow(
    new Error(`it has invalid facts:\n  - (top): ${message}, got "${value}"`),
  );
});

test('rejects a pool without nodes', () => {
  const pool = { name: 'worker', count: 0, cpu: 4, memoryGiB: 8, labels: { zone: 1 } };
  expect(() => parseOrExplain(nodePool, pool, 'it')).toThrow(
    new Error(
      'it has invalid facts:\n' +
        '  - count: must be the number of nodes, a whole number from 1, got 0\n' +
        '  - labels.zone: must be text; put it in quotes, got 1',
    ),
  );
});
