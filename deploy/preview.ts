import pLimit from 'p-limit';

import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import type { JsonObject, Plan } from '../plan/model';
import { objectsOf } from '../plan/model';
import { isObject } from '../plan/json';
import { FIELD_MANAGER, withEngineAnnotations } from './engine-annotations';
import { changesOf, type Changes, type ObjectChange } from './changes';
import { changesBetween } from '../plan/difference/compare';
import type { Comparison } from './deployment';
import { readThing } from './harbor/things';
import { KubeError, type KubeApi } from './kube-api';
import { liveObjects } from './live';
import type { RecordedState } from './state';
import { withSecrets, type SecretLookup } from './values';

/** A change with what the API server said to a dry run of it. */
export interface TriedChange extends ObjectChange {
  /**
   * Why the server would refuse the change.
   *
   * @default - it would not, or it was not asked
   */
  readonly refusal?: string;
}

const PARALLEL = 8;

/** Puts what is in the cluster in place of what the state remembers of it, so that drift shows. */
export async function withLive(
  api: KubeApi,
  plan: Plan,
  { changes, state }: Comparison,
  valueOf: SecretLookup,
): Promise<Changes> {
  const recorded = changes.objects.filter((change) => change.recorded !== undefined);
  const live = await liveObjects(api, objectsOf(plan), 'everything');
  const resources = new Map(state.resources);
  for (const { id, planned, recorded: before } of recorded) {
    if (before === undefined || planned === undefined) continue;
    const now = isBeyondCluster(planned.manifest.apiVersion)
      ? await readThing(before.id, before.inputs)
      : live.get(id);
    if (now === undefined) resources.delete(before.urn);
    else
      resources.set(before.urn, {
        ...before,
        outputs: { ...now, __inputs: before.outputs['__inputs'] ?? before.inputs },
      });
  }
  const drifted: RecordedState = { ...state, resources };
  return changesOf(plan, drifted, valueOf);
}

/**
 * Asks the API server, in a dry run, about every object that would change, and about nothing else. What turns out to
 * change nothing is `same`; what the server would refuse carries its words.
 */
export async function tried(
  api: KubeApi,
  changes: readonly ObjectChange[],
  valueOf: SecretLookup,
): Promise<TriedChange[]> {
  const limit = pLimit(PARALLEL);
  return Promise.all(
    changes.map((change) =>
      isTriable(change)
        ? limit(() => tryOne(api, change, valueOf))
        : Promise.resolve<TriedChange>(change),
    ),
  );
}

function isTriable({ operation }: ObjectChange): boolean {
  return operation === 'create' || operation === 'update';
}

async function tryOne(
  api: KubeApi,
  change: ObjectChange,
  valueOf: SecretLookup,
): Promise<TriedChange> {
  const { planned } = change;
  if (planned === undefined) return change;
  const { apiVersion, kind, metadata } = planned.manifest;
  const path = await api.pathOf(apiVersion, kind, metadata.namespace, metadata.name);
  // A kind whose definition the same plan brings: nobody can be asked yet.
  if (path === undefined) return change;
  const text = JSON.stringify(withSecrets(withEngineAnnotations(planned), valueOf));
  try {
    const answer = await api.send(
      'PATCH',
      `${path}?dryRun=All&fieldManager=${FIELD_MANAGER}&force=true`,
      'application/json',
      {
        type: 'application/apply-patch+yaml',
        text,
      },
    );
    const onlyEmpty = change.operation === 'update' && change.fields.every(({ empty }) => empty);
    return onlyEmpty && changesNothing(await api.get(path), answer)
      ? { ...change, operation: 'same', fields: [] }
      : change;
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    // The namespace is not there yet, or nobody lets us try: neither says anything about the change.
    if (error.status === 404 || error.status === 403 || error.status === 415) return change;
    return { ...change, refusal: error.message };
  }
}

const BOOKKEEPING = new Set(['managedFields', 'resourceVersion', 'generation']);

function changesNothing(live: JsonObject, tried: JsonObject): boolean {
  return changesBetween(withoutBookkeeping(live), withoutBookkeeping(tried)).length === 0;
}

function withoutBookkeeping(object: JsonObject): JsonObject {
  const { metadata, status: _status, ...rest } = object;
  if (!isObject(metadata)) return rest;
  return {
    ...rest,
    metadata: Object.fromEntries(
      Object.entries(metadata).filter(([field]) => !BOOKKEEPING.has(field)),
    ),
  };
}

/** Ids by operation, for summaries. */
export function countsOf(changes: readonly ObjectChange[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { operation } of changes) counts.set(operation, (counts.get(operation) ?? 0) + 1);
  return counts;
}
