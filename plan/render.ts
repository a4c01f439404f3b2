import { stringify } from 'yaml';

import { isList, isObject } from './json';
import { objectsOf, type Json, type JsonObject, type Plan, type PlannedObject } from './model';

/** The objects of a plan as one YAML stream in apply order: the same bytes every time, secrets as their tokens. */
export function renderPlan(plan: Plan): string {
  return objectsOf(plan).map(renderObject).join('');
}

/** One object as a YAML document, with what made it in a comment. */
export function renderObject(object: PlannedObject): string {
  const upstream =
    object.upstream === undefined ? '' : ` (${object.upstream.name} ${object.upstream.version})`;
  return `---\n# ${object.path}${upstream}\n${yaml(object.manifest)}`;
}

/** YAML that does not depend on the order in which fields were written, except that a manifest begins as people expect. */
export function yaml(manifest: JsonObject): string {
  const { apiVersion, kind, metadata, ...rest } = manifest;
  return stringify(ordered({ apiVersion, kind, metadata, ...sorted(rest) }), {
    lineWidth: 0,
    aliasDuplicateObjects: false,
    // Kubernetes reads YAML 1.1, where a bare `yes` is true and `012` is ten.
    compat: 'yaml-1.1',
  });
}

function ordered(manifest: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(manifest).map(([field, value]) => [
      field,
      isObject(value) ? sorted(value) : deep(value),
    ]),
  );
}

function sorted(object: JsonObject): JsonObject {
  const fields = Object.keys(object).sort();
  return Object.fromEntries(fields.map((field) => [field, deep(object[field])]));
}

function deep(value: Json | undefined): Json | undefined {
  if (isList(value)) return value.map((inner) => deep(inner) ?? null);
  return isObject(value) ? sorted(value) : value;
}
