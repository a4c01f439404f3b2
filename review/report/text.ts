import pc from 'picocolors';

import type { Severity } from '../risk/risk';
import type { Report, ReportedChange } from './schema';
import {
  adviceText,
  countsText,
  makerText,
  pathText,
  severitiesText,
  short,
  SIGNS,
  visible,
} from './words';

const COLORS: Readonly<Record<Severity, (text: string) => string>> = {
  critical: (text) => pc.bgRed(pc.white(text)),
  high: pc.red,
  medium: pc.yellow,
  low: pc.dim,
};

/** Fields of one object that are printed; a new version of a definition changes hundreds. */
const MOST_FIELDS = 20;

/** What a preview prints for people: the worst first, each with why, what is lost and what to do instead. */
export function reportText(report: Report): string {
  const lines = [
    ...report.notes.map((note) => `${pc.cyan('note')}: ${visible(note)}`),
    ...report.changes.flatMap(changeLines),
  ];
  const worst = severitiesText(report);
  const last = `${report.environment}: ${countsText(report)}${worst === '' ? '' : ` (${worst})`}`;
  return [...lines, ...(lines.length > 0 ? [''] : []), ...firstOf(report, lines.length), last].join(
    '\n',
  );
}

/** A list that would be scrolled away is said again in short where people look: at the end. */
const MOST_FIRST = 8;
/** Lines that are still in sight when the last one is printed. */
const SCREEN = 20;

function firstOf(report: Report, printed: number): string[] {
  const advice = adviceText(report);
  if (advice === undefined) return [];
  if (printed <= SCREEN) return [advice];
  const grave = report.changes.filter(
    ({ severity }) => severity === 'critical' || severity === 'high',
  );
  const shown = grave.slice(0, MOST_FIRST).map(({ severity, operation, id }) => {
    const color = COLORS[severity];
    return `  ${color(severity.padEnd(8))} ${operation} ${visible(id)}`;
  });
  const left = grave.length - shown.length;
  const more = left > 0 ? [`  and ${left} more that are critical or high, above`] : [];
  return [advice, ...shown, ...more, ''];
}

function changeLines(change: ReportedChange): string[] {
  const { operation, id, severity, risks, fields, refusal } = change;
  const color = COLORS[severity];
  const at = makerText(change);
  const shown = risks.filter((risk) => risk.severity !== 'low');
  return [
    `${color(SIGNS[operation])} ${visible(id)} ${severity === 'low' ? '' : color(` ${severity} `)}${
      at === undefined ? '' : pc.dim(` (${visible(at)})`)
    }`.trimEnd(),
    ...shown.flatMap(({ why, lost, instead }) => [
      `    ${color('!')} ${visible(why)}`,
      `      lost: ${visible(lost)}`,
      `      instead: ${visible(instead)}`,
    ]),
    ...fields.slice(0, MOST_FIELDS).map((field) => `    ${fieldText(field)}`),
    ...(fields.length > MOST_FIELDS
      ? [`    and ${fields.length - MOST_FIELDS} more fields; --format json has them all`]
      : []),
    ...(refusal === undefined
      ? []
      : [`    ${pc.red('refused by the API server')}: ${visible(refusal)}`]),
  ];
}

function fieldText(field: ReportedChange['fields'][number]): string {
  const { kind, before, after } = field;
  const name = visible(pathText(field));
  switch (kind) {
    case 'add':
      return `${name}: ${pc.green(`set to ${short(after)}`)}`;
    case 'remove':
      return `${name}: ${pc.red(`removed, was ${short(before)}`)}`;
    case 'change':
      return `${name}: ${pc.red(short(before))} → ${pc.green(short(after))}`;
  }
}
