import { KubeError } from '../deploy/kube-api';
import { at, objectsAt, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import type { MigrationCluster } from './cluster';

/**
 * Bytes in use of the claims that pods mount, as their nodes measured it, by `<namespace>/<claim>`. Nodes that do not answer, or
 * that we may not ask, leave their claims out.
 */
export async function usedBytes(
  cluster: MigrationCluster,
  pods: readonly JsonObject[],
): Promise<Map<string, number>> {
  const nodes = new Set(pods.flatMap((pod) => textAt(pod, 'spec', 'nodeName') ?? []));
  const used = new Map<string, number>();
  for (const node of nodes) {
    const stats = await statsOf(cluster, node);
    for (const pod of objectsAt(stats, 'pods')) {
      for (const volume of objectsAt(pod, 'volume')) {
        const bytes = at(volume, 'usedBytes');
        const name = textAt(volume, 'pvcRef', 'name');
        if (typeof bytes !== 'number' || name === undefined) continue;
        used.set(`${textAt(volume, 'pvcRef', 'namespace') ?? ''}/${name}`, bytes);
      }
    }
  }
  return used;
}

async function statsOf(cluster: MigrationCluster, node: string): Promise<JsonObject> {
  try {
    return await cluster.ask(`/api/v1/nodes/${node}/proxy/stats/summary`);
  } catch (error) {
    if (error instanceof KubeError) return {};
    throw error;
  }
}
