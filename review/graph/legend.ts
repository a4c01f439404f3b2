import { h, type JSX } from 'preact';

import type { Box, BoxKind, Talk } from './model';
import { boxShape, sizeOf } from './shapes';

/** Room that the legend takes at the foot of the picture. */
export const LEGEND_HEIGHT = 150;

const BOXES: readonly (Pick<Box, 'title' | 'reach' | 'privileged'> & { readonly kind: BoxKind })[] =
  [
    { kind: 'outside', title: 'comes from outside', reach: undefined, privileged: undefined },
    { kind: 'door', title: 'way in', reach: 'public', privileged: undefined },
    { kind: 'door', title: 'way in', reach: 'internal', privileged: undefined },
    { kind: 'workload', title: 'runs pods', reach: undefined, privileged: undefined },
    { kind: 'workload', title: 'runs pods', reach: undefined, privileged: 'privileged' },
    { kind: 'expected', title: 'pods others make', reach: undefined, privileged: undefined },
    { kind: 'data', title: 'keeps data', reach: undefined, privileged: undefined },
  ];

const ARROWS: readonly (readonly [Talk, string])[] = [
  ['enters', 'requests come in'],
  ['calls', 'is configured to call'],
  ['may-reach', 'may reach, by network policy'],
  ['keeps', 'keeps data in, or mounts'],
];

/** What shapes, lines and colours mean. */
export function legend(top: number): JSX.Element {
  let x = 30;
  const boxes = BOXES.map((one, index) => {
    const box: Box = { ...one, id: `legend-${index}`, lines: [], group: undefined };
    const { width, height } = sizeOf(box);
    const place = { x: x + width / 2, y: top + 55, width, height };
    x += width + 14;
    return boxShape(box, place);
  });
  const arrows = ARROWS.map(([talk, words], index) => {
    const left = 30 + index * 260;
    return h(
      'g',
      null,
      h('path', {
        class: `arrow ${talk}`,
        d: `M${left} ${top + 115}h40`,
        'marker-end': 'url(#arrow)',
      }),
      h('text', { x: left + 48, y: top + 119 }, words),
    );
  });
  return h(
    'g',
    { role: 'group', 'aria-label': 'Legend' },
    h('text', { class: 'title', x: 30, y: top + 16 }, 'Legend'),
    ...boxes,
    ...arrows,
  );
}
