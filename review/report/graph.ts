import { h, type JSX } from 'preact';

import { worst, type Severity } from '../risk/risk';
import { objectId } from '../../plan/object-id';
import { referencesOf } from '../../plan/references';
import type { ChangeSet, ReviewedObject } from '../change';
import { layOut, pathOf } from '../graph/layout';
import type { Report } from './schema';
import { visible } from './words';

/** More boxes than these are no picture: then objects are drawn together, by stack and kind, and at last by stack. */
const MOST_NODES = 120;

interface Box {
  readonly id: string;
  readonly label: string;
  readonly members: number;
  readonly changes: number[];
}

/** The environment as boxes and arrows, from what needs to what is needed. Changed boxes lead to their changes. */
export async function graphOf(report: Report, set: ChangeSet): Promise<JSX.Element> {
  const objects = new Map([...set.before, ...set.after]);
  const places = new Map(report.changes.map(({ id }, place) => [id, place]));
  const foldings: readonly ((object: ReviewedObject) => string)[] = [
    (object) => (places.has(object.id) ? object.id : stackOf(object)),
    (object) => `${stackOf(object)} ${object.manifest.kind}${places.has(object.id) ? ' ' : ''}`,
    stackOf,
  ];
  const fold =
    foldings.find((by) => new Set([...objects.values()].map(by)).size <= MOST_NODES) ??
    (() => 'everything');
  const boxes = new Map<string, Box>();
  for (const object of objects.values()) {
    const id = fold(object);
    const box = boxes.get(id) ?? { id, label: labelOf(object, id), members: 0, changes: [] };
    const place = places.get(object.id);
    if (place !== undefined) box.changes.push(place);
    boxes.set(id, { ...box, members: box.members + 1 });
  }
  const edges = new Map<string, readonly [string, string]>();
  for (const object of objects.values()) {
    for (const to of neededBy(object)) {
      const goal = objects.get(to);
      const [from, end] = [fold(object), goal === undefined ? undefined : fold(goal)];
      if (end !== undefined && end !== from) edges.set(`${from}\n${end}`, [from, end]);
    }
  }
  return drawn([...boxes.values()], [...edges.values()], report);
}

/** The stack that makes an object: the first part of its path; for what is known from the state alone, its namespace. */
function stackOf({ path, manifest }: ReviewedObject): string {
  return path?.split('/')[0] ?? manifest.metadata.namespace ?? '(cluster)';
}

function labelOf(object: ReviewedObject, id: string): string {
  return id === object.id ? `${object.manifest.kind} ${object.manifest.metadata.name}` : id;
}

function neededBy({ manifest }: ReviewedObject): string[] {
  const { namespace } = manifest.metadata;
  const home = namespace === undefined ? [] : [objectId(undefined, '', 'Namespace', namespace)];
  return [...home, ...referencesOf(manifest).map(({ to }) => to)];
}

const HEIGHT = 30;

async function drawn(
  boxes: readonly Box[],
  edges: readonly (readonly [string, string])[],
  report: Report,
): Promise<JSX.Element> {
  const texts = new Map(boxes.map((box) => [box.id, textOf(box)]));
  const sized = boxes.map(({ id }) => ({
    id,
    width: (texts.get(id)?.length ?? 0) * 7 + 20,
    height: HEIGHT,
  }));
  const {
    width,
    height,
    places,
    lines: placed,
  } = await layOut(sized, edges, { nodesep: 10, ranksep: 50, margin: 10 });
  const lines = placed.map((points) =>
    h('path', { d: pathOf(points), 'marker-end': 'url(#arrow)' }),
  );
  return h(
    'section',
    null,
    h('h2', { id: 'graph' }, 'The environment, changes marked'),
    h(
      'p',
      null,
      'An arrow leads from what needs to what is needed. Boxes with a thick border change, and lead to the change.',
    ),
    h(
      'div',
      { class: 'graph', tabIndex: 0, role: 'region', 'aria-labelledby': 'graph' },
      h(
        'svg',
        {
          width,
          height,
          viewBox: `0 0 ${width} ${height}`,
          role: 'group',
          'aria-labelledby': 'graph',
        },
        h(
          'defs',
          null,
          h(
            'marker',
            {
              id: 'arrow',
              viewBox: '0 0 8 8',
              refX: 8,
              refY: 4,
              markerWidth: 8,
              markerHeight: 8,
              orient: 'auto',
            },
            h('path', { d: 'M0 0L8 4L0 8z' }),
          ),
        ),
        ...lines,
        ...boxes.map((box) => {
          const { x, y, width: wide } = places.get(box.id) ?? { x: 0, y: 0, width: 0 };
          const severity = severityOf(box, report);
          const [first] = box.changes;
          const content = [
            h('rect', { x: x - wide / 2, y: y - HEIGHT / 2, width: wide, height: HEIGHT, rx: 4 }),
            h('text', { x, y: y + 4, 'text-anchor': 'middle' }, texts.get(box.id) ?? ''),
          ];
          return h(
            'g',
            { class: severity === undefined ? 'node' : `node changed ${severity}` },
            ...(first === undefined
              ? content
              : [h('a', { href: `#change-${first + 1}` }, ...content)]),
          );
        }),
      ),
    ),
  );
}

function textOf({ label, members, changes }: Box): string {
  const text = label.length > 48 ? `${label.slice(0, 45)}...` : label;
  if (members === 1) return visible(text.trim());
  return visible(
    `${text.trim()} (${changes.length > 0 ? `${changes.length} of ${members} change` : members})`,
  );
}

function severityOf({ changes }: Box, report: Report): Severity | undefined {
  const found = changes.flatMap((place) => report.changes[place] ?? []);
  return found.length === 0 ? undefined : worst(found);
}
