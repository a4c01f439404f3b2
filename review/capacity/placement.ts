import { minus, plus, times, timesIn, type Amounts } from './amounts';
import type { Demand } from './demand';

/** Nodes of one size, as the site declares them. */
export interface Pool {
  readonly name: string;
  readonly count: number;
  /** What each has. */
  readonly capacity: Amounts;
  /** What of that is kept from pods. */
  readonly reserved: Amounts;
  readonly labels: Readonly<Record<string, string>>;
}

/** A node with what stands on it. */
export interface Node {
  readonly pool: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly allocatable: Amounts;
  readonly used: Amounts;
  /** What its DaemonSets ask for. */
  readonly perNode: Amounts;
  /** Ids of the demands that have a pod here. */
  readonly holds: ReadonlySet<string>;
}

/** Pods for which no node has room. */
export interface Unplaced {
  readonly demand: Demand;
  readonly pods: number;
  /** Whether even empty nodes have no room for one. */
  readonly never: boolean;
}

/** Where pods would stand. */
export interface Placement {
  readonly nodes: readonly Node[];
  readonly unplaced: readonly Unplaced[];
}

/** The nodes of pools, empty. */
export function nodesOf(pools: readonly Pool[]): Node[] {
  return pools.flatMap((pool) =>
    Array.from({ length: pool.count }, (_, index) => {
      const name = `${pool.name}-${index}`;
      return {
        pool: pool.name,
        name,
        labels: {
          'kubernetes.io/arch': 'amd64',
          'kubernetes.io/os': 'linux',
          'kubernetes.io/hostname': name,
          ...pool.labels,
        },
        allocatable: minus(pool.capacity, pool.reserved),
        used: {},
        perNode: {},
        holds: new Set<string>(),
      };
    }),
  );
}

/**
 * Puts pods on nodes as the scheduler would if it had all of them at once: what is on every node first, then the largest, each on the node that
 * is emptiest afterwards.
 */
export function place(
  empty: readonly Node[],
  demands: readonly Demand[],
  countOf: (demand: Demand) => number,
): Placement {
  const unplaced: Unplaced[] = [];
  const nodes: Node[] = empty.map((node) => {
    const everywhere = demands.filter(
      ({ running, fitsOn }) => running === 'per-node' && fitsOn(node.labels),
    );
    const used = everywhere.reduce<Amounts>((sum, { requests }) => plus(sum, requests), {});
    return { ...node, used, perNode: used };
  });
  const largest = nodes[0]?.allocatable ?? {};
  const others = demands
    .filter((demand) => demand.running !== 'per-node' && countOf(demand) > 0)
    .map((demand) => ({ demand, share: shareOf(demand.requests, largest) }))
    .sort((a, b) => (a.share === b.share ? compare(a.demand.id, b.demand.id) : b.share - a.share));
  let filled: readonly Node[] = nodes;
  for (const { demand } of others) {
    const wanted = countOf(demand);
    const found = fill(filled, demand, wanted);
    filled = found.nodes;
    if (found.placed < wanted) {
      const never = !empty.some(
        (node) =>
          demand.fitsOn(node.labels) && timesIn(demand.requests, node.allocatable).times > 0,
      );
      unplaced.push({ demand, pods: wanted - found.placed, never });
    }
  }
  return { nodes: filled, unplaced };
}

/** Puts up to so many pods of a sort on nodes, each on the one that is emptiest afterwards, and says how many found room. */
export function fill(
  nodes: readonly Node[],
  demand: Demand,
  wanted: number,
): { readonly nodes: readonly Node[]; readonly placed: number } {
  const rooms = nodes.map((node) => ({
    node,
    pods: 0,
    room: roomFor(node, demand),
    share: shareOf(node.used, node.allocatable),
    step: shareOf(demand.requests, node.allocatable),
  }));
  let placed = 0;
  for (; placed < wanted; placed += 1) {
    let best: (typeof rooms)[number] | undefined;
    for (const one of rooms) {
      if (one.room < 1) continue;
      if (best === undefined || one.share + one.step < best.share + best.step) best = one;
    }
    if (best === undefined) break;
    best.pods += 1;
    best.room -= 1;
    best.share += best.step;
  }
  const after = rooms.map(({ node, pods }) => (pods === 0 ? node : withPods(node, demand, pods)));
  return { nodes: after, placed };
}

function withPods(node: Node, { id, requests }: Demand, pods: number): Node {
  const used = plus(node.used, times(requests, pods));
  return { ...node, used, holds: new Set([...node.holds, id]) };
}

/** How many more pods of a sort a node takes. */
export function roomFor(node: Node, demand: Demand): number {
  if (!demand.fitsOn(node.labels)) return 0;
  if (demand.apart && node.holds.has(demand.id)) return 0;
  const { times: room } = timesIn(demand.requests, minus(node.allocatable, node.used));
  return demand.apart ? Math.min(1, room) : room;
}

/** What fraction of a node is used, of CPU and memory together, as the scheduler weighs it (`NodeResourcesFit`, `LeastAllocated`). */
export function shareOf(used: Amounts, allocatable: Amounts): number {
  const of = (name: string): number => (used[name] ?? 0) / Math.max(allocatable[name] ?? 0, 1e-9);
  return (of('cpu') + of('memory')) / 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
