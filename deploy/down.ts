import type { Comparison } from './deployment';
import { compare, isOfAnotherCluster } from './deployment';
import { isObjectType } from '../plan/object-type';
import { nameIn } from './identity';
import { counting, type Session } from './up';

/** Removes everything of an environment that is not protected or retained. Answers how many objects there were. */
export async function down(session: Session): Promise<number> {
  const { environment, plan, cluster, engine, report, signal } = session;
  const comparison = await compare(environment, plan, engine);
  const known = recordedObjects(comparison);
  if (!comparison.recorded) return 0;
  if (isOfAnotherCluster(comparison.state, cluster)) {
    throw new Error(
      `the state of environment '${environment.name}' is that of another cluster than the one found, ${cluster.clusterId}; nothing was removed`,
    );
  }
  refuseProtected(environment.name, comparison);
  const task = report.begin(`removing '${environment.name}'`);
  try {
    await engine.destroy({
      signal,
      onEvent: counting(known, (text) => task.update(text)),
    });
    task.done(`removed '${environment.name}'`);
  } catch (error) {
    task.failed(`removing '${environment.name}' failed`);
    throw error;
  }
  return known;
}

/** Makes the state say what is in the cluster, whoever changed it. */
export async function refresh(session: Session): Promise<void> {
  const { environment, engine, report, signal } = session;
  const task = report.begin(`reading '${environment.name}' from the cluster`);
  let read = 0;
  try {
    await engine.refresh({
      signal,
      onEvent: (event) => {
        if (event.kind === 'done') task.update(`${(read += 1)} read`);
      },
    });
    task.done(`the state of '${environment.name}' is what the cluster has`);
  } catch (error) {
    task.failed(`reading '${environment.name}' failed`);
    throw error;
  }
}

function recordedObjects({ state }: Comparison): number {
  return [...state.resources.values()].filter(({ type }) => isObjectType(type)).length;
}

function refuseProtected(environment: string, { state }: Comparison): void {
  const names = [...state.resources.values()].flatMap(({ urn, protect }) =>
    protect ? [nameIn(urn)] : [],
  );
  if (names.length === 0) return;
  throw new Error(
    `environment '${environment}' keeps its data, so ${names.length} objects are protected; nothing was removed. Set data to ` +
      `'disposable' in environments/${environment}/index.ts and deploy that first:\n  - ${names.sort().join('\n  - ')}`,
  );
}
