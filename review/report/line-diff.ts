import { structuredPatch } from 'diff';

import type { Json } from '../../plan/model';

/** Longest text that is compared line by line, in characters; and most lines of the answer. */
const LONGEST = 60_000;
const MOST_LINES = 80;

/** The difference of two texts of several lines, with a little around it; undefined where they are not such. */
export function lineDiff(before: Json | undefined, after: Json | undefined): string | undefined {
  if (typeof before !== 'string' || typeof after !== 'string') return undefined;
  if (!before.includes('\n') && !after.includes('\n')) return undefined;
  if (before.length > LONGEST || after.length > LONGEST) return undefined;
  const { hunks } = structuredPatch('', '', before, after, undefined, undefined, { context: 2 });
  const lines = hunks.flatMap((hunk, place) => [...(place === 0 ? [] : ['...']), ...hunk.lines]);
  const kept = lines.filter((line) => !line.startsWith('\\')).slice(0, MOST_LINES);
  return lines.length > MOST_LINES
    ? [...kept, `... ${lines.length - MOST_LINES} more lines`].join('\n')
    : kept.join('\n');
}
