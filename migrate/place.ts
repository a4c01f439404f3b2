import type { Toleration } from 'kubernetes-types/core/v1';

import { KubeError } from '../deploy/kube-api';
import { objectsAt, textAt } from '../plan/json';
import type { MigrationCluster } from './cluster';
import type { ClaimFacts } from './inventory';

/** Where a task has to run. */
export interface Place {
  /**
   * Value of `kubernetes.io/hostname` of the node.
   *
   * @default - any node
   */
  readonly node?: string;
  /** @default [] */
  readonly tolerations?: readonly Toleration[];
}

const HOSTNAME = 'kubernetes.io/hostname';

/** Beside a pod that mounts the claim, where only one node can mount it at a time; anywhere else otherwise. */
export async function placeOf(cluster: MigrationCluster, facts: ClaimFacts): Promise<Place> {
  const [pod] = facts.pods.filter((one) => textAt(one, 'spec', 'nodeName') !== undefined);
  if (pod === undefined || facts.accessModes.includes('ReadWriteMany')) return {};
  const name = textAt(pod, 'spec', 'nodeName') ?? '';
  const tolerations = objectsAt(pod, 'spec', 'tolerations').map((one): Toleration => one);
  return { node: await hostname(cluster, name), tolerations };
}

async function hostname(cluster: MigrationCluster, node: string): Promise<string> {
  try {
    const live = await cluster.get({ apiVersion: 'v1', kind: 'Node', name: node });
    return textAt(live, 'metadata', 'labels', HOSTNAME) ?? node;
  } catch (error) {
    // Who may not read nodes takes the name, which is the label on all but a few clouds.
    if (error instanceof KubeError && error.status === 403) return node;
    throw error;
  }
}
