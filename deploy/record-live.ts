import type { ObjectId } from '../plan/model';
import { isObjectType } from '../plan/object-type';
import { isOfAnotherCluster } from './deployment';
import { nameIn } from './identity';
import { parseState } from './state';
import type { Session } from './up';

/**
 * Makes the state say of some objects what the cluster has, after something that is no deployment changed them on purpose.
 * Answers how many the state knows. Does nothing where nothing was ever deployed.
 */
export async function recordLive(
  { environment, engine, cluster, report, signal }: Omit<Session, 'plan'>,
  ids: ReadonlySet<ObjectId>,
): Promise<number> {
  const exported = await engine.exportState();
  if (exported === undefined) return 0;
  const state = parseState(exported);
  const targets = [...state.resources.values()]
    .filter(({ type, urn }) => isObjectType(type) && ids.has(nameIn(urn)))
    .map(({ urn }) => urn);
  if (targets.length === 0) return 0;
  if (isOfAnotherCluster(state, cluster))
    throw new Error(
      `the state of '${environment.name}' is that of another cluster than the one found`,
    );
  const task = report.begin(`reading ${targets.length} changed objects of '${environment.name}'`);
  try {
    await engine.refresh({ targets, signal, onEvent: () => undefined });
    task.done(`the state of '${environment.name}' knows of ${targets.length} changed objects`);
  } catch (error) {
    task.failed(`the state of '${environment.name}' could not be brought up to date`);
    throw error;
  }
  return targets.length;
}
