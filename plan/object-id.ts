import type { Manifest, ObjectId } from './model';

/** API group of an `apiVersion`: `apps` of `apps/v1`, empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** The id of an object from its parts. `namespace` is undefined for cluster-scoped objects. */
export function objectId(
  namespace: string | undefined,
  group: string,
  kind: string,
  name: string,
): ObjectId {
  const type = kind.toLowerCase() + (group === '' ? '' : `.${group}`);
  return `${namespace ?? '_'}/${type}/${name}`;
}

/** The id of a manifest. */
export function objectIdOf(manifest: Manifest): ObjectId {
  const { namespace, name } = manifest.metadata;
  return objectId(namespace, groupOf(manifest.apiVersion), manifest.kind, name);
}
