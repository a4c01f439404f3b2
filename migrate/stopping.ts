import { at, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { nameOf, type MigrationCluster, type Ref } from './cluster';
import { STOPPED } from './names';
import type { Workload } from './record';
import { until, type Patience } from './until';
import { isOurs, livePods, mounts, SCALED } from './workloads';

/** Stops a workload and writes on it what it was, unless that was done before. */
export async function stopWorkload(
  cluster: MigrationCluster,
  namespace: string,
  workload: Workload,
): Promise<void> {
  const ref: Ref = { ...workload, namespace };
  const live = await cluster.get(ref);
  if (live === undefined) return; // Somebody deleted it since: it mounts nothing.
  if (textAt(live, 'metadata', 'annotations', STOPPED) === undefined)
    await cluster.patch(ref, {
      metadata: {
        resourceVersion: textAt(live, 'metadata', 'resourceVersion'),
        annotations: { [STOPPED]: wasOf(live) },
      },
      spec: stopped(workload),
    });
  else await cluster.patch(ref, { spec: stopped(workload) });
}

/** Starts a workload as it was before; does nothing to one that was not stopped by a migration. */
export async function startWorkload(
  cluster: MigrationCluster,
  namespace: string,
  workload: Workload,
): Promise<void> {
  const ref: Ref = { ...workload, namespace };
  const live = await cluster.get(ref);
  const was = textAt(live, 'metadata', 'annotations', STOPPED);
  if (was === undefined) return;
  await cluster.patch(ref, {
    metadata: { annotations: { [STOPPED]: null } },
    spec: started(workload, was),
  });
}

/** Waits until no pod but a migration's own mounts the claim. */
export async function untilUnused(
  cluster: MigrationCluster,
  namespace: string,
  claim: string,
  patience: Patience,
): Promise<void> {
  let last: readonly JsonObject[] = [];
  await until(
    async () => {
      const pods = await livePods(cluster, namespace);
      last = pods.filter((pod) => mounts(pod, claim) && !isOurs(pod));
      return last.length === 0 ? true : undefined;
    },
    () =>
      `claim '${namespace}/${claim}' is still mounted by ${last.map((pod) => `pod '${nameOf(pod)}'`).join(', ')}; ` +
      'end them and run again to go on, or roll back',
    patience,
  );
}

function wasOf(live: JsonObject): string {
  const { kind } = live;
  if (kind === 'CronJob') return String(at(live, 'spec', 'suspend') === true);
  if (kind === 'DaemonSet') return 'running';
  const replicas = at(live, 'spec', 'replicas');
  return typeof replicas === 'number' ? String(replicas) : '1';
}

function stopped({ kind }: Workload): object {
  if (SCALED.includes(kind)) return { replicas: 0 };
  if (kind === 'CronJob') return { suspend: true };
  // A DaemonSet has no number of pods: no node has this label.
  return { template: { spec: { nodeSelector: { [STOPPED]: 'true' } } } };
}

function started({ kind }: Workload, was: string): object {
  if (SCALED.includes(kind)) return { replicas: Number(was) };
  if (kind === 'CronJob') return { suspend: was === 'true' };
  return { template: { spec: { nodeSelector: { [STOPPED]: null } } } };
}
