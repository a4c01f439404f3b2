import { h, type JSX } from 'preact';

import { visible } from '../report/words';
import type { Place } from './layout';
import type { Box } from './model';

const LINE = 16;
const LETTER = 7.1; // the widest of the fonts in question, on average
const MOST_LETTERS = 44;

/** What is to be read in a box, the title first. The words stand for what shape and colour say. */
export function textsOf({ kind, title, lines, reach, privileged }: Box): string[] {
  const badges = [
    ...(kind === 'door' ? [(reach ?? 'reach not said').toUpperCase()] : []),
    ...(privileged === undefined ? [] : ['PRIVILEGED']),
  ];
  return [title, ...badges, ...lines].map((text) => visible(cut(text)));
}

function cut(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}

/** How large a box is. */
export function sizeOf(box: Box): { readonly width: number; readonly height: number } {
  const texts = textsOf(box);
  const letters = Math.max(...texts.map((text) => text.length));
  const around = box.kind === 'data' ? 26 : 14;
  return {
    width: Math.round(letters * LETTER + (box.kind === 'door' ? 44 : 26)),
    height: texts.length * LINE + around,
  };
}

/** A box, drawn where it is. */
export function boxShape(box: Box, place: Place): JSX.Element {
  const { x, y } = place;
  const texts = textsOf(box);
  const first = y - ((texts.length - 1) * LINE) / 2 + 4 + (box.kind === 'data' ? 5 : 0);
  const marks = [
    box.kind,
    box.kind === 'door' && box.reach !== undefined ? box.reach : '',
    box.privileged === undefined ? '' : 'privileged',
  ].filter((mark) => mark !== '');
  return h(
    'g',
    { class: marks.join(' '), role: 'img', 'aria-label': texts.join(', ') },
    h('path', { class: 'shape', d: outline(box, place) }),
    ...texts.map((text, index) =>
      h(
        'text',
        {
          x: Math.round(x),
          y: Math.round(first + index * LINE),
          'text-anchor': 'middle',
          class: index === 0 ? 'title' : /^[A-Z ]+$/.test(text) ? 'badge' : 'line',
        },
        text,
      ),
    ),
  );
}

/** Each kind has a shape of its own: an arrow's head for a door, a drum for data. */
function outline({ kind }: Box, place: Place): string {
  const x = Math.round(place.x - place.width / 2);
  const y = Math.round(place.y - place.height / 2);
  const w = Math.round(place.width);
  const t = Math.round(place.height);
  const rounded = (r: number): string =>
    [
      `M${x + r} ${y}h${w - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${t - 2 * r}`,
      `a${r} ${r} 0 0 1 ${-r} ${r}h${2 * r - w}a${r} ${r} 0 0 1 ${-r} ${-r}`,
      `v${2 * r - t}a${r} ${r} 0 0 1 ${r} ${-r}z`,
    ].join('');
  switch (kind) {
    case 'door':
      return `M${x} ${y}h${w - 14}l14 ${t / 2}l-14 ${t / 2}h${14 - w}z`;
    case 'data':
      return `M${x} ${y + 7}a${w / 2} 7 0 0 1 ${w} 0v${t - 14}a${w / 2} 7 0 0 1 ${-w} 0zm0 0a${w / 2} 7 0 0 0 ${w} 0`;
    case 'outside':
      return rounded(Math.min(16, Math.floor(t / 2)));
    case 'workload':
    case 'expected':
      return rounded(5);
  }
}
