import { join } from 'node:path';

import fc from 'fast-check';

import { readUpstream } from '../../../constructs/kit/upstream';
import { isList, isObject } from '../../../plan/json';
import type { Json, JsonObject, Manifest } from '../../../plan/model';
import { schemaPin } from '../../../review/check/schemas/pins';
import { Schemas } from '../../../review/check/schemas/schemas';
import { ApiClient } from '../../../sandbox/control-plane/api';
import { layoutOf } from '../../../sandbox/control-plane/layout';
import { ensureUpstream } from '../../../upstream/fetch';

/** Objects that a real API server takes, one for each shape of field that schemas tell apart. */
const GOOD: readonly (readonly [path: string, manifest: Manifest])[] = [
  [
    '/apis/apps/v1/namespaces/default/deployments',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: '25%' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            automountServiceAccountToken: false,
            containers: [
              {
                name: 'web',
                image: 'example.org/web:1',
                args: ['--port', '8080'],
                env: [{ name: 'A', value: 'b' }],
                ports: [{ name: 'http', containerPort: 8080 }],
                resources: { requests: { cpu: 1, memory: '64Mi' } },
                readinessProbe: { httpGet: { port: 'http', path: '/' }, periodSeconds: 5 },
                securityContext: { capabilities: { drop: ['ALL'] }, runAsNonRoot: true },
              },
            ],
            volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '1Gi' } }],
          },
        },
      },
    },
  ],
  [
    '/api/v1/namespaces/default/services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
    },
  ],
  [
    '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'web' },
      spec: {
        podSelector: { matchLabels: { app: 'web' } },
        ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 8080 }] }],
      },
    },
  ],
  [
    '/apis/batch/v1/namespaces/default/cronjobs',
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'night' },
      spec: {
        schedule: '0 3 * * *',
        suspend: false,
        jobTemplate: {
          spec: {
            backoffLimit: 1,
            template: {
              spec: {
                restartPolicy: 'Never',
                containers: [{ name: 'night', image: 'example.org/night:1' }],
              },
            },
          },
        },
      },
    },
  ],
];

/** A place in an object: field names and places in lists. */
type Path = readonly (string | number)[];

function placesIn(value: Json | undefined, at: Path = []): Path[] {
  const inside: [string | number, Json | undefined][] = isList(value)
    ? value.map((item, place) => [place, item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return inside.flatMap(([key, item]) => [[...at, key], ...placesIn(item, [...at, key])]);
}

/** The object with the field at a path changed. */
function changed(
  value: Json,
  path: Path,
  change: (parent: JsonObject, key: string) => JsonObject,
): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (isList(value)) {
    return value.map((item, place) => (place === key ? changed(item, rest, change) : item));
  }
  if (!isObject(value)) return value;
  if (rest.length === 0) return change(value, String(key));
  return { ...value, [key]: changed(value[key] ?? null, rest, change) };
}

const renamed = (parent: JsonObject, key: string): JsonObject => {
  const { [key]: value, ...others } = parent;
  return { ...others, [`${key}Typo`]: value };
};
const OTHERS: readonly Json[] = [true, 7, 'text', {}, [], ['text'], { key: 'text' }];

/** Objects with one field renamed or of another type; apiVersion, kind and metadata stay. */
const broken = fc.constantFrom(...GOOD).chain(([url, good]) => {
  const places = placesIn(good['spec'], ['spec']).filter((path) => typeof path.at(-1) === 'string');
  return fc.record({
    url: fc.constant(url),
    manifest: fc.oneof(
      fc.constantFrom(...places).map((path) => changed(good, path, renamed)),
      fc
        .tuple(fc.constantFrom(...places), fc.constantFrom(...OTHERS))
        .map(([path, other]) =>
          changed(good, path, (parent, key) => ({ ...parent, [key]: other })),
        ),
    ),
  });
});

/** What the API server says of fields and types, as against what values mean. */
const OF_SCHEMAS =
  /unknown field|cannot unmarshal|unable to parse|expected (\w+, )?(but )?got|json: |Invalid type|must be of type/;

test('what the schemas refuse, the API server refuses; what it refuses for its fields or types, they do', async () => {
  const directory = join(process.env['BEAMLINE_TEST_DIRECTORY'] ?? '', 'control-plane');
  const api = ApiClient.for(layoutOf(directory));
  if (api === undefined) throw new Error('the shared control plane was not started');
  await ensureUpstream(schemaPin(34));
  const schemas = new Schemas(readUpstream(schemaPin(34)), []);
  let refused = 0;
  try {
    for (const [, good] of GOOD) expect(schemas.problemsOf(good)).toEqual([]);
    await fc.assert(
      fc.asyncProperty(broken, async ({ url, manifest }) => {
        if (!isManifestLike(manifest)) return;
        const ours = schemas.problemsOf(manifest);
        const answer = await api.call('POST', `${url}?dryRun=All&fieldValidation=Strict`, manifest);
        const theirs = JSON.stringify(answer.body);
        refused += ours.length > 0 ? 1 : 0;
        if (ours.length > 0 && answer.status < 300)
          throw new Error(`the API server takes it, and we say ${JSON.stringify(ours)}`);
        if (ours.length === 0 && answer.status >= 300 && OF_SCHEMAS.test(theirs))
          throw new Error(`we say nothing, and the API server says ${theirs}`);
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(100);
  } finally {
    await api.close();
  }
}, 300_000);

function isManifestLike(value: Json): value is Manifest {
  return isObject(value) && isObject(value['metadata']);
}
