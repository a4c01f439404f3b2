import { compare, isOfAnotherCluster } from '../deploy/deployment';
import { tried, withLive } from '../deploy/preview';
import type { ChangeSet } from '../review/change';
import type { Hidden } from '../review/mask';
import { changeSetOf, hiddenOf } from './change-set';
import type { VerbContext } from './run-verb';
import { prepared, type Planned } from './session';

/** How an environment is compared with what was deployed. */
export interface StateOptions {
  /**
   * Whether the cluster is left alone: nothing is tried there.
   *
   * @default false
   */
  readonly offline?: boolean;
  /**
   * Whether what is in the cluster counts, instead of what the state remembers of it.
   *
   * @default false
   */
  readonly refresh?: boolean;
}

/** What a deployment would do, with the plan that it is read from. */
export interface StateChanges extends Planned {
  readonly set: ChangeSet;
  /** What no text may show that is printed. */
  readonly hidden: Hidden;
}

/** Compares an environment with its recorded state, and tries on its cluster what would change. */
export async function changesAgainstState(
  name: string,
  { offline = false, refresh = false }: StateOptions,
  context: VerbContext,
): Promise<StateChanges> {
  const { environment, plan, engine, cluster } = await prepared(name, offline, context);
  try {
    const comparison = await compare(environment, plan, engine);
    const foreign =
      cluster !== undefined && comparison.recorded && isOfAnotherCluster(comparison.state, cluster);
    if (foreign)
      throw new Error(
        `the state of '${name}' is that of another cluster than the one found; 'beamline up ${name}' says what to do`,
      );
    const { objects } =
      cluster !== undefined && refresh
        ? await withLive(cluster.api, plan, comparison, comparison.valueOf)
        : comparison.changes;
    const all =
      cluster === undefined ? objects : await tried(cluster.api, objects, comparison.valueOf);
    const set = changeSetOf(plan, comparison, all, []);
    return { environment, plan, set, hidden: hiddenOf(plan, comparison) };
  } finally {
    await cluster?.api.close();
  }
}
