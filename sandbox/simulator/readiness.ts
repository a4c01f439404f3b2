import { z } from 'zod';

import { READY_KINDS, type ReadyKind } from './ready-kinds';
import { isLookedAfter } from './simulated';
import { later, MERGE, watch, type Watched, type World } from './watch';

const conditionSchema = z.object({ type: z.string(), status: z.string() });

const crdSchema = z.object({
  metadata: z.object({ uid: z.string() }),
  spec: z.object({
    group: z.string(),
    names: z.object({ kind: z.string(), plural: z.string() }),
    versions: z.array(
      z.object({
        name: z.string(),
        served: z.boolean(),
        subresources: z.object({ status: z.unknown().optional() }).optional(),
      }),
    ),
  }),
  // A definition that was just made has a status whose conditions are null.
  status: z.object({ conditions: z.array(conditionSchema).nullish() }).optional(),
});

type Crd = z.infer<typeof crdSchema>;

const objectSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().default(''),
    generation: z.int().default(1),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.record(z.string(), z.unknown()).default({}),
  status: z.unknown().optional(),
});

/** Writes the status that the operators of `READY_KINDS` would write, as soon as their kinds are served; not where the real one is. */
export function simulateReadiness(world: World): void {
  const watched = new Map<string, Watched>();
  watch(world, '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', (object) => {
    const crd = crdSchema.parse(object);
    const ready = READY_KINDS.find(
      ({ group, kind }) => group === crd.spec.group && kind === crd.spec.names.kind,
    );
    if (ready === undefined || watched.has(crd.metadata.uid) || !isEstablished(crd)) return;
    const version = crd.spec.versions.find(({ served }) => served);
    if (version === undefined) return;
    const root = `/apis/${crd.spec.group}/${version.name}`;
    const suffix = version.subresources?.status === undefined ? '' : '/status';
    watched.set(
      crd.metadata.uid,
      watch(world, `${root}/${crd.spec.names.plural}`, (one) =>
        makeReady(world, ready, { root, plural: crd.spec.names.plural, suffix }, one),
      ),
    );
  });
}

interface Place {
  readonly root: string;
  readonly plural: string;
  readonly suffix: string;
}

function makeReady(
  { api }: World,
  ready: ReadyKind,
  { root, plural, suffix }: Place,
  object: unknown,
): void {
  const { metadata, spec, status } = objectSchema.parse(object);
  if (metadata.deletionTimestamp !== undefined || isLookedAfter(metadata.annotations)) return;
  const wanted = ready.status({ metadata, spec }, new Date().toISOString());
  if (says(status, wanted)) return;
  const namespace = metadata.namespace === '' ? '' : `/namespaces/${metadata.namespace}`;
  const path = `${root}${namespace}/${plural}/${metadata.name}${suffix}`;
  later(`making ${path} ready`, async () => {
    const answer = await api.call('PATCH', path, { status: wanted }, MERGE);
    if (answer.status >= 300 && answer.status !== 404) throw new Error(JSON.stringify(answer.body)); // 404: it is gone.
  });
}

const TIMES = new Set(['lastTransitionTime', 'lastHeartbeatTime', 'lastChecked', 'creationTime']);

/** Whether a status already says all that is wanted; times may differ. */
export function says(found: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return Array.isArray(found) && wanted.every((item) => found.some((other) => says(other, item)));
  }
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof found !== 'object' || found === null) return false;
    const fields = new Map<string, unknown>(Object.entries(found));
    return Object.entries(wanted).every(
      ([key, value]) => TIMES.has(key) || says(fields.get(key), value),
    );
  }
  return found === wanted;
}

function isEstablished({ status }: Crd): boolean {
  const conditions = status?.conditions ?? [];
  return conditions.some((one) => one.type === 'Established' && one.status === 'True');
}
