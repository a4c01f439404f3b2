import { h, type JSX } from 'preact';

import { visible } from '../report/words';
import type { Layout, Place, Point } from './layout';
import { legend, LEGEND_HEIGHT } from './legend';
import type { Arrow, Graph, Group } from './model';
import { layOutGroups } from './nested';
import { boxShape, sizeOf } from './shapes';
import { STYLE } from './style';

const TOP = 70;
const LETTER = 6.2;

/** The picture of an environment: one file that needs nothing else. The same bytes for the same environment. */
export async function graphSvg(graph: Graph): Promise<string> {
  const { render } = await import('preact-render-to-string');
  const sized = graph.boxes.map((box) => ({ id: box.id, group: box.group, ...sizeOf(box) }));
  const lines = graph.arrows.map(({ from, to }) => [from, to] as const);
  const groups = graph.groups.map((group) => ({
    id: group.id,
    least: Math.max(230, Math.round(group.title.length * 9) + 20),
    head: (width: number) => 32 + 13 * wrapped(smallPrint(group), width).length,
  }));
  const layout = await layOutGroups(sized, groups, lines);
  return `${render(picture(graph, layout))}\n`;
}

function picture(graph: Graph, layout: Layout): JSX.Element {
  const width = Math.max(Math.ceil(layout.width), 1100);
  const height = Math.ceil(layout.height) + TOP + LEGEND_HEIGHT;
  return h(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-labelledby': 'title desc',
    },
    h('title', { id: 'title' }, `Environment ${graph.environment}`),
    h('desc', { id: 'desc' }, description(graph)),
    h('style', null, STYLE),
    h('defs', null, marker()),
    h('text', { class: 'head', x: 30, y: 34 }, `Environment ${graph.environment}`),
    h('text', { class: 'sub', x: 30, y: 54 }, subtitle(graph)),
    h(
      'g',
      { transform: `translate(0 ${TOP})` },
      ...graph.groups.flatMap((group) => {
        const place = layout.places.get(group.id);
        return place === undefined ? [] : [groupShape(group, place)];
      }),
      ...graph.arrows.map((arrow, index) => arrowShape(arrow, layout.lines[index] ?? [])),
      ...graph.boxes.flatMap((box) => {
        const place = layout.places.get(box.id);
        return place === undefined ? [] : [boxShape(box, place)];
      }),
    ),
    legend(height - LEGEND_HEIGHT),
  );
}

function subtitle({ target, boxes }: Graph): string {
  const doors = boxes.filter(({ kind }) => kind === 'door');
  const open = doors.filter(({ reach }) => reach === 'public').length;
  const mighty = boxes.filter(({ privileged }) => privileged !== undefined).length;
  return `On ${target}. Ways in: ${doors.length}, public ones: ${open}. Privileged workloads: ${mighty}.`;
}

/** What a reader who sees no picture is told. */
function description(graph: Graph): string {
  const titles = new Map(graph.boxes.map(({ id, title }) => [id, title]));
  const arrows = graph.arrows.map(
    ({ from, to, talk }) => `${titles.get(from) ?? from} ${VERBS[talk]} ${titles.get(to) ?? to}`,
  );
  return visible(`${subtitle(graph)}. ${arrows.join('; ')}.`);
}

const VERBS: Readonly<Record<Arrow['talk'], string>> = {
  enters: 'leads to',
  calls: 'calls',
  'may-reach': 'may reach',
  keeps: 'keeps data in',
};

function marker(): JSX.Element {
  return h(
    'marker',
    {
      id: 'arrow',
      viewBox: '0 0 8 8',
      refX: 8,
      refY: 4,
      markerWidth: 8,
      markerHeight: 8,
      markerUnits: 'userSpaceOnUse',
      orient: 'auto',
    },
    h('path', { d: 'M0 0L8 4L0 8z' }),
  );
}

function smallPrint({ where, rest }: Group): string {
  return rest === '' ? where : `${where}; not drawn: ${rest}`;
}

function groupShape(group: Group, place: Place): JSX.Element {
  const [x, y] = [Math.round(place.x - place.width / 2), Math.round(place.y - place.height / 2)];
  const lines = wrapped(smallPrint(group), place.width);
  return h(
    'g',
    { class: 'group' },
    h('rect', {
      x,
      y,
      width: Math.round(place.width),
      height: Math.round(place.height),
      rx: 8,
    }),
    h('text', { class: 'title', x: x + 10, y: y + 21 }, visible(group.title)),
    ...lines.map((line, index) =>
      h('text', { class: 'line', x: x + 10, y: y + 36 + index * 13 }, visible(line)),
    ),
  );
}

function wrapped(text: string, width: number): string[] {
  const most = Math.max(16, Math.floor((width - 20) / LETTER));
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < most)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function arrowShape({ talk }: Arrow, points: readonly Point[]): JSX.Element {
  return h('path', { class: `arrow ${talk}`, d: curve(points), 'marker-end': 'url(#arrow)' });
}

/** A line through points without corners. */
function curve(points: readonly Point[]): string {
  const text = ({ x, y }: Point): string => `${x.toFixed(0)} ${y.toFixed(0)}`;
  const [start, ...rest] = points;
  if (start === undefined) return '';
  const parts = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? point;
    const middle = { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${text(point)} ${text(middle)}`;
  });
  return `M${text(start)}${parts.join('')}L${text(rest.at(-1) ?? start)}`;
}
