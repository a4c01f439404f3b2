import { isList, isObject, ownOf } from '../json';
import type { Json, JsonObject } from '../model';
import { sameQuantity } from './quantity';

/** One field that a deployment would change. */
export interface FieldChange {
  readonly path: readonly string[];
  readonly kind: 'add' | 'change' | 'remove';
  /**
   * The recorded value.
   *
   * @default - the field is new
   */
  readonly before?: Json;
  /**
   * The planned value.
   *
   * @default - the field goes away
   */
  readonly after?: Json;
  /**
   * The field is new and empty (`false`, `0`, `""`, `[]`, `{}`). The provider leaves such a field out where its Go type says
   * `omitempty`, so only the API server can tell whether it changes anything.
   */
  readonly empty: boolean;
}

/**
 * `live` cut to the shape of `inputs`: what was set by us and what the cluster has made of it, without what the
 * cluster added. The provider compares with the same (`pruneMap` in `provider/pkg/provider/util.go`).
 */
export function pruned(live: JsonObject, inputs: JsonObject): JsonObject {
  const kept: [string, Json][] = [];
  for (const [field, value] of Object.entries(live)) {
    const shape = ownOf(inputs, field);
    if (value === undefined || shape === undefined) continue;
    if (isObject(value) && isObject(shape)) kept.push([field, pruned(value, shape)]);
    else if (isList(value) && isList(shape)) kept.push([field, prunedList(value, shape)]);
    else kept.push([field, value]);
  }
  return Object.fromEntries(kept);
}

function prunedList(live: readonly Json[], inputs: readonly Json[]): Json[] {
  if (live.length === 0 || inputs.length === 0) return [];
  if (isObject(live[0]) !== isObject(inputs[0])) return [...live];
  return inputs.slice(0, live.length).map((shape, at) => {
    const value = live[at] ?? null;
    if (isObject(value) && isObject(shape)) return pruned(value, shape);
    return isList(value) && isList(shape) ? prunedList(value, shape) : value;
  });
}

/** Every field in which two values differ. A missing field and null are the same, as in a JSON merge patch. */
export function changesBetween(
  before: Json | undefined,
  after: Json | undefined,
  path: readonly string[] = [],
): FieldChange[] {
  const found: FieldChange[] = [];
  // One list for the whole walk: nearly every field of nearly every object is the same.
  compare(before, after, [...path], found);
  return found;
}

function compare(
  was: Json | undefined,
  will: Json | undefined,
  here: string[],
  found: FieldChange[],
): void {
  if (was === will || (isNothing(was) && isNothing(will))) return;
  if (isObject(was) && isObject(will)) {
    for (const field of fieldsOf(was, will)) {
      here.push(field);
      compare(ownOf(was, field), ownOf(will, field), here, found);
      here.pop();
    }
  } else if (isList(was) && isList(will)) {
    const length = Math.max(was.length, will.length);
    for (let at = 0; at < length; at += 1) {
      here.push(String(at));
      compare(was[at], will[at], here, found);
      here.pop();
    }
  } else if (!sameQuantity(here, was, will))
    found.push(changeAt([...here], was ?? undefined, will ?? undefined));
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function fieldsOf(was: JsonObject, will: JsonObject): string[] {
  const fields = Object.keys(was);
  for (const field of Object.keys(will)) if (!Object.hasOwn(was, field)) fields.push(field);
  return fields.sort();
}

function changeAt(
  path: readonly string[],
  was: Json | undefined,
  will: Json | undefined,
): FieldChange {
  if (will === undefined) return { path, kind: 'remove', before: was ?? null, empty: false };
  if (was === undefined) return { path, kind: 'add', after: will, empty: isEmpty(will) };
  return { path, kind: 'change', before: was, after: will, empty: false };
}

function isEmpty(value: Json): boolean {
  if (isList(value)) return value.length === 0;
  return isObject(value)
    ? Object.keys(value).length === 0
    : value === false || value === 0 || value === '';
}
