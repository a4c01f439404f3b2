import { ApiObject, type App } from 'cdk8s';

import { exceptionsOf } from '../../constructs/kit/exceptions';
import { hintsOf } from '../../constructs/kit/hints';
import { Target } from '../../constructs/targets';
import { UPSTREAM_FILES } from '../../constructs/versions';
import { EdgeStack, type FrontDoorChoice } from '../../stacks/edge-stack';
import { StorageStack } from '../../stacks/storage-stack';
import { TenantStack } from '../../stacks/tenant-stack';
import { WelcomeStack } from '../../stacks/welcome-stack';
import { ensureUpstream } from '../../upstream/fetch';
import { houseRuleProblems, type Judged } from '../support/house-rules';
import { appFor, Synthesized } from '../support/synth';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

const nfs = {
  server: 'nfs1.example.org',
  path: '/export',
  className: 'nfs',
  owner: 4001,
  replicas: 2,
};
const quota = { cpu: 4, memoryGiB: 16, pods: 20, storageGiB: 100 };

const networks = { internalNetworks: ['192.0.2.0/24'] };

/** The front doors that a target can have. */
function doors(target: Target): FrontDoorChoice[] {
  const pods = { namespace: 'ingress-nginx' };
  const by = target.has('ingress-class') ? { class: 'nginx' } : { annotation: 'nginx' };
  return [
    ...(target.has('endpoint-slice-v1')
      ? [{ kind: 'traefik', exposure: { type: 'LoadBalancer' }, ...networks } as const]
      : []),
    ...(target.has('route') ? [{ kind: 'routes', ...networks } as const] : []),
    { kind: 'existing', controller: 'nginx', by, pods, ...networks },
  ];
}

/** Every stack there is, on one target, with every front door that it can have. */
function site(target: Target): App {
  const app = appFor(target);
  new StorageStack(app, 'Storage', { nfs });
  new TenantStack(app, 'Tenant', { name: 'analysis', quota });
  for (const door of doors(target)) {
    const { ingress } = new EdgeStack(app, `Edge-${door.kind}`, { ingress: door });
    const name = `welcome-${door.kind}`;
    new WelcomeStack(app, name, { host: `${door.kind}.example.org`, ingress, namespace: name });
  }
  return app;
}

const targets = Target.all.map((target) => [target.name, target] as const);

test.each(targets)('on %s every object follows the house rules', (_, target) => {
  const own = site(target)
    .node.findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter((object) => hintsOf(object).upstream === undefined);
  const problems = own.flatMap((object) => {
    const manifest: Judged = object.toJson();
    return houseRuleProblems(manifest, exceptionsOf(object));
  });
  expect(problems).toEqual([]);
});

test.each(targets)('on %s every object renders to the same bytes twice', (_, target) => {
  const bytes = (): string => JSON.stringify(new Synthesized(site(target)).objects);
  expect(bytes()).toBe(bytes());
});

test('every stack can be put in another namespace', () => {
  const app = appFor();
  new StorageStack(app, 'Storage', { nfs, namespace: 'claims' });
  const { ingress } = new EdgeStack(app, 'Edge', {
    ingress: { kind: 'traefik', exposure: { type: 'ClusterIP' }, namespace: 'front', ...networks },
  });
  new WelcomeStack(app, 'Hello', { host: 'hello.example.org', ingress, namespace: 'hello' });
  expect(new Synthesized(app).names('Namespace')).toEqual(['claims', 'front', 'hello']);
});

test('two provisioners in two namespaces do not meet under one name', () => {
  const app = appFor();
  new StorageStack(app, 'A', { nfs, namespace: 'a' });
  new StorageStack(app, 'B', { nfs: { ...nfs, className: 'other' }, namespace: 'b' });
  const cluster = new Synthesized(app).objects
    .filter(({ kind }) => /^(ClusterRole|PersistentVolume|StorageClass)$/.test(kind))
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`);
  expect(new Set(cluster).size).toBe(cluster.length);
});
