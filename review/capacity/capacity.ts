import type { Plan } from '../../plan/model';
import { minus, plus, times, type Amounts } from './amounts';
import { askedFor, askedRows, type AskedRow } from './asked';
import { demandsOf, type Demand } from './demand';
import { nodesOf, place, type Node, type Placement, type Pool } from './placement';
import { claimsOf, countedInQuota, quotasOf, type Quota } from './quotas';
import { sessionsIn, type SessionRow, type Taken } from './sessions';

/** At the least, and at the most: autoscalers at their end, all Jobs at once. */
export interface Range {
  readonly least: Amounts;
  readonly most: Amounts;
}

/** What a namespace asks for, may use and is granted. */
export interface NamespaceRow {
  readonly namespace: string;
  /** The stacks that run something in it. */
  readonly stacks: readonly string[];
  readonly requests: Range;
  readonly limits: Range;
  /** What of `most` is Jobs and CronJobs, which come and go. */
  readonly nowAndThen: Amounts;
  /** What its claims ask for, by the names that quotas have for it. */
  readonly claims: Amounts;
  readonly quotas: readonly Quota[];
}

/** Nodes of one size, and what is left of them. */
export interface PoolRow {
  readonly name: string;
  readonly count: number;
  readonly capacity: Amounts;
  readonly reserved: Amounts;
  /** What one node has for pods. */
  readonly allocatable: Amounts;
  /** What DaemonSets take of one node. */
  readonly perNode: Amounts;
  /** What pods take of all its nodes together. */
  readonly used: Range;
  /** What is free on the node with the most room: the largest pod that can still be had. */
  readonly largest: Range;
}

/** What an environment needs, against what its site has. */
export interface Capacity {
  readonly environment: string;
  /** Undefined where the site declares no nodes. */
  readonly pools: readonly PoolRow[] | undefined;
  readonly namespaces: readonly NamespaceRow[];
  readonly sessions: readonly SessionRow[];
  /** The most that people may ask for, by namespace. */
  readonly asked: readonly AskedRow[];
  readonly placement: { readonly least: Placement; readonly most: Placement } | undefined;
  /** Containers that ask for nothing, and that the sums therefore do not hold. */
  readonly unsized: readonly string[];
}

/** Adds up an environment, and tries whether it stands on the nodes of its site. */
export function capacityOf(plan: Plan, pools: readonly Pool[] | undefined): Capacity {
  const demands = demandsOf(plan);
  const quotas = quotasOf(plan);
  const empty = pools === undefined ? undefined : nodesOf(pools);
  const claims = claimsOf(plan);
  const counts = { least: leastOf, most: mostOf };
  const placement = empty && {
    least: place(empty, demands, counts.least),
    most: place(empty, demands, counts.most),
  };
  const bare = empty && place(empty, demands, () => 0).nodes;
  const asked = askedFor(plan);
  const taken = (level: 'least' | 'most'): Taken => ({
    placement: placement?.[level],
    ofQuota: (namespace) => {
      const inside = demands.filter((demand) => demand.namespace === namespace);
      const { requests, limits } = sums(inside, empty, counts[level]);
      return plus(countedInQuota(requests, limits), claims.get(namespace) ?? {});
    },
  });
  return {
    environment: plan.environment,
    pools: placement && pools?.map((pool) => poolRow(pool, placement)),
    namespaces: namespacesIn(demands, quotas, claims, empty),
    sessions: sessionsIn(asked, quotas, {
      empty: bare,
      least: taken('least'),
      most: taken('most'),
    }),
    asked: askedRows(asked, quotas, taken('most').ofQuota),
    placement,
    unsized: demands.filter(({ unsized }) => unsized > 0).map(({ id }) => id),
  };
}

function leastOf({ least }: Demand): number {
  return least;
}

function mostOf({ most }: Demand): number {
  return most;
}

/** DaemonSets count for each node that takes them; where no nodes are known, for one. */
function podsOf(
  demand: Demand,
  nodes: readonly Node[] | undefined,
  countOf: (demand: Demand) => number,
): number {
  if (demand.running !== 'per-node') return countOf(demand);
  return nodes?.filter(({ labels }) => demand.fitsOn(labels)).length ?? 1;
}

function sums(
  demands: readonly Demand[],
  nodes: readonly Node[] | undefined,
  countOf: (demand: Demand) => number,
): { readonly requests: Amounts; readonly limits: Amounts } {
  const sumOf = (side: 'requests' | 'limits'): Amounts =>
    demands.reduce<Amounts>(
      (sum, demand) => plus(sum, times(demand[side], podsOf(demand, nodes, countOf))),
      {},
    );
  return { requests: sumOf('requests'), limits: sumOf('limits') };
}

function namespacesIn(
  demands: readonly Demand[],
  quotas: readonly Quota[],
  claims: ReadonlyMap<string, Amounts>,
  nodes: readonly Node[] | undefined,
): NamespaceRow[] {
  const names = new Set([
    ...demands.map(({ namespace }) => namespace),
    ...quotas.map(({ namespace }) => namespace),
    ...claims.keys(),
  ]);
  return [...names].sort().map((namespace) => {
    const inside = demands.filter((demand) => demand.namespace === namespace);
    const jobs = inside.filter(({ running }) => running === 'now-and-then');
    const least = sums(inside, nodes, leastOf);
    const most = sums(inside, nodes, mostOf);
    return {
      namespace,
      stacks: [...new Set(inside.map(({ stack }) => stack))].sort(),
      requests: { least: least.requests, most: most.requests },
      limits: { least: least.limits, most: most.limits },
      nowAndThen: sums(jobs, nodes, mostOf).requests,
      claims: claims.get(namespace) ?? {},
      quotas: quotas.filter((quota) => quota.namespace === namespace),
    };
  });
}

function poolRow(
  pool: Pool,
  placement: { readonly least: Placement; readonly most: Placement },
): PoolRow {
  const mine = (level: 'least' | 'most'): Node[] =>
    placement[level].nodes.filter(({ pool: name }) => name === pool.name);
  const usedOf = (nodes: readonly Node[]): Amounts =>
    nodes.reduce<Amounts>((sum, { used }) => plus(sum, used), {});
  const [first] = mine('least');
  return {
    ...pool,
    allocatable: minus(pool.capacity, pool.reserved),
    perNode: first?.perNode ?? {},
    used: { least: usedOf(mine('least')), most: usedOf(mine('most')) },
    largest: { least: roomiest(mine('least')), most: roomiest(mine('most')) },
  };
}

/** What is free on the node that has the most memory free. */
function roomiest(nodes: readonly Node[]): Amounts {
  const [first = {}, ...others] = nodes.map(({ allocatable, used }) => minus(allocatable, used));
  return others.reduce(
    (best, free) => ((free['memory'] ?? 0) > (best['memory'] ?? 0) ? free : best),
    first,
  );
}
