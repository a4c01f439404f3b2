import type { Arrow, Box } from './model';

/** Boxes with the arrows between them. */
export interface Drawing {
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

/** Boxes in the order of their ids; those that come to the same key are drawn as the one box that `merge` makes of them. */
function folded(
  { boxes, arrows }: Drawing,
  keyOf: (box: Box) => string,
  merge: (boxes: readonly [Box, ...Box[]]) => Omit<Box, 'id'>,
): Drawing {
  const bundles = new Map<string, [Box, ...Box[]]>();
  for (const box of [...boxes].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const bundle = bundles.get(keyOf(box));
    if (bundle === undefined) bundles.set(keyOf(box), [box]);
    else bundle.push(box);
  }
  const names = new Map<string, string>();
  const left = [...bundles.values()].map((bundle): Box => {
    const [first, ...others] = bundle;
    for (const { id } of bundle) names.set(id, first.id);
    return others.length === 0 ? first : { ...merge(bundle), id: first.id };
  });
  return {
    boxes: left,
    arrows: arrows.map((arrow) => ({
      ...arrow,
      from: names.get(arrow.from) ?? arrow.from,
      to: names.get(arrow.to) ?? arrow.to,
    })),
  };
}

/** The paths of one host are one way in. */
export function withFewerDoors(drawing: Drawing): Drawing {
  return folded(
    drawing,
    ({ kind, group, title, reach, id }) => (kind === 'door' ? [group, title, reach].join('|') : id),
    (doors) => {
      const lines = doors.flatMap((door) => door.lines);
      return {
        ...doors[0],
        lines: [
          ...lines.slice(0, 3),
          ...(lines.length > 3 ? [`and ${lines.length - 3} more`] : []),
        ],
      };
    },
  );
}

/** More boxes than `most` are no picture: then those of a kind are drawn as one in each group. */
export function foldedTo(most: number, drawing: Drawing): Drawing {
  if (drawing.boxes.length <= most) return drawing;
  return folded(
    drawing,
    ({ group, kind, reach, privileged, id }) =>
      group === undefined ? id : [group, kind, reach, privileged].join('|'),
    (boxes) => {
      const titles = boxes.map(({ title }) => title);
      return {
        ...boxes[0],
        title: `${titles.length} ${WORDS[boxes[0].kind]}`,
        lines: [
          ...titles.slice(0, 5),
          ...(titles.length > 5 ? [`and ${titles.length - 5} more`] : []),
        ],
      };
    },
  );
}

const WORDS: Readonly<Record<Box['kind'], string>> = {
  outside: 'outside',
  door: 'ways in',
  workload: 'workloads',
  expected: 'sorts of pods',
  data: 'places for data',
};
