import type { Json } from '../../plan/model';
import type { Severity } from '../risk/risk';
import type { Report, ReportedChange } from './schema';

type Operation = ReportedChange['operation'];

/** One character for what happens to an object, as in every report. */
export const SIGNS: Readonly<Record<Operation, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  retain: '◦',
};

/** What is going to happen, in a summary. */
export const PLANNED: Readonly<Record<Operation | 'same', string>> = {
  create: 'to create',
  update: 'to update',
  replace: 'to replace',
  delete: 'to delete',
  retain: 'to leave in the cluster',
  same: 'unchanged',
};

const ORDER: readonly (Operation | 'same')[] = [
  'create',
  'update',
  'replace',
  'delete',
  'retain',
  'same',
];

/** `3 to create, 1 to delete, 40 unchanged`. */
export function countsText({ counts }: Report): string {
  const parts = ORDER.flatMap((operation) => {
    const count = counts[operation] ?? 0;
    return count === 0 ? [] : [`${count} ${PLANNED[operation]}`];
  });
  return parts.join(', ') === '' ? 'no objects' : parts.join(', ');
}

/** `2 critical, 1 high`, without those that there are none of. */
export function severitiesText({ severities }: Report): string {
  return (['critical', 'high', 'medium', 'low'] as const)
    .flatMap((severity: Severity) => {
      const count = severities[severity] ?? 0;
      return count === 0 ? [] : [`${count} ${severity}`];
    })
    .join(', ');
}

/** The construct and the line that make an object: `Edge/Traefik, environments/dev/index.ts:18`; undefined when neither is known. */
export function makerText({ path, source }: ReportedChange): string | undefined {
  const known = [path, source].filter((part) => part !== undefined);
  return known.length === 0 ? undefined : known.join(', ');
}

/** Where a field is, as people read it. Without a label the bare path: `spec.ports.0.name`, with whatever is no plain word in quotes. */
export function pathText({
  path,
  label,
}: {
  readonly path: readonly string[];
  readonly label?: string | undefined;
}): string {
  return (
    label ?? path.map((part) => (/^[\w()-]+$/.test(part) ? part : JSON.stringify(part))).join('.')
  );
}

/** A value on one line, cut to a length. Characters that move the cursor or hide text are spelled. */
export function short(value: Json | undefined, most = 120): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  const line = visible(text.replaceAll('\n', '⏎'));
  return line.length > most ? `${line.slice(0, most - 3)}...` : line;
}

/** A text with every control and direction mark spelled: a hostile name can neither erase a line nor turn it around. */
export function visible(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (mark) => `\\u${(mark.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** What each severity means, for whoever sees a report for the first time. */
export const MEANING: Readonly<Record<Severity, string>> = {
  critical: 'data or the only way to it is lost, or everybody is let in',
  high: 'data, access or a service is at stake, or the deployment stops half-way',
  medium: 'somebody notices',
  low: 'nobody notices',
};

/** What a reviewer does first, in one sentence; undefined when there is nothing above medium. */
export function adviceText({ severities }: Report): string | undefined {
  const critical = severities['critical'] ?? 0;
  const high = severities['high'] ?? 0;
  const changes = (count: number): string => `${count} ${count === 1 ? 'change' : 'changes'}`;
  if (critical > 0)
    return `Do not merge or deploy this before somebody has read the ${changes(critical)} ranked critical, and saved what would be lost.`;
  if (high > 0) return `Look at the ${changes(high)} ranked high before you merge or deploy.`;
  return undefined;
}
