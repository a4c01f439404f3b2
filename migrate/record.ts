import { z } from 'zod';

import { isObject } from '../plan/json';
import type { JsonObject } from '../plan/model';

/**
 * What is done to move a claim, in order. Each step makes true what its name says, whether or not it was begun before, so
 * that a run that was killed anywhere is picked up by doing the step again.
 */
export const FORWARD = [
  'recorded',
  'surveyed',
  'target-made',
  'first-copied',
  'stopped',
  'last-copied',
  'verified',
  'retained',
  'unbound',
  'rebound',
  'templates-renewed',
  'started',
] as const;

/** What is done to go back. */
export const BACK = [
  'turned-back',
  'copies-ended',
  'halted',
  'old-unbound',
  'old-rebound',
  'templates-restored',
  'restarted',
] as const;

export type ForwardStep = (typeof FORWARD)[number];
export type BackStep = (typeof BACK)[number];

const json: z.ZodType<JsonObject> = z.custom<JsonObject>(isObject, 'must be an object');

const workload = z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string() });

/** A workload that mounts a claim, in the claim's namespace. */
export type Workload = Readonly<z.infer<typeof workload>>;

const volume = z.strictObject({
  /** Name of the PersistentVolume. */
  name: z.string(),
  /** What became of it without a migration when its claim is deleted. */
  policy: z.string(),
});

const user = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('usual') }),
  z.strictObject({
    kind: z.literal('user'),
    uid: z.number(),
    group: z
      .number()
      .optional()
      .transform((group) => group),
  }),
  z.strictObject({ kind: z.literal('root'), consent: z.string() }),
]);

const state = z.discriminatedUnion('direction', [
  z.strictObject({ direction: z.literal('forward'), step: z.enum(FORWARD) }),
  z.strictObject({
    direction: z.literal('back'),
    step: z.enum(BACK),
    /** How far it had come when it was turned back. */
    from: z.enum(FORWARD),
  }),
  z.strictObject({ direction: z.literal('released'), at: z.string() }),
]);

const schema = z.strictObject({
  version: z.literal(1),
  namespace: z.string(),
  claim: z.string(),
  from: z.string(),
  to: z.string(),
  /** The environment whose cluster it goes to, and that cluster; absent when it stays in its own. */
  across: z.strictObject({ environment: z.string(), clusterId: z.string() }).optional(),
  /** UID of the claim as it was begun; absent when it stays in its own cluster. */
  sourceUid: z.string().optional(),
  state,
  user,
  workloads: z.array(workload),
  /** The claim as it was, without what the cluster writes, and who had set which of its fields. */
  manifest: json,
  managedFields: z.array(json),
  source: volume,
  /** The new volume, once it is known. */
  target: volume.optional(),
  /** StatefulSets that are made anew with another class in their templates, as they were. */
  templates: z.array(json).default([]),
  /** What tasks reported, by task. */
  reports: z.record(z.string(), z.record(z.string(), z.string())).default({}),
  /** Seconds that tasks took, by task. */
  seconds: z.record(z.string(), z.number()).default({}),
  /** Volumes of earlier attempts that wait to be released. */
  kept: z.array(volume).default([]),
  history: z.array(z.strictObject({ step: z.string(), at: z.string() })).default([]),
});

/** Everything that is known of a claim's migration. It is kept in the cluster, in the claim's namespace. */
export type MigrationRecord = Readonly<z.infer<typeof schema>>;

/** Reads a record. @throws Error when it is not one that this version wrote. */
export function parseRecord(text: string, where: string): MigrationRecord {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(
    `${where} is not a record that this version of Beamline wrote: ${z.prettifyError(parsed.error)}`,
  );
}

/** Whether a forward step was done. */
export function isDone(record: MigrationRecord, step: ForwardStep): boolean {
  const reached = reachedBy(record);
  return reached !== undefined && FORWARD.indexOf(reached) >= FORWARD.indexOf(step);
}

/** The last forward step that was done; undefined once it is released. */
export function reachedBy({ state: now }: MigrationRecord): ForwardStep | undefined {
  switch (now.direction) {
    case 'forward':
      return now.step;
    case 'back':
      return now.from;
    case 'released':
      return undefined;
  }
}

/** Where a record stands, in a word. */
export function phaseOf(
  record: MigrationRecord,
): 'under way' | 'moved' | 'going back' | 'rolled back' | 'released' {
  const { state: now } = record;
  switch (now.direction) {
    case 'forward':
      return now.step === FORWARD.at(-1) ? 'moved' : 'under way';
    case 'back':
      return now.step === BACK.at(-1) ? 'rolled back' : 'going back';
    case 'released':
      return 'released';
  }
}
