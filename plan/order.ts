import { DirectedGraph } from 'graphology';
import { stronglyConnectedComponents } from 'graphology-components';
import { topologicalGenerations } from 'graphology-dag';

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
 * Orders ids so that each stands behind everything it waits for, by depth first and then by `compare`:
 * the same order for every order of the input.
 *
 * @throws Error naming a way around each circle of hard edges.
 */
export function order(
  ids: readonly string[],
  edges: readonly Edge[],
  compare: (a: string, b: string) => number,
): Ordered[] {
  // Edges run from what comes first to what waits for it.
  const graph = new DirectedGraph({ allowSelfLoops: false });
  for (const id of ids) graph.addNode(id);
  const soft: Edge[] = [];
  for (const edge of edges) {
    if (edge.from === edge.to || !graph.hasNode(edge.from) || !graph.hasNode(edge.to)) continue;
    if (edge.soft && !graph.hasEdge(edge.to, edge.from)) soft.push(edge);
    graph.mergeEdge(edge.to, edge.from);
  }
  const circles = stronglyConnectedComponents(graph).filter((circle) => circle.length > 1);
  if (circles.length > 0) {
    const home = new Map(
      circles.flatMap((circle, number) => circle.map((id) => [id, number] as const)),
    );
    const hard = new Set(
      edges.filter((edge) => !edge.soft).map((edge) => `${edge.to}\n${edge.from}`),
    );
    for (const { from, to } of soft) {
      const closes = home.get(from) !== undefined && home.get(from) === home.get(to);
      if (closes && !hard.has(`${to}\n${from}`) && graph.hasEdge(to, from))
        graph.dropEdge(to, from);
    }
    refuseCircles(graph);
  }
  const sorted = topologicalGenerations(graph).flatMap((generation) => generation.sort(compare));
  return withoutImplied(graph, sorted);
}

function refuseCircles(graph: DirectedGraph): void {
  const circles = stronglyConnectedComponents(graph).filter((circle) => circle.length > 1);
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

/** Drops every edge that a longer way implies. `sorted` is in topological order. */
function withoutImplied(graph: DirectedGraph, sorted: readonly string[]): Ordered[] {
  const place = new Map(sorted.map((id, position) => [id, position]));
  const words = (sorted.length + 31) >> 5;
  const reach: Uint32Array[] = [];
  return sorted.map((id) => {
    const mine = new Uint32Array(words);
    reach.push(mine);
    const nearestFirst = graph
      .inNeighbors(id)
      .map((to) => ({ to, position: place.get(to) ?? 0 }))
      .sort((a, b) => b.position - a.position);
    const kept: string[] = [];
    for (const { to, position } of nearestFirst) {
      const word = position >> 5;
      const bit = 1 << (position & 31);
      if (((mine[word] ?? 0) & bit) !== 0) continue;
      kept.push(to);
      mine[word] = (mine[word] ?? 0) | bit;
      const theirs = reach[position];
      if (theirs === undefined) continue;
      for (let at = 0; at <= word; at += 1) mine[at] = (mine[at] ?? 0) | (theirs[at] ?? 0);
    }
    return { id, dependsOn: kept.sort() };
  });
}
