import type { PlannedPods } from '../../plan/model';
import type { Amounts } from './amounts';
import { crowded, fitOnNodes, quotaFit, smallest, type Fit, type TakenOfQuota } from './asked';
import { ofExpected } from './demand';
import { roomFor, type Node, type Placement } from './placement';
import type { Quota } from './quotas';

/** Pods that people ask for, such as the sessions of one profile, and how many of them fit. */
export interface SessionRow {
  readonly namespace: string;
  readonly name: string;
  readonly what: string;
  readonly by: string;
  readonly path: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** Beside what runs at the least, if nobody asks for others. */
  readonly least: Fit;
  /** Beside what runs at the most: autoscalers at their end, all Jobs at once. */
  readonly most: Fit;
  /** Beside that, when people in the other namespaces hold all that quotas let them: sessions when Dask has taken what it may. */
  readonly crowded: Fit;
  /** How many fit on the nodes alone, if these held nothing but their DaemonSets; null where no nodes are known. */
  readonly onEmptyNodes: number | null;
}

/** What is taken already when sessions begin. */
export interface Taken {
  /** Where pods stand; undefined where no nodes are known. */
  readonly placement: Placement | undefined;
  /** What each namespace has taken of its quotas. */
  readonly ofQuota: TakenOfQuota;
}

/** A row for each sort of pods that come as they are asked for. */
export function sessionsIn(
  asked: readonly PlannedPods[],
  quotas: readonly Quota[],
  levels: {
    readonly empty: readonly Node[] | undefined;
    readonly least: Taken;
    readonly most: Taken;
  },
): SessionRow[] {
  const fitBeside = (pods: PlannedPods, { placement, ofQuota }: Taken): Fit =>
    smallest([
      ...(placement === undefined ? [] : [fitOnNodes(pods, placement.nodes)]),
      quotaFit(pods, quotas, ofQuota(pods.namespace)),
    ]);
  const { most } = levels;
  const besideOthers = new Map<string, Taken>();
  for (const { namespace } of asked) {
    if (besideOthers.has(namespace)) continue;
    const others = asked.filter((pods) => pods.namespace !== namespace);
    const nodes = most.placement && crowded(most.placement.nodes, others, quotas, most.ofQuota);
    const placement = nodes && { nodes, unplaced: [] };
    besideOthers.set(namespace, { ofQuota: most.ofQuota, placement });
  }
  return asked.map((pods) => {
    const demand = ofExpected(pods);
    const { namespace, name, what, by, path } = pods;
    const { requests, limits } = demand;
    return {
      ...{ namespace, name, what, by, path, requests, limits },
      least: fitBeside(pods, levels.least),
      most: fitBeside(pods, most),
      crowded: fitBeside(pods, besideOthers.get(namespace) ?? most),
      onEmptyNodes: levels.empty?.reduce((sum, node) => sum + roomFor(node, demand), 0) ?? null,
    };
  });
}
