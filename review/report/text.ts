import pc from 'picocolors';

import type { Severity } from '../risk/risk';
import type { Report, ReportedChange } from './schema';
import { countsText, makerText, pathText, severitiesText, short, SIGNS, visible } from './words';

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
  return [...lines, ...(lines.length > 0 ? [''] : []), last].join('\n');
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

function fieldText({ path, kind, before, after }: ReportedChange['fields'][number]): string {
  const name = visible(pathText(path));
  switch (kind) {
    case 'add':
      return `${name}: ${pc.green(`set to ${short(after)}`)}`;
    case 'remove':
      return `${name}: ${pc.red(`removed, was ${short(before)}`)}`;
    case 'change':
      return `${name}: ${pc.red(short(before))} → ${pc.green(short(after))}`;
  }
}
