import pLimit from 'p-limit';

import { objectsAt, textAt } from '../plan/json';
import type { JsonObject, ObjectId, PlannedObject } from '../plan/model';
import { objectIdOf } from '../plan/object-id';
import { KubeError, type KubeApi } from './kube-api';

const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const PARALLEL = 8;

/** What to read of each object. */
export type Detail = 'metadata' | 'everything';

/**
 * The objects of a plan as they are in the cluster, by id; those that are not there are missing from the answer.
 * One LIST for each kind and namespace instead of one GET for each object, and nothing outside the namespaces of
 * the plan, so that a project admin's rights are enough.
 */
export async function liveObjects(
  api: KubeApi,
  objects: readonly PlannedObject[],
  detail: Detail,
): Promise<Map<ObjectId, JsonObject>> {
  const collections = new Map<string, PlannedObject[]>();
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object.manifest;
    const key = `${apiVersion} ${kind} ${metadata.namespace ?? ''}`;
    const collection = collections.get(key);
    if (collection === undefined) collections.set(key, [object]);
    else collection.push(object);
  }
  const limit = pLimit(PARALLEL);
  const found = new Map<ObjectId, JsonObject>();
  const read = [...collections.values()].map((collection) =>
    limit(async () => {
      for (const [id, live] of await readCollection(api, collection, detail)) found.set(id, live);
    }),
  );
  await Promise.all(read);
  return found;
}

async function readCollection(
  api: KubeApi,
  wanted: readonly PlannedObject[],
  detail: Detail,
): Promise<[ObjectId, JsonObject][]> {
  const first = wanted[0];
  if (first === undefined) return [];
  const { apiVersion, kind, metadata } = first.manifest;
  const path = await api.pathOf(apiVersion, kind, metadata.namespace);
  if (path === undefined) return [];
  const byName = new Map(wanted.map((object) => [object.manifest.metadata.name, object.id]));
  // A handful of objects is asked for by name: the collection may be the whole cluster's.
  if (wanted.length <= 2)
    return (await Promise.all(wanted.map((object) => readOne(api, object, detail)))).flat();
  try {
    const list = await listAll(api, path, detail);
    return list.flatMap((item): [ObjectId, JsonObject][] => {
      const id = byName.get(textAt(item, 'metadata', 'name') ?? '');
      return id === undefined ? [] : [[id, { apiVersion, kind, ...item }]];
    });
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 403) throw error;
    return (await Promise.all(wanted.map((object) => readOne(api, object, detail)))).flat();
  }
}

async function listAll(api: KubeApi, path: string, detail: Detail): Promise<JsonObject[]> {
  const accept = detail === 'metadata' ? METADATA_ONLY : 'application/json';
  const items: JsonObject[] = [];
  let next = '';
  do {
    const page = await api.get(
      `${path}?limit=500${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`,
      accept,
    );
    items.push(...objectsAt(page, 'items'));
    next = textAt(page, 'metadata', 'continue') ?? '';
  } while (next !== '');
  return items;
}

async function readOne(
  api: KubeApi,
  object: PlannedObject,
  detail: Detail,
): Promise<[ObjectId, JsonObject][]> {
  const { apiVersion, kind, metadata } = object.manifest;
  const path = await api.pathOf(apiVersion, kind, metadata.namespace, metadata.name);
  if (path === undefined) return [];
  const accept = detail === 'metadata' ? METADATA_ONLY.replace('List', '') : 'application/json';
  try {
    const live = await api.get(path, accept);
    return [[objectIdOf(object.manifest), { ...live, apiVersion, kind }]];
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return [];
    throw error;
  }
}
