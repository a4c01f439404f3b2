import { DirectedGraph } from 'graphology';
import { stronglyConnectedComponents } from 'graphology-components';

/** What must come before what, by id. */
export interface Edge {
  readonly from: string;
  /** The id that `from` has to wait for. */
  readonly to: string;
  /** A soft edge is dropped where it would close a cycle. */
  readonly soft: boolean;
}

/** A node with what is left of its edges: only those that no other path implies. */
export interface Ordered {
  readonly id: string;
  readonly dependsOn: readonly string[];
}

/**
 * Orders ids so that each stands behind everything it waits for, by depth first, then by rank, then by name:
 * the same order for every order of the input.
 *
 * @throws Error naming a way around each circle of hard edges.
 */
export function order(
  ids: readonly string[],
  edges: readonly Edge[],
  rank: (id: string) => number,
): Ordered[] {
  const nodes = nodesOf(ids, edges, rank);
  if (setDepths(nodes)) return inSequence(nodes);
  // Circles are rare, and who runs into one has time.
  const open = nodesOf(ids, withoutClosing(ids, edges), rank);
  setDepths(open);
  return inSequence(open);
}

/** An id while it is ordered. */
interface Node {
  readonly id: string;
  readonly rank: number;
  before: Node[];
  readonly behind: Node[];
  /** The length of the longest way to something that waits for nothing. */
  depth: number;
  /** How much of what is before has no depth yet. */
  waiting: number;
  position: number;
}

function nodesOf(
  ids: readonly string[],
  edges: readonly Edge[],
  rank: (id: string) => number,
): readonly Node[] {
  const nodes = new Map<string, Node>();
  for (const id of ids) {
    const node: Node = {
      id,
      rank: rank(id),
      before: [],
      behind: [],
      depth: 0,
      waiting: 0,
      position: 0,
    };
    nodes.set(id, node);
  }
  for (const { from, to } of edges) {
    const later = nodes.get(from);
    const earlier = nodes.get(to);
    if (later === undefined || earlier === undefined || later === earlier) continue;
    later.before.push(earlier);
    later.waiting += 1;
    earlier.behind.push(later);
  }
  return [...nodes.values()];
}

/** Gives every node its depth. False if some wait for each other. */
function setDepths(nodes: readonly Node[]): boolean {
  const free = nodes.filter(({ waiting }) => waiting === 0);
  for (const { depth, behind } of free) {
    for (const node of behind) {
      if (node.depth <= depth) node.depth = depth + 1;
      node.waiting -= 1;
      if (node.waiting === 0) free.push(node);
    }
  }
  return free.length === nodes.length;
}

/** The edges without the soft ones that close a circle. @throws Error if circles of hard edges are left. */
function withoutClosing(ids: readonly string[], edges: readonly Edge[]): readonly Edge[] {
  const homes = new Map(
    circlesOf(graphOf(ids, edges)).flatMap((circle, number) =>
      circle.map((id) => [id, number] as const),
    ),
  );
  const hard = new Set(
    edges.filter((edge) => !edge.soft).map((edge) => `${edge.to}\n${edge.from}`),
  );
  const kept = edges.filter(({ from, to, soft }) => {
    const closes = homes.has(from) && homes.get(from) === homes.get(to);
    return !soft || !closes || hard.has(`${to}\n${from}`);
  });
  refuseCircles(graphOf(ids, kept));
  return kept;
}

/** Edges run from what comes first to what waits for it. */
function graphOf(ids: readonly string[], edges: readonly Edge[]): DirectedGraph {
  const graph = new DirectedGraph({ allowSelfLoops: false });
  for (const id of ids) graph.addNode(id);
  for (const { from, to } of edges)
    if (from !== to && graph.hasNode(from) && graph.hasNode(to)) graph.mergeEdge(to, from);
  return graph;
}

function circlesOf(graph: DirectedGraph): string[][] {
  return stronglyConnectedComponents(graph).filter((circle) => circle.length > 1);
}

function refuseCircles(graph: DirectedGraph): void {
  const circles = circlesOf(graph);
  if (circles.length === 0) return;
  const ways = circles.map((circle) => wayAround(graph, circle.sort()).join(' -> ')).sort();
  throw new Error(`these wait for each other in a circle:\n  - ${ways.join('\n  - ')}`);
}

/** One closed way inside a strongly connected component, each id waiting for the next. */
function wayAround(graph: DirectedGraph, circle: readonly string[]): string[] {
  const inside = new Set(circle);
  const way: string[] = [];
  let here = circle[0];
  while (here !== undefined && !way.includes(here)) {
    way.push(here);
    here = graph
      .inNeighbors(here)
      .sort()
      .find((id) => inside.has(id));
  }
  return here === undefined ? way : [...way.slice(way.indexOf(here)), here];
}

/** Sorts what has depths, and drops every edge that a longer way implies. */
function inSequence(nodes: readonly Node[]): Ordered[] {
  const sorted = [...nodes].sort((a, b) => {
    if (a.depth !== b.depth) return a.depth - b.depth;
    if (a.rank !== b.rank) return a.rank - b.rank;
    return a.id < b.id ? -1 : 1;
  });
  sorted.forEach((node, position) => {
    node.position = position;
  });
  const reach = new Map<Node, Uint32Array>();
  const seen = new Uint32Array((sorted.length >> 5) + 1);
  return sorted.map((node) => {
    if (node.before.length > 1) {
      const nearestFirst = node.before.sort((a, b) => b.position - a.position);
      const words = ((nearestFirst[0]?.position ?? 0) >> 5) + 1;
      node.before = nearestFirst.filter((one) => include(one, seen, reach));
      if (node.before.length > 1) reach.set(node, seen.slice(0, words));
      seen.fill(0, 0, words);
    }
    return { id: node.id, dependsOn: node.before.map(({ id }) => id).sort() };
  });
}

/** Adds a node and all that it waits for to a set of positions. False if it is in there. What waits for one node alone has no set of its own. */
function include(node: Node, set: Uint32Array, reach: ReadonlyMap<Node, Uint32Array>): boolean {
  let here: Node | undefined = node;
  while (here !== undefined) {
    const word = here.position >> 5;
    const bit = 1 << (here.position & 31);
    if (((set[word] ?? 0) & bit) !== 0) return here !== node;
    set[word] = (set[word] ?? 0) | bit;
    const behind = reach.get(here);
    if (behind !== undefined) {
      behind.forEach((bits, at) => {
        set[at] = (set[at] ?? 0) | bits;
      });
      return true;
    }
    [here] = here.before;
  }
  return true;
}
