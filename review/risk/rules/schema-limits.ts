import { at, isList, isObject, textAt } from '../../../plan/json';
import type { Json, JsonObject } from '../../../plan/model';
import type { Change, ReviewedObject } from '../../change';
import { called, spelled } from '../look';
import type { World } from '../world';

/** A place in a schema that accepts fewer values than before: `v1.spec.items[].name`. */
export interface Tightened {
  readonly path: string;
  readonly schema: JsonObject;
}

/** Limits on a value, by whether more of it, less of it, or any other is stricter. */
const TIGHT = [
  'enum',
  'pattern',
  'format',
  'minimum',
  'minLength',
  'minItems',
  'maximum',
  'maxLength',
  'maxItems',
  'x-kubernetes-validations',
] as const;

/** Whether a schema accepts fewer values than another did. */
export function isTighter(was: JsonObject, will: JsonObject): boolean {
  return TIGHT.some((limit) => narrows(limit, was[limit], will[limit]));
}

function narrows(
  limit: (typeof TIGHT)[number],
  was: Json | undefined,
  will: Json | undefined,
): boolean {
  if (will === undefined || JSON.stringify(was) === JSON.stringify(will)) return false;
  if (limit === 'enum')
    return !isList(was) || was.some((value) => isList(will) && !will.includes(value));
  if (limit === 'x-kubernetes-validations') {
    const known = isList(was) ? was.map((rule) => textAt(rule, 'rule')) : [];
    return isList(will) && will.some((rule) => !known.includes(textAt(rule, 'rule')));
  }
  if (typeof will !== 'number') return true;
  return typeof was !== 'number' || (limit.startsWith('min') ? will > was : will < was);
}

function objectsOf(change: Change, world: World): readonly ReviewedObject[] {
  const manifest = change.after?.manifest;
  const group = textAt(manifest, 'spec', 'group');
  return world
    .all(textAt(manifest, 'spec', 'names', 'kind') ?? '')
    .filter((object) => object.group === group);
}

/** Objects of the plan whose values a tightened schema does not accept. What CEL rules say is not judged. */
export function unfitting(change: Change, world: World, tightened: readonly Tightened[]): string[] {
  return objectsOf(change, world)
    .filter(({ manifest }) =>
      tightened.some(({ path, schema }) =>
        valuesAt(manifest, path.split('.').slice(1)).some((value) => !fits(value, schema)),
      ),
    )
    .map(called);
}

/** The values at a path as this file writes it: `spec.items[].name`, `*` for any field. */
function valuesAt(value: Json | undefined, [field, ...rest]: readonly string[]): Json[] {
  if (value === undefined) return [];
  if (field === undefined) return [value];
  if (field === '*')
    return isObject(value) ? Object.values(value).flatMap((inner) => valuesAt(inner, rest)) : [];
  const inner = at(value, field.replace(/(\[\])+$/, ''));
  if (!field.endsWith('[]')) return valuesAt(inner, rest);
  return isList(inner) ? inner.flatMap((item) => valuesAt(item, rest)) : [];
}

function fits(value: Json, schema: JsonObject): boolean {
  const { enum: values, pattern, minimum, maximum, minLength, maxLength } = schema;
  const size = typeof value === 'number' ? value : spelled(value).length;
  const [least, most] = typeof value === 'number' ? [minimum, maximum] : [minLength, maxLength];
  if (isList(values) && !values.includes(value)) return false;
  if (typeof value === 'string' && typeof pattern === 'string' && !matches(pattern, value))
    return false;
  return !(typeof least === 'number' && size < least) && !(typeof most === 'number' && size > most);
}

function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern).test(value);
  } catch {
    // Go knows patterns that JavaScript does not; then nothing is claimed.
    return true;
  }
}

/** Objects of the plan that lack a field which they now need. Paths are `version.field.field`. */
export function violating(change: Change, world: World, demanded: readonly string[]): string[] {
  return objectsOf(change, world)
    .filter(({ manifest }) =>
      demanded.some((path) => {
        const [, ...fields] = path.split('.');
        const parent = fields.slice(0, -1);
        const holder = parent.length === 0 ? manifest : at(manifest, ...parent);
        return isObject(holder) && holder[fields.at(-1) ?? ''] === undefined;
      }),
    )
    .map(called);
}
