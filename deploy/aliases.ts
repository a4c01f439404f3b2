import { APIS, type ApiVersion } from '../constructs/targets/apis';
import type { Manifest, Moved, ObjectId, PlannedObject } from '../plan/model';
import { groupOf, objectId } from '../plan/object-id';
import { typeToken, urnOf } from './identity';

const VERSIONS: ReadonlyMap<string, readonly ApiVersion[]> = new Map(Object.entries(APIS));

/**
 * URNs that an object may have had: as the other API versions of its kind, since a new target changes the version and
 * not the object, and under the ids it was moved from. The engine takes the first that its state knows.
 */
export function formerUrns(
  stack: string,
  object: PlannedObject,
  moved: readonly Moved[],
): string[] {
  const { apiVersion, kind } = object.manifest;
  const versions = [apiVersion, ...otherVersions(object.manifest)];
  const own = urnOf(stack, typeToken(apiVersion, kind), object.id);
  const urns = formerIds(object.id, moved).flatMap((id) =>
    versions.map((version) => urnOf(stack, typeToken(version, kind), inGroup(id, version, object))),
  );
  return [...new Set(urns)].filter((urn) => urn !== own);
}

/** The id of an object and every id that led to it, newest first. */
export function formerIds(id: ObjectId, moved: readonly Moved[]): ObjectId[] {
  const ids = [id];
  for (
    let before = movedTo(id, moved);
    before !== undefined && !ids.includes(before);
    before = movedTo(before, moved)
  ) {
    ids.push(before);
  }
  return ids;
}

function movedTo(id: ObjectId, moved: readonly Moved[]): ObjectId | undefined {
  return moved.find(({ to }) => to === id)?.from;
}

/** The same id in the group of another API version. */
function inGroup(id: ObjectId, apiVersion: string, { manifest, group }: PlannedObject): ObjectId {
  const other = groupOf(apiVersion);
  if (other === group || !id.includes('/')) return id;
  const [namespace = '_', , ...name] = id.split('/');
  return objectId(namespace, other, manifest.kind, name.join('/'));
}

/** The other API versions that some target serves the kind of an object as. */
function otherVersions({ apiVersion, kind }: Manifest): string[] {
  const versions = (VERSIONS.get(kind) ?? []).map((row) => row.apiVersion);
  return versions.includes(apiVersion) ? versions.filter((version) => version !== apiVersion) : [];
}
