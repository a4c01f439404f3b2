import type { PhrasingContent, RootContent, TableRow } from 'mdast';

import { SEVERITIES, type Severity } from '../risk/risk';
import { lineDiff } from './line-diff';
import type { Report, ReportedChange } from './schema';
import { FORGE_LIMITS } from './forge-limits';
import {
  adviceText,
  MEANING,
  countsText,
  makerText,
  pathText,
  severitiesText,
  short,
  SIGNS,
  visible,
} from './words';

/** By this mark a job finds its own comment and writes over it, so that there is only one. */
export function stickyMark(environment: string): string {
  return `<!-- beamline-preview:${environment.replace(/[^a-z0-9-]/g, '')} -->`;
}

const ICONS: Readonly<Record<Severity, string>> = {
  critical: '🛑',
  high: '🔴',
  medium: '🟡',
  low: '⚪',
};

/**
 * A preview as the comment on a merge request: the same text for the same changes, within the limit of the forge. What does not fit is left out
 * from the least important end: first fields, then low changes, then medium ones; never without saying so.
 */
export async function reportMarkdown(
  report: Report,
  limit: number = FORGE_LIMITS.github,
): Promise<string> {
  const print = await printer();
  const head = headOf(report, print);
  const sections = report.changes.map((change) => sectionOf(change, print));
  for (const shapes of [['full'], ['full', 'brief'], ['full', 'brief', 'line']] as const) {
    const parts = fitted(head, sections, shapes, limit);
    if (parts !== undefined) return parts;
  }
  const lines = sections.map(({ line }) => line);
  return cut(report, head, lines, limit);
}

type Print = (...children: RootContent[]) => string;

/** What writes Markdown is loaded for whoever wants Markdown. */
async function printer(): Promise<Print> {
  const [{ toMarkdown }, { gfmTableToMarkdown }] = await Promise.all([
    import('mdast-util-to-markdown'),
    import('mdast-util-gfm-table'),
  ]);
  const extensions = [gfmTableToMarkdown({ tableCellPadding: false, tablePipeAlign: false })];
  return (...children) => toMarkdown({ type: 'root', children }, { extensions, bullet: '-' });
}

type Shape = 'full' | 'brief' | 'line';
type Section = Readonly<Record<Shape, string>>;

/** All sections, each in the fullest of the shapes that still leaves room for the rest in the last one. */
function fitted(
  head: string,
  sections: readonly Section[],
  shapes: readonly Shape[],
  limit: number,
): string | undefined {
  const least = shapes.at(-1) ?? 'line';
  let room =
    limit - head.length - sections.reduce((sum, section) => sum + section[least].length, 0);
  if (room < 0) return undefined;
  const chosen = sections.map((section) => {
    const shape =
      shapes.find((candidate) => section[candidate].length - section[least].length <= room) ??
      least;
    room -= section[shape].length - section[least].length;
    return section[shape];
  });
  return head + chosen.join('');
}

function cut(report: Report, head: string, lines: readonly string[], limit: number): string {
  const tail = (left: number): string =>
    `\n${left} more changes of the least importance do not fit here; \`beamline preview ${report.environment} --format html\` has them all.\n`;
  const kept: string[] = [];
  let length = head.length + tail(lines.length).length;
  for (const line of lines) {
    if (length + line.length > limit) break;
    kept.push(line);
    length += line.length;
  }
  return head + kept.join('') + tail(lines.length - kept.length);
}

function headOf(report: Report, print: Print): string {
  const worst = report.severity;
  const title: RootContent[] = [
    { type: 'html', value: stickyMark(report.environment) },
    {
      type: 'heading',
      depth: 3,
      children: [
        text(worst === undefined ? 'Nothing changes in ' : `${ICONS[worst]} `),
        code(report.environment),
        text(worst === undefined ? '' : `: ${severitiesText(report)}`),
      ],
    },
    {
      type: 'paragraph',
      children: [
        text(`${countsText(report)}, compared with `),
        code(report.comparedWith),
        text('. Fingerprint '),
        code(report.fingerprint),
        text('.'),
      ],
    },
    ...meaningOf(report),
    ...report.notes.map((note): RootContent => ({
      type: 'blockquote',
      children: [{ type: 'paragraph', children: [text(visible(note))] }],
    })),
  ];
  return `${print(...title)}\n`;
}

