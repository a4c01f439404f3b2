import { z } from 'zod';

/** A box to be placed. */
export interface Sized {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /**
   * Group that it stands in.
   *
   * @default - none
   */
  readonly group?: string | undefined;
}

/** A point of the picture. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where something is: its middle, and its size. */
export interface Place extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where everything is. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, Place>;
  /** Points of each line, in the order of the lines. */
  readonly lines: readonly (readonly Point[])[];
}

/** How far apart things are. */
export interface Spacing {
  readonly nodesep: number;
  readonly ranksep: number;
  readonly margin: number;
}

/** What we use of the layout engine; the compiler cannot read the types that it ships. */
interface LayoutGraph {
  setGraph(options: object): void;
  setDefaultEdgeLabel(make: () => object): void;
  setNode(id: string, size: object): void;
  setEdge(from: string, to: string): void;
  graph(): unknown;
  node(id: string): unknown;
  edge(from: string, to: string): unknown;
}
const isFunction = (value: unknown): boolean => typeof value === 'function';
const engine = z.object({
  Graph: z.custom<new () => LayoutGraph>(isFunction),
  layout: z.custom<(graph: LayoutGraph) => void>(isFunction),
});

const point = z.object({ x: z.number(), y: z.number() });
const place = point.extend({ width: z.number(), height: z.number() });
const line = z.object({ points: z.array(point) });
const size = z.object({ width: z.number(), height: z.number() });

/** Places boxes from left to right so that lines lead to the right and cross little. The same places for the same boxes. */
export async function layOut(
  boxes: readonly Sized[],
  lines: readonly (readonly [from: string, to: string])[],
  { nodesep, ranksep, margin }: Spacing,
): Promise<Layout> {
  if (boxes.length === 0) return { width: 0, height: 0, places: new Map(), lines: [] };
  const loaded: unknown = await import('@dagrejs/dagre');
  const { Graph, layout } = engine.parse(loaded);
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep, ranksep, marginx: margin, marginy: margin });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id, width, height } of boxes) graph.setNode(id, { width, height });
  for (const [from, to] of lines) graph.setEdge(from, to);
  layout(graph);
  return {
    ...size.parse(graph.graph()),
    places: new Map(boxes.map(({ id }) => [id, place.parse(graph.node(id))])),
    lines: lines.map(([from, to]) => line.parse(graph.edge(from, to)).points),
  };
}

/** Points as the `d` of a path. */
export function pathOf(points: readonly Point[]): string {
  const [start = '0 0', ...rest] = points.map(({ x, y }) => `${x.toFixed(0)} ${y.toFixed(0)}`);
  return `M${start}${rest.map((next) => `L${next}`).join('')}`;
}
