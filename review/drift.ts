import { changesBetween, pruned, type FieldChange } from '../plan/difference/compare';
import { normalForm } from '../plan/difference/normal-form';
import { covers, pathSegments } from '../plan/difference/property-path';
import { at, isList, isObject, objectsAt, textAt } from '../plan/json';
import type { Json, JsonObject, ObjectId } from '../plan/model';
import type { ReviewedObject, Side } from './change';
import { maskedFields, type Hidden } from './mask';

/** Who last wrote a field, and when, as the API server recorded it. */
export interface Writer {
  readonly manager: string;
  readonly operation: string;
  readonly time: string;
}

/** A field that is not as it was deployed. */
export interface DriftedField extends FieldChange {
  /** Empty where the API server does not say: an old cluster, or a field that was removed. */
  readonly writers: readonly Writer[];
}

/** An object that is not as it was deployed. */
export interface Drift {
  readonly id: ObjectId;
  readonly what: 'changed' | 'gone';
  readonly fields: readonly DriftedField[];
  /**
   * The construct that makes it.
   *
   * @default - it is no longer in the plan
   */
  readonly path?: string;
  /** How to put it back. */
  readonly repair: string;
  /** How to keep what was done by hand. */
  readonly adopt: string;
}

/** What drift is looked for in. */
export interface Deployed {
  readonly environment: string;
  /** What was deployed, secrets in clear. */
  readonly recorded: Side;
  /** What is in the cluster, secrets in clear. */
  readonly live: ReadonlyMap<ObjectId, JsonObject>;
  readonly planned: Side;
  readonly hidden: Hidden;
}

/** Everything that somebody or something changed since it was deployed. What others added beside our fields is theirs, and no drift. */
export function driftOf({ environment, recorded, live, planned, hidden }: Deployed): Drift[] {
  const repair = `beamline drift ${environment} --repair`;
  const record = `beamline refresh ${environment} && beamline up ${environment}`;
  return [...recorded.values()].flatMap((object): Drift[] => {
    const plan = planned.get(object.id);
    const place = plan?.path === undefined ? {} : { path: plan.path };
    const now = live.get(object.id);
    if (now === undefined) {
      const adopt = `remove it from the environment, then ${record}`;
      return [{ id: object.id, what: 'gone', fields: [], ...place, repair, adopt }];
    }
    const fields = driftedFields(object, now, plan?.lifecycle.ignoreChanges ?? []);
    if (fields.length === 0) return [];
    const masked = maskedFields(fields, [object], hidden).map((field) => ({
      ...field,
      writers: writersOf(now, field.path),
    }));
    const adopt = `write the new values into ${plan?.source ?? plan?.path ?? 'the environment'}, then ${record}`;
    return [{ id: object.id, what: 'changed', fields: masked, ...place, repair, adopt }];
  });
}

function driftedFields(
  { manifest }: ReviewedObject,
  live: JsonObject,
  ignoreChanges: readonly string[],
): FieldChange[] {
  const deployed = normalForm(manifest);
  const ignored = ignoreChanges.map(pathSegments);
  return changesBetween(deployed, pruned(normalForm(live), deployed)).filter(
    ({ path, empty }) => !empty && !ignored.some((pattern) => covers(pattern, path)),
  );
}

/** Managers whose record of fields has a path, or something below it. */
function writersOf(live: JsonObject, path: readonly string[]): Writer[] {
  const entries = objectsAt(live, 'metadata', 'managedFields');
  return entries
    .filter((entry) => owns(at(entry, 'fieldsV1'), path, live))
    .map((entry) => ({
      manager: textAt(entry, 'manager') ?? 'unknown',
      operation: textAt(entry, 'operation') ?? '',
      time: textAt(entry, 'time') ?? '',
    }))
    .sort((a, b) => (a.time < b.time ? 1 : -1));
}

/** Whether a tree of `f:name`, `k:{keys}` and `v:value` has a path. */
function owns(tree: Json | undefined, path: readonly string[], value: Json | undefined): boolean {
  const [segment, ...rest] = path;
  if (!isObject(tree)) return false;
  if (segment === undefined) return true;
  if (isList(value)) {
    const item = value[Number(segment)];
    return Object.entries(tree).some(
      ([key, below]) =>
        key.startsWith('k:') && matches(key.slice(2), item) && owns(below, rest, item),
    );
  }
  const below = tree[`f:${segment}`];
  // A list or map that is written as a whole has nothing below it.
  if (isObject(below) && Object.keys(below).length === 0) return true;
  return owns(below, rest, at(value, segment));
}

function matches(keys: string, item: Json | undefined): boolean {
  const wanted: unknown = JSON.parse(keys);
  return (
    isObject(wanted) && Object.entries(wanted).every(([key, value]) => at(item, key) === value)
  );
}
