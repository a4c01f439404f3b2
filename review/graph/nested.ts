import { layOut, type Layout, type Place, type Point, type Sized } from './layout';

/** A group to be placed: its boxes stand below its head, which is as high as `head` says of the group's width. */
export interface SizedGroup {
  readonly id: string;
  readonly least: number;
  readonly head: (width: number) => number;
}

const INSIDE = { nodesep: 16, ranksep: 56, margin: 16 };
const BETWEEN = { nodesep: 30, ranksep: 80, margin: 30 };
const STUB = 18;

/**
 * Places boxes in their groups and then the groups, so that no two overlap. Groups that no arrow leads to or from stand in rows below the
 * others.
 */
export async function layOutGroups(
  boxes: readonly Sized[],
  groups: readonly SizedGroup[],
  lines: readonly (readonly [from: string, to: string])[],
): Promise<Layout> {
  const inner = new Map<string, Inner>();
  for (const group of groups) inner.set(group.id, await innerOf(group, boxes, lines));
  const topOf = new Map(boxes.map(({ id, group }) => [id, group ?? id]));
  const tops: Sized[] = [
    ...[...inner].map(([id, { width, height }]) => ({ id, width, height })),
    ...boxes.filter(({ group }) => group === undefined),
  ];
  const between = betweenTops(lines, topOf);
  const linked = new Set(between.flat());
  const main = await layOut(
    tops.filter(({ id }) => linked.has(id)),
    between,
    BETWEEN,
  );
  const { places, width, height } = withRows(
    tops.filter(({ id }) => !linked.has(id)),
    main,
    { broad: Math.max(main.width, 1100), gap: 30 },
  );
  for (const [id, { layout, head }] of inner) {
    const place = places.get(id);
    if (place === undefined) continue;
    const [left, top] = [place.x - place.width / 2, place.y - place.height / 2 + head];
    for (const [box, inside] of layout.places)
      places.set(box, { ...inside, x: left + inside.x, y: top + inside.y });
  }
  const routes = new Map(
    between.map(([from, to], index) => [`${from}\n${to}`, main.lines[index] ?? []]),
  );
  return {
    width,
    height,
    places,
    lines: lines.map(([from, to]) => {
      const [a, b] = [topOf.get(from) ?? from, topOf.get(to) ?? to];
      const place = places.get(a);
      const own = a === b ? inner.get(a) : undefined;
      const points = own?.layout.lines[own.index.get(`${from}\n${to}`) ?? -1];
      if (own !== undefined && points !== undefined && place !== undefined) {
        const [left, top] = [place.x - place.width / 2, place.y - place.height / 2 + own.head];
        return points.map(({ x, y }) => ({ x: left + x, y: top + y }));
      }
      return across(places.get(from), places.get(to), routes.get(`${a}\n${b}`) ?? []);
    }),
  };
}

interface Inner {
  readonly width: number;
  readonly height: number;
  readonly head: number;
  readonly layout: Layout;
  /** Which line of the layout leads from one box to another. */
  readonly index: ReadonlyMap<string, number>;
}

async function innerOf(
  { id, least, head: headOf }: SizedGroup,
  boxes: readonly Sized[],
  lines: readonly (readonly [string, string])[],
): Promise<Inner> {
  const inside = boxes
    .filter(({ group }) => group === id)
    .map((box) => ({ ...box, group: undefined }));
  const ids = new Set(inside.map((box) => box.id));
  const own = lines.filter(([from, to]) => ids.has(from) && ids.has(to));
  const linked = new Set(own.flat());
  const main = await layOut(
    inside.filter((box) => linked.has(box.id)),
    own,
    INSIDE,
  );
  const broad = Math.max(main.width, 620);
  const rows = withRows(
    inside.filter((box) => !linked.has(box.id)),
    main,
    { broad, gap: INSIDE.margin },
  );
  const layout = { ...rows, lines: main.lines };
  const width = Math.max(Math.ceil(layout.width), least);
  const head = headOf(width);
  return {
    width,
    height: Math.ceil(layout.height) + head,
    head,
    layout,
    index: new Map(own.map(([from, to], index) => [`${from}\n${to}`, index])),
  };
}

function betweenTops(
  lines: readonly (readonly [string, string])[],
  topOf: ReadonlyMap<string, string>,
): (readonly [string, string])[] {
  const found = new Map<string, readonly [string, string]>();
  for (const [from, to] of lines) {
    const [a, b] = [topOf.get(from) ?? from, topOf.get(to) ?? to];
    if (a !== b) found.set(`${a}\n${b}`, [a, b]);
  }
  return [...found.values()];
}

/** What nothing leads to or from, in rows below the rest. */
function withRows(
  lonely: readonly Sized[],
  main: Layout,
  { broad, gap }: { readonly broad: number; readonly gap: number },
): { readonly places: Map<string, Place>; readonly width: number; readonly height: number } {
  const places = new Map(main.places);
  const empty = places.size === 0;
  let [x, y, tallest] = [gap, empty ? gap : main.height, 0];
  let width = empty ? 0 : main.width;
  for (const { id, width: wide, height } of lonely) {
    if (x > gap && x + wide + gap > broad) [x, y, tallest] = [gap, y + tallest + gap, 0];
    places.set(id, { x: x + wide / 2, y: y + height / 2, width: wide, height });
    x += wide + gap;
    tallest = Math.max(tallest, height);
    width = Math.max(width, x);
  }
  return { places, width, height: lonely.length === 0 ? main.height : y + tallest + gap };
}

/** From the side of one box to the side of another, by the way that leads from group to group. */
function across(from: Place | undefined, to: Place | undefined, way: readonly Point[]): Point[] {
  if (from === undefined || to === undefined) return [];
  const middle = way.slice(1, -1);
  const ahead = (middle[0] ?? to).x >= from.x;
  const behind = (middle.at(-1) ?? from).x <= to.x;
  const start = { x: from.x + (ahead ? from.width / 2 : -from.width / 2), y: from.y };
  const end = { x: to.x + (behind ? -to.width / 2 : to.width / 2), y: to.y };
  return [
    start,
    { x: start.x + (ahead ? STUB : -STUB), y: start.y },
    ...middle,
    { x: end.x + (behind ? -STUB : STUB), y: end.y },
    end,
  ];
}
