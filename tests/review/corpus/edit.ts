import type { Json, JsonObject, Manifest } from '../../../plan/model';
import { change, type Case } from './case';

/** Where a workload says what its pods are, and its first container. */
export const T = 'spec/template/spec';
export const C = 'spec/template/spec/containers/0';

/** An object of the corpus. `null` is the cluster, not a namespace. */
export function made(
  kind: string,
  name: string,
  fields: JsonObject,
  apiVersion = 'v1',
  namespace: string | null = 'corpus',
): Manifest {
  const own = namespace === null ? { name } : { name, namespace };
  const more = fields['metadata'];
  return { apiVersion, kind, ...fields, metadata: { ...own, ...(isFields(more) ? more : {}) } };
}

/** The corpus' own namespace. */
export function netns(
  labels: Record<string, string>,
  annotations: Record<string, string> = {},
): Manifest {
  return made('Namespace', 'corpus', { metadata: { labels, annotations } }, 'v1', null);
}

function isFields(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A copy with another value at a path: fields and places in lists, parted by slashes; `+` adds to a list, and undefined removes. */
export function edited(manifest: Manifest, path: string, value: Json | undefined): Manifest {
  const { metadata, apiVersion, kind, ...rest } = manifest;
  const whole = put({ ...rest, metadata }, path.split('/'), value);
  if (!isFields(whole)) throw new Error(`'${path}' is no place in an object`);
  const { name } = metadata;
  const now = whole['metadata'];
  return {
    ...whole,
    apiVersion,
    kind,
    metadata: {
      name,
      ...(isFields(now) ? now : {}),
      ...(path === 'metadata/name' ? {} : inPlace(metadata)),
    },
  };
}

/** Name and namespace stay whatever else of the metadata is replaced. */
function inPlace({ name, namespace }: Manifest['metadata']): JsonObject {
  return namespace === undefined ? { name } : { name, namespace };
}

function put(
  at: Json | undefined,
  [key, ...rest]: readonly string[],
  value: Json | undefined,
): Json | undefined {
  if (key === undefined) return value;
  if (Array.isArray(at)) {
    const list: readonly Json[] = at;
    if (key === '+') return value === undefined ? list : [...list, value];
    const now = put(list[Number(key)], rest, value);
    return list.flatMap((item, place) =>
      place === Number(key) ? (now === undefined ? [] : [now]) : [item],
    );
  }
  const fields = isFields(at) ? at : {};
  const now = put(fields[key], rest, value);
  return Object.fromEntries(
    Object.entries({ ...fields, [key]: now }).flatMap(([field, inner]) =>
      inner === undefined ? [] : [[field, inner]],
    ),
  );
}

/** A case in which one value of one object is another. What is around comes after it, as objects of a definition must. */
export function edit(
  name: string,
  manifest: Manifest,
  path: string,
  value: Json | undefined,
  around: readonly Manifest[] = [],
): Case {
  return change(name, [manifest, ...around], [edited(manifest, path, value), ...around]);
}
