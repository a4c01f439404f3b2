import { setTimeout as pause } from 'node:timers/promises';

import { objectsAt, textAt } from '../plan/json';
import type { JsonObject, ObjectId, PlannedObject } from '../plan/model';
import type { KubeApi } from './kube-api';
import { liveObjects } from './live';
import { isHopeless, unready } from './ready';

/** How long all objects together may take to become ready, in milliseconds. */
export const READY_LIMIT_MS = 600_000;

/** How long objects may take to become ready, and where progress goes. */
export interface Patience {
  /** Milliseconds for all of them together. */
  readonly limitMs: number;
  /** Told of every object that became ready, and of what is still missing. */
  readonly progress: (message: string) => void;
}

const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2_000;
const REPORT_EVERY_MS = 10_000;

/**
 * Waits until every object is ready. Reads whole collections, and only those that hold an object not ready yet,
 * so that a hundred rollouts cost as many requests as one.
 *
 * @throws Error naming each object that is not ready, why, and the newest warnings about it.
 */
export async function waitUntilReady(
  api: KubeApi,
  objects: readonly PlannedObject[],
  patience: Patience,
): Promise<void> {
  let waiting = objects.filter(takesTime);
  const begun = Date.now();
  let reported = begun;
  for (
    let wait = FIRST_PAUSE_MS;
    waiting.length > 0;
    wait = Math.min(wait * 1.4, LONGEST_PAUSE_MS)
  ) {
    const live = await liveObjects(api, waiting, 'everything');
    const hopeless = waiting.filter((object) => isHopeless(object, live.get(object.id)));
    const before = waiting.length;
    waiting = waiting.filter((object) => unready(object, live.get(object.id)) !== undefined);
    if (waiting.length === 0) return;
    const late = Date.now() - begun > patience.limitMs;
    if (late || hopeless.length > 0)
      throw new Error(await explain(api, late ? waiting : hopeless, live, Date.now() - begun));
    if (waiting.length < before) wait = FIRST_PAUSE_MS;
    if (Date.now() - reported > REPORT_EVERY_MS) {
      reported = Date.now();
      const [first] = waiting;
      if (first !== undefined)
        patience.progress(
          `waiting for ${waiting.length}: '${first.id}' ${unready(first, live.get(first.id)) ?? ''}`,
        );
    }
    await pause(wait);
  }
}

const ROLLS_OUT = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod', 'Service']);

/** Whether an object is made long before it is ready. */
export function takesTime({ ready, manifest }: PlannedObject): boolean {
  return ready.kind === 'rollout' ? ROLLS_OUT.has(manifest.kind) : ready.kind !== 'exists';
}

async function explain(
  api: KubeApi,
  waiting: readonly PlannedObject[],
  live: ReadonlyMap<ObjectId, JsonObject>,
  elapsedMs: number,
): Promise<string> {
  const lines = await Promise.all(
    waiting.slice(0, 20).map(async (object) => {
      const warnings = await warningsAbout(api, object);
      return `\n  - '${object.id}' ${unready(object, live.get(object.id)) ?? 'is not ready'}${warnings.map((warning) => `\n      ${warning}`).join('')}`;
    }),
  );
  const more = waiting.length > 20 ? `\n  - and ${waiting.length - 20} more` : '';
  return `${waiting.length === 1 ? '1 object is' : `${waiting.length} objects are`} not ready after ${Math.round(elapsedMs / 1000)} s; correct them and run again:${lines.join('')}${more}`;
}

/** The newest warnings that the cluster recorded about an object or what it made. */
async function warningsAbout(api: KubeApi, object: PlannedObject): Promise<string[]> {
  const { namespace, name } = object.manifest.metadata;
  if (namespace === undefined) return [];
  try {
    const events = await api.get(
      `/api/v1/namespaces/${namespace}/events?fieldSelector=type%3DWarning&limit=500`,
    );
    const about = objectsAt(events, 'items').filter((event) =>
      (textAt(event, 'involvedObject', 'name') ?? '').startsWith(name),
    );
    const words = about.map(
      (event) => `${textAt(event, 'reason') ?? 'Warning'}: ${textAt(event, 'message') ?? ''}`,
    );
    return [...new Set(words)].slice(-3);
  } catch {
    // The explanation is an extra: without the right to read events, what is not ready is still said.
    return [];
  }
}
