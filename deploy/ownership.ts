import { textAt } from '../plan/json';
import type { ObjectId, Plan } from '../plan/model';
import { objectsOf } from '../plan/model';
import { ENVIRONMENT_LABEL } from '../plan/plan-of';
import type { KubeApi } from './kube-api';
import { liveObjects } from './live';

/**
 * Refuses to take over what somebody else made. The provider creates by upsert, so that a run that was killed before
 * it could save its state is picked up by the next one; this is the question an upsert does not ask.
 *
 * @throws Error naming every object of the plan that is in the cluster without this environment's mark.
 */
export async function refuseForeignObjects(
  api: KubeApi,
  plan: Plan,
  adopt: readonly ObjectId[],
  /** Ids that the state says are ours, whatever their labels have become. */
  ours: ReadonlySet<ObjectId>,
): Promise<void> {
  const wanted = objectsOf(plan).filter(({ id }) => !ours.has(id));
  const live = await liveObjects(api, wanted, 'metadata');
  const foreign: string[] = [];
  for (const [id, object] of live) {
    const mark = textAt(object, 'metadata', 'labels', ENVIRONMENT_LABEL);
    if (mark === plan.environment || adopt.includes(id)) continue;
    const manager = textAt(object, 'metadata', 'labels', 'app.kubernetes.io/managed-by');
    const owner = mark === undefined ? (manager ?? 'somebody else') : `environment '${mark}'`;
    foreign.push(`'${id}' belongs to ${owner}`);
  }
  if (foreign.length === 0) return;
  throw new Error(
    `environment '${plan.environment}' would take over objects that are not its own; rename ours, remove theirs, ` +
      `or list them under 'adopt' in the environment:\n  - ${foreign.sort().join('\n  - ')}`,
  );
}
