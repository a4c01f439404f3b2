import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import { isManifest } from '../plan/json';
import { lifecycleOf, type DataPolicy } from '../plan/lifecycle';
import type { JsonObject, Manifest, ObjectId, PlannedObject } from '../plan/model';
import { groupOf } from '../plan/object-id';
import { isObjectType } from '../plan/object-type';
import { readThing } from './harbor/things';
import { nameIn } from './identity';
import type { KubeApi } from './kube-api';
import { liveObjects } from './live';
import type { RecordedState } from './state';

/** What was deployed as it is now, in the cluster and beyond it, by id; what is gone is missing from the answer. */
export async function liveRecorded(
  api: KubeApi,
  { resources }: RecordedState,
  data: DataPolicy,
): Promise<Map<ObjectId, JsonObject>> {
  const inCluster: PlannedObject[] = [];
  const beyond: { readonly object: ObjectId; readonly id: string; readonly inputs: JsonObject }[] =
    [];
  for (const { urn, type, id, inputs } of resources.values()) {
    if (!isObjectType(type) || !isManifest(inputs)) continue;
    if (isBeyondCluster(inputs.apiVersion)) beyond.push({ object: nameIn(urn), id, inputs });
    else inCluster.push(asked(nameIn(urn), inputs, data));
  }
  const live = await liveObjects(api, inCluster, 'everything');
  for (const { object, id, inputs } of beyond) {
    const now = await readThing(id, inputs);
    if (now !== undefined) live.set(object, now);
  }
  return live;
}

function asked(id: ObjectId, manifest: Manifest, data: DataPolicy): PlannedObject {
  return {
    step: 'object',
    ...{ id, manifest, group: groupOf(manifest.apiVersion), path: id, dependsOn: [] },
    ...{ source: [], exceptions: [] },
    lifecycle: lifecycleOf(manifest, {}, data),
    ready: { kind: 'exists' },
  };
}
