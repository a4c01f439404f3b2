import { isList, isObject } from '../json';
import type { Json, JsonObject } from '../model';

/** The segments of a Pulumi property path: `spec.containers[*].image`, `metadata.annotations["a.b/c"]`. `*` is any. */
export function pathSegments(path: string): string[] {
  return Array.from(
    path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\*|\d+)\]|([^.[\]]+)/g),
    ([, quoted, index, plain]) => quoted?.replaceAll('\\"', '"') ?? index ?? plain ?? '',
  );
}

/** Whether `path` is at or below what `pattern` names, as the engine's `PropertyPath.Contains` has it. */
export function covers(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    pattern.length <= path.length &&
    pattern.every((segment, at) => segment === '*' || segment === path[at])
  );
}

/** `value` with everything that `pattern` names taken from `from` instead: absent there, absent here. */
export function takenFrom(
  value: JsonObject,
  from: Json | undefined,
  pattern: readonly string[],
): JsonObject {
  const [segment, ...rest] = pattern;
  if (segment === undefined) return value;
  const source = isObject(from) ? from : {};
  const keys =
    segment === '*' ? [...new Set([...Object.keys(value), ...Object.keys(source)])] : [segment];
  const changed: Record<string, Json | undefined> = { ...value };
  for (const key of keys) {
    const here = value[key];
    const there = source[key];
    if (rest.length === 0) changed[key] = there;
    else if (isObject(here)) changed[key] = takenFrom(here, there, rest);
    else if (isList(here)) changed[key] = listTakenFrom(here, there, rest);
    else if (here === undefined && isObject(there)) {
      const made = takenFrom({}, there, rest);
      if (Object.values(made).some((inner) => inner !== undefined)) changed[key] = made;
    }
  }
  return Object.fromEntries(Object.entries(changed).filter(([, inner]) => inner !== undefined));
}

function listTakenFrom(
  list: readonly Json[],
  from: Json | undefined,
  pattern: readonly string[],
): Json[] {
  const [segment, ...rest] = pattern;
  const source: readonly Json[] = isList(from) ? from : [];
  return list.map((item, at) => {
    if (segment !== '*' && segment !== String(at)) return item;
    if (rest.length === 0) return source[at] ?? item;
    return isObject(item) ? takenFrom(item, source[at], rest) : item;
  });
}
