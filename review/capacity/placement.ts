import { minus, plus, timesIn, type Amounts } from './amounts';
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
  for (const { demand } of others) {
    for (let left = countOf(demand); left > 0; left -= 1) {
      const found = emptiest(nodes, demand);
      if (found === undefined) {
        const never = !empty.some(
          (node) =>
            demand.fitsOn(node.labels) && timesIn(demand.requests, node.allocatable).times > 0,
        );
        unplaced.push({ demand, pods: left, never });
        break;
      }
      nodes[nodes.indexOf(found)] = withPod(found, demand);
    }
  }
  return { nodes, unplaced };
}

function withPod(node: Node, { id, requests }: Demand): Node {
  return { ...node, used: plus(node.used, requests), holds: new Set([...node.holds, id]) };
}

function emptiest(nodes: readonly Node[], demand: Demand): Node | undefined {
  let best: { readonly node: Node; readonly share: number } | undefined;
  for (const node of nodes) {
    if (roomFor(node, demand) < 1) continue;
    const share = shareOf(plus(node.used, demand.requests), node.allocatable);
    if (best === undefined || share < best.share) best = { node, share };
  }
  return best?.node;
}

/** How many more pods of a sort a node takes. */
export function roomFor(node: Node, demand: Demand): number {
  if (!demand.fitsOn(node.labels)) return 0;
  if (demand.apart && node.holds.has(demand.id)) return 0;
  const { times: room } = timesIn(demand.requests, minus(node.allocatable, node.used));
  return demand.apart ? Math.min(1, room) : room;
}

/** What fraction of a node is used, of CPU and memory together, as the scheduler weighs it (`NodeResourcesFit`, `LeastAllocated`). */
function shareOf(used: Amounts, allocatable: Amounts): number {
  const of = (name: string): number => (used[name] ?? 0) / Math.max(allocatable[name] ?? 0, 1e-9);
  return (of('cpu') + of('memory')) / 2;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}
