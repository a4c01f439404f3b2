import type { Json, JsonObject, Manifest } from './model';

/** Whether a value is a JSON object, not a list and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. `Array.isArray` forgets what a read-only list holds. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value that a JSON text spells. @throws SyntaxError when it is none. */
export function parseJson(text: string): Json {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- what JSON.parse answers is what Json says
  return JSON.parse(text);
}

/** The value at a path of field names, or undefined where the path ends early. */
export function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const field of path) {
    if (!isObject(here)) return undefined;
    here = here[field];
  }
  return here;
}

/** The value of a field that the object itself has: a ConfigMap may have a key `constructor`, and every object inherits one. */
export function ownOf(object: JsonObject, field: string): Json | undefined {
  return Object.hasOwn(object, field) ? object[field] : undefined;
}

/** The string at a path, or undefined. */
export function textAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The objects in the list at a path; none if there is no list. */
export function objectsAt(value: Json | undefined, ...path: readonly string[]): JsonObject[] {
  const found = at(value, ...path);
  return isList(found) ? found.filter(isObject) : [];
}

/** Whether a value has what every Kubernetes object has: an API version, a kind and a name. */
export function isManifest(value: unknown): value is Manifest {
  return (
    isObject(value) &&
    typeof value['apiVersion'] === 'string' &&
    typeof value['kind'] === 'string' &&
    isObject(value['metadata']) &&
    typeof value['metadata']['name'] === 'string'
  );
}

/**
 * An object with some of the values in it replaced, and itself where none was. `change` answers what takes the place of a
 * value, or undefined to look inside it.
 */
export function replacedIn(
  object: JsonObject,
  change: (value: Json) => Json | undefined,
): JsonObject {
  let copy: Record<string, Json | undefined> | undefined;
  for (const field of Object.keys(object)) {
    const value = object[field];
    if (value === undefined) continue;
    const now = replaced(value, change);
    if (now !== value) (copy ??= { ...object })[field] = now;
  }
  return copy ?? object;
}

function replaced(value: Json, change: (value: Json) => Json | undefined): Json {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (isObject(value)) return replacedIn(value, change);
  if (!isList(value)) return value;
  let copy: Json[] | undefined;
  for (const [index, inner] of value.entries()) {
    const now = replaced(inner, change);
    if (now !== inner) (copy ??= [...value])[index] = now;
  }
  return copy ?? value;
}
