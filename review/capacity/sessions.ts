import type { Plan, PlannedPods } from '../../plan/model';
import { amountsOf, minus, plus, timesIn, type Amounts } from './amounts';
import { ofExpected } from './demand';
import { roomFor, type Node, type Placement } from './placement';
import { claimInQuota, countedInQuota, type Quota } from './quotas';

/** How many fit, and what is used up first. */
export interface Fit {
  /** Null where nothing that is known bounds them. */
  readonly fit: number | null;
  /** `nodes: memory`, `notebooks/resourcequota/tenant: requests.cpu`; empty where nothing is. */
  readonly limit: string;
}

/** Pods that people ask for, such as the sessions of one profile, and how many of them fit if nobody asks for others. */
export interface SessionRow {
  readonly namespace: string;
  readonly name: string;
  readonly what: string;
  readonly by: string;
  readonly path: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
  /** Beside what runs at the least. */
  readonly least: Fit;
  /** Beside what runs at the most: autoscalers at their end, all Jobs at once. */
  readonly most: Fit;
  /** How many fit on the nodes alone, if these held nothing but their DaemonSets; null where no nodes are known. */
  readonly onEmptyNodes: number | null;
}

/** What is taken already when sessions begin. */
export interface Taken {
  /** Where pods stand; undefined where no nodes are known. */
  readonly placement: Placement | undefined;
  /** What each namespace has taken of its quotas. */
  readonly ofQuota: (namespace: string) => Amounts;
}

/** A row for each sort of pods that come as they are asked for. */
export function sessionsIn(
  plan: Plan,
  quotas: readonly Quota[],
  levels: {
    readonly empty: readonly Node[] | undefined;
    readonly least: Taken;
    readonly most: Taken;
  },
): SessionRow[] {
  return plan.expected
    .filter(({ count }) => count === 'as-asked')
    .map((pods) => {
      const demand = ofExpected(pods);
      const { namespace, name, what, by, path } = pods;
      const { requests, limits } = demand;
      const [least, most] = [levels.least, levels.most].map((taken) => fitOf(pods, quotas, taken));
      return {
        ...{ namespace, name, what, by, path, requests, limits },
        least: least ?? UNBOUNDED,
        most: most ?? UNBOUNDED,
        onEmptyNodes: levels.empty?.reduce((sum, node) => sum + roomFor(node, demand), 0) ?? null,
      };
    });
}

const UNBOUNDED: Fit = { fit: null, limit: '' };

function fitOf(pods: PlannedPods, quotas: readonly Quota[], { placement, ofQuota }: Taken): Fit {
  const fits = [
    ...(placement === undefined ? [] : [fitOnNodes(pods, placement.nodes)]),
    ...quotas
      .filter(({ namespace }) => namespace === pods.namespace)
      .flatMap((quota) => fitInQuota(pods, quota, ofQuota(pods.namespace))),
  ];
  return fits.reduce<Fit>(
    (best, one) => ((one.fit ?? Infinity) < (best.fit ?? Infinity) ? one : best),
    UNBOUNDED,
  );
}

/** Each node takes whole sessions only: what is left on two nodes makes none. */
function fitOnNodes(pods: PlannedPods, nodes: readonly Node[]): Fit {
  const demand = ofExpected(pods);
  const fitting = nodes.filter((node) => demand.fitsOn(node.labels));
  if (fitting.length === 0) return { fit: 0, limit: `nodes: none has the labels that they need` };
  const limits = new Map<string, number>();
  let fit = 0;
  for (const node of fitting) {
    fit += roomFor(node, demand);
    const { limit = '' } = timesIn(demand.requests, minus(node.allocatable, node.used));
    limits.set(limit, (limits.get(limit) ?? 0) + 1);
  }
  const [first] = [...limits].sort(([a, more], [b, fewer]) =>
    more === fewer ? (a < b ? -1 : 1) : fewer - more,
  );
  const commonest = first?.[0] ?? '';
  const pools = [...new Set(fitting.map(({ pool }) => pool))].join(', ');
  return { fit, limit: `nodes (${pools}): ${commonest}` };
}

/** Each session is taken for one of somebody else, who gets a claim. */
function fitInQuota(pods: PlannedPods, { id, hard }: Quota, taken: Amounts): Fit[] {
  const { requests, limits } = ofExpected(pods);
  const { claim } = pods;
  const bytes = claim === undefined ? 0 : (amountsOf({ size: claim.size })['size'] ?? 0);
  const one = plus(
    countedInQuota(requests, limits),
    claim === undefined ? {} : claimInQuota(claim.className, bytes),
  );
  const bounded = Object.keys(one).filter((name) => name in hard);
  if (bounded.length === 0) return [];
  const asked = Object.fromEntries(bounded.map((name) => [name, one[name] ?? 0]));
  const { times, limit } = timesIn(asked, minus(hard, taken));
  return limit === undefined ? [] : [{ fit: times, limit: `${id}: ${limit}` }];
}
