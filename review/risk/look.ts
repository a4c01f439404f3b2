import { at, textAt } from '../../plan/json';
import type { Json } from '../../plan/model';
import { covers } from '../../plan/difference/property-path';
import type { Change } from '../change';

/** Whether the object goes: for good, or to be made anew under its name. */
export function goes({ operation }: Change): boolean {
  return operation === 'delete' || operation === 'replace';
}

/** Whether a change touches what is at, above or below a path: `spec.replicas`, `spec.template.spec.containers.*.image`. */
export function touches({ fields }: Change, path: string): boolean {
  const pattern = path.split('.');
  return fields.some((field) => covers(pattern, field.path) || covers(field.path, pattern));
}

/** The value at a path before and after: `undefined` where a side is missing or has none. */
export function beforeAndAfter(
  { before, after }: Change,
  ...path: readonly string[]
): readonly [Json | undefined, Json | undefined] {
  return [at(before?.manifest, ...path), at(after?.manifest, ...path)];
}

/** Up to a few names with the count of the rest: `a, b, c and 4 more`. */
export function listed(names: readonly string[], most = 4): string {
  if (names.length === 0) return 'nothing that the plan knows of';
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** `Kind name` of an object, for people. */
export function called({ manifest }: { readonly manifest: Json }): string {
  return `${textAt(manifest, 'kind') ?? ''} ${textAt(manifest, 'metadata', 'name') ?? ''}`;
}

/** A value as people write it: a text as it is, anything else as JSON. */
export function spelled(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