/** What to do first, and what the signs mean, where there is something to look at. */
function meaningOf(report: Report): RootContent[] {
  const advice = adviceText(report);
  if (advice === undefined) return [];
  const there = SEVERITIES.filter((severity) => (report.severities[severity] ?? 0) > 0);
  const words = there.map((severity) => `${ICONS[severity]} ${severity}: ${MEANING[severity]}`);
  return [
    { type: 'paragraph', children: [{ type: 'strong', children: [text(advice)] }] },
    paragraph(words.join(' · ')),
  ];
}

function sectionOf(change: ReportedChange, print: Print): Section {
  const { severity, risks, fields, refusal, operation, id } = change;
  const open = severity === 'critical' || severity === 'high';
  const rows = risks.flatMap(({ why, lost, instead }): RootContent[] =>
    severity === 'low'
      ? [paragraph(why)]
      : [paragraph(why), list([`Lost: ${lost}`, `Instead: ${instead}`])],
  );
  const words =
    refusal === undefined ? rows : [...rows, paragraph(`Refused by the API server: ${refusal}`)];
  const title = `${ICONS[severity]} ${SIGNS[operation]} <code>${escaped(id)}</code> ${operation}`;
  const begin = `\n<details${open ? ' open' : ''}><summary>${title}</summary>\n\n${print(...words)}`;
  const at = makerText(change);
  const end = `${
    at === undefined
      ? ''
      : `\n${print({ type: 'paragraph', children: [text('Made by '), code(at)] })}`
  }\n</details>\n`;
  const details = fields.length > 0 ? `\n${print(...tableOf(fields), ...diffsOf(fields))}` : '';
  return { full: `${begin}${details}${end}`, brief: `${begin}${end}`, line: `\n${title}\n` };
}

const MOST_ROWS = 30;

function tableOf(fields: ReportedChange['fields']): RootContent[] {
  const row = (...cells: PhrasingContent[]): TableRow => ({
    type: 'tableRow',
    children: cells.map((cell) => ({ type: 'tableCell', children: [cell] })),
  });
  const shown = fields.slice(0, MOST_ROWS);
  const rows = shown.map((field) => {
    const { before, after } = field;
    if (lineDiff(before, after) !== undefined)
      return row(code(pathText(field)), text('line by line below'), text(''));
    return row(
      code(pathText(field)),
      before === undefined ? text('') : code(short(before, 160)),
      after === undefined ? text('') : code(short(after, 160)),
    );
  });
  const more = fields.length - shown.length;
  return [
    { type: 'table', children: [row(text('field'), text('before'), text('after')), ...rows] },
    ...(more > 0 ? [paragraph(`and ${more} more fields`)] : []),
  ];
}

/** Texts of several lines are compared line by line. */
function diffsOf(fields: ReportedChange['fields']): RootContent[] {
  return fields.slice(0, MOST_ROWS).flatMap(({ before, after }): RootContent[] => {
    const patch = lineDiff(before, after);
    return patch === undefined ? [] : [{ type: 'code', lang: 'diff', value: visible(patch) }];
  });
}

function text(value: string): PhrasingContent {
  return { type: 'text', value };
}

/** A name as code, where a forge neither links nor mentions anybody. */
function code(value: string): PhrasingContent {
  const shown = visible(value);
  return shown.trim() === ''
    ? { type: 'text', value: '(empty)' }
    : { type: 'inlineCode', value: shown };
}

/** A sentence with names in it: an @ would call people, so that it is held apart. */
function paragraph(value: string): RootContent {
  return { type: 'paragraph', children: [text(quiet(value))] };
}

function list(items: readonly string[]): RootContent {
  return {
    type: 'list',
    spread: false,
    children: items.map((item) => ({
      type: 'listItem',
      children: [{ type: 'paragraph', children: [text(quiet(item))] }],
    })),
  };
}

function quiet(value: string): string {
  return visible(value).replaceAll('@', '@\u2060');
}

function escaped(value: string): string {
  return visible(value).replaceAll(/[&<>"'`@|]/g, (mark) => `&#${mark.codePointAt(0) ?? 0};`);
}
