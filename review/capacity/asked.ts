import type { Plan, PlannedPods } from '../../plan/model';
import { amountsOf, minus, plus, times, timesIn, type Amounts } from './amounts';
import { ofExpected } from './demand';
import { fill, roomFor, shareOf, type Node } from './placement';
import { claimInQuota, countedInQuota, type Quota } from './quotas';

/** How many fit, and what is used up first. */
export interface Fit {
  /** Null where nothing that is known bounds them. */
  readonly fit: number | null;
  /** `nodes: memory`, `notebooks/resourcequota/tenant: requests.cpu`; empty where nothing is. */
  readonly limit: string;
}

/** The most that people may ask for in a namespace, whoever and how many they are: so many pods of the sort that weighs most. */
export interface AskedRow {
  readonly namespace: string;
  readonly name: string;
  readonly what: string;
  readonly by: string;
  /** What quotas let in beside what runs at the most. Null where nothing bounds them. */
  readonly pods: Fit;
  /** What these ask of the nodes together; undefined where nothing bounds them. */
  readonly requests: Amounts | undefined;
}

/** What a namespace has taken of its quotas. */
export type TakenOfQuota = (namespace: string) => Amounts;

/** Sorts of pods that come as people ask for them. */
export function askedFor(plan: Plan): PlannedPods[] {
  return plan.expected.filter(({ count }) => count === 'as-asked');
}

/** A row for each namespace in which people ask for pods. */
export function askedRows(
  asked: readonly PlannedPods[],
  quotas: readonly Quota[],
  taken: TakenOfQuota,
): AskedRow[] {
  return namespacesOf(asked).flatMap((namespace) => {
    const [heaviest] = byWeight(namespace, asked, quotas, taken(namespace));
    if (heaviest === undefined) return [];
    const { pods, fit } = heaviest;
    const { name, what, by } = pods;
    const requests = fit.fit === null ? undefined : times(ofExpected(pods).requests, fit.fit);
    return [{ namespace, name, what, by, pods: fit, requests }];
  });
}

/**
 * Nodes when the people who ask for these pods hold as much as quotas and nodes let them: of each sort as many as fit, what weighs most first.
 * How many people ask is in no plan, so it is what they may that counts.
 */
export function crowded(
  nodes: readonly Node[],
  others: readonly PlannedPods[],
  quotas: readonly Quota[],
  taken: TakenOfQuota,
): readonly Node[] {
  let filled = nodes;
  for (const namespace of namespacesOf(others)) {
    let used = taken(namespace);
    for (const { pods } of byWeight(namespace, others, quotas, used)) {
      const { fit } = quotaFit(pods, quotas, used);
      const demand = ofExpected(pods);
      const found = fill(filled, demand, fit ?? Infinity);
      filled = found.nodes;
      used = plus(used, times(inQuota(pods), found.placed));
    }
  }
  return filled;
}

/** How many of a sort the quotas of their namespace let in. */
export function quotaFit(pods: PlannedPods, quotas: readonly Quota[], taken: Amounts): Fit {
  const { namespace, by, within } = pods;
  const own = {
    id: `what ${by} may make in '${namespace}'`,
    namespace,
    hard: amountsOf(within ?? {}),
  };
  const fits = [...quotas.filter((quota) => quota.namespace === namespace), own].flatMap((quota) =>
    fitInQuota(pods, quota, taken),
  );
  return smallest(fits);
}

/** The one that ends first. */
export function smallest(fits: readonly Fit[]): Fit {
  return fits.reduce<Fit>(
    (best, one) => ((one.fit ?? Infinity) < (best.fit ?? Infinity) ? one : best),
    { fit: null, limit: '' },
  );
}

/** Each node takes whole sessions only: what is left on two nodes makes none. */
export function fitOnNodes(pods: PlannedPods, nodes: readonly Node[]): Fit {
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

function namespacesOf(asked: readonly PlannedPods[]): string[] {
  return [...new Set(asked.map(({ namespace }) => namespace))].sort();
}

/** What one pod weighs where no node is there to compare it with: a core as much as 4 GiB. */
const USUAL_NODE: Amounts = { cpu: 1, memory: 4 * 2 ** 30 };

/** The sorts of a namespace, by what as many as its quotas let in would ask of the nodes. */
function byWeight(
  namespace: string,
  asked: readonly PlannedPods[],
  quotas: readonly Quota[],
  taken: Amounts,
): { readonly pods: PlannedPods; readonly fit: Fit }[] {
  return asked
    .filter((pods) => pods.namespace === namespace)
    .map((pods) => {
      const fit = quotaFit(pods, quotas, taken);
      const one = shareOf(ofExpected(pods).requests, USUAL_NODE);
      return { pods, fit, weight: (fit.fit ?? Infinity) * one, one };
    })
    .sort((a, b) => (a.weight === b.weight ? b.one - a.one : b.weight - a.weight));
}

/** What one of them counts for in a quota: each is taken for one of somebody else, who gets a claim. */
function inQuota(pods: PlannedPods): Amounts {
  const { requests, limits } = ofExpected(pods);
  const { claim } = pods;
  const bytes = claim === undefined ? 0 : (amountsOf({ size: claim.size })['size'] ?? 0);
  return plus(
    countedInQuota(requests, limits),
    claim === undefined ? {} : claimInQuota(claim.className, bytes),
  );
}

function fitInQuota(pods: PlannedPods, { id, hard }: Quota, taken: Amounts): Fit[] {
  const one = inQuota(pods);
  const bounded = Object.keys(one).filter((name) => name in hard);
  if (bounded.length === 0) return [];
  const asked = Object.fromEntries(bounded.map((name) => [name, one[name] ?? 0]));
  const { times: fitting, limit } = timesIn(asked, minus(hard, taken));
  return limit === undefined ? [] : [{ fit: fitting, limit: `${id}: ${limit}` }];
}
