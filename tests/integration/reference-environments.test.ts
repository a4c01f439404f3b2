import { readFileSync } from 'node:fs';

import { parseAllDocuments, stringify } from 'yaml';

import { readUpstream } from '../../constructs/kit/upstream';
import { EDGE_FILES } from '../../constructs/versions/edge';
import { loadEnvironment, planEnvironment } from '../../environments/load';
import { isManifest, isObject } from '../../plan/json';
import { objectsOf, type Manifest, type Plan } from '../../plan/model';
import { schemaPin } from '../../review/check/schemas/pins';
import { Schemas } from '../../review/check/schemas/schemas';
import { definitionsOf } from '../../sandbox/apis/definitions';
import { ensureUpstream } from '../../upstream/fetch';
import { silentReport } from '../../upstream/progress';
import { LIMIT_MS } from './support/scenario';
import { Site, succeeded, type Reach } from './support/site';

let site: Site;
let cluster: Reach;
beforeAll(async () => {
  site = new Site('dry-run-of-references', 'dry-run');
  cluster = site.add('dry-run', 'dry-run', 'environment');
  succeeded(await site.beamline(['cluster', 'start', 'dry-run']));
  // The site's cluster has a Traefik of its own.
  const traefik = await ensureUpstream(EDGE_FILES.traefikCrds, silentReport);
  await define(
    parseAllDocuments(readFileSync(traefik, 'utf8')).flatMap((document): Manifest[] => {
      const value: unknown = document.toJS();
      return isManifest(value) ? [value] : [];
    }),
  );
}, LIMIT_MS);
afterAll(async () => {
  await site.beamline(['cluster', 'delete', 'dry-run']);
  await site.clear();
}, LIMIT_MS);

/**
 * The reference environments and the kinds whose version no API server of today has: these are judged by the schemas of the target's own version,
 * everything else by the server.
 */
const REFERENCES = [
  ['fnal-cms-dev', []],
  ['fnal-production', []],
  [
    'bnl-reana', // Kubernetes 1.18
    [
      'batch/v1beta1 CronJob',
      'networking.k8s.io/v1beta1 Ingress',
      'policy/v1beta1 PodDisruptionBudget',
    ],
  ],
  ['bnl-okd', []],
] as const;

test.each(REFERENCES)(
  '%s is taken by an API server, and by the schemas of its own version where that is older',
  async (name, gone) => {
    const environment = loadEnvironment(name);
    const plan = await planEnvironment(environment, (pin) => ensureUpstream(pin, silentReport));
    const manifests = objectsOf(plan).map(({ manifest }) => manifest);
    await stand(manifests);
    const served = await servedKinds();
    const isServed = ({ apiVersion, kind }: Manifest): boolean =>
      served.has(`${apiVersion} ${kind}`);

    const taken = manifests.filter(isServed);
    const args = ['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-'];
    const said = await cluster.kubectl(args, documents(taken));
    expect(said.trim().split('\n')).toHaveLength(taken.length);

    const others = manifests.filter((manifest) => !isServed(manifest));
    expect(
      [...new Set(others.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].sort(),
    ).toEqual(gone);
    const schemas = await schemasOf(plan);
    for (const manifest of others) {
      expect([manifest, schemas.serving(manifest)]).toEqual([manifest, { served: true }]);
      expect([manifest, schemas.problemsOf(manifest)]).toEqual([manifest, []]);
    }
  },
  LIMIT_MS,
);

/** Makes for real what a dry run leans on: namespaces, and the definitions that the environment brings. */
async function stand(manifests: readonly Manifest[]): Promise<void> {
  const apply = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
  const names = new Set(
    manifests.flatMap(({ kind, metadata }) =>
      kind === 'Namespace' ? [metadata.name] : (metadata.namespace ?? []),
    ),
  );
  const namespaces = [...names].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  await cluster.kubectl(apply, documents(namespaces));
  const definitions = manifests.filter(
    ({ apiVersion, kind }) =>
      kind === 'CustomResourceDefinition' && apiVersion === 'apiextensions.k8s.io/v1',
  );
  await define(definitions);
}

async function define(definitions: readonly Manifest[]): Promise<void> {
  if (definitions.length === 0) return;
  const apply = ['apply', '--server-side', '--force-conflicts', '-f', '-'];
  await cluster.kubectl(apply, documents(definitions));
  const crds = definitions.map(({ metadata }) => `crd/${metadata.name}`);
  await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', ...crds]);
}

/** `<apiVersion> <kind>` of everything that the server has. */
async function servedKinds(): Promise<ReadonlySet<string>> {
  const table = await cluster.kubectl(['api-resources', '--no-headers']);
  return new Set(
    table.split('\n').map((line) => {
      const [kind = '', , apiVersion = ''] = line.trim().split(/\s+/).reverse();
      return `${apiVersion} ${kind}`;
    }),
  );
}

async function schemasOf(plan: Plan): Promise<Schemas> {
  const pin = schemaPin(plan.target.kubernetesMinor);
  await ensureUpstream(pin, silentReport);
  const given: unknown[] = await definitionsOf(plan.target.flavour, silentReport);
  return new Schemas(readUpstream(pin), given.filter(isObject));
}

function documents(objects: readonly object[]): string {
  return objects.map((object) => stringify(object)).join('---\n');
}
