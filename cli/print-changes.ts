import pc from 'picocolors';

import type { FieldChange } from '../plan/difference/compare';
import type { TriedChange } from '../deploy/preview';
import type { Operation } from '../deploy/changes';
import type { Json } from '../plan/model';

const SIGNS: Readonly<Record<Operation, string>> = {
  create: '+',
  update: '~',
  replace: '±',
  delete: '-',
  retain: '◦',
  same: ' ',
};
const COLORS: Readonly<Record<Operation, (text: string) => string>> = {
  create: pc.green,
  update: pc.yellow,
  replace: pc.magenta,
  delete: pc.red,
  retain: pc.cyan,
  same: pc.dim,
};
/** What is going to happen, and what has happened. */
const WORDS: Readonly<Record<Operation, readonly [string, string]>> = {
  create: ['to create', 'created'],
  update: ['to update', 'updated'],
  replace: ['to replace', 'replaced'],
  delete: ['to delete', 'deleted'],
  retain: ['to leave in the cluster', 'left in the cluster'],
  same: ['unchanged', 'unchanged'],
};

/** Fields of one object that a preview prints; a new version of a definition changes hundreds. */
const MOST_FIELDS = 20;

/** What a preview prints for people: one line an object, one line a field, a summary. */
export function changesText(
  name: string,
  changes: readonly TriedChange[],
  counts: ReadonlyMap<string, number>,
): string {
  const lines = changes.flatMap((change) => [
    `${COLORS[change.operation](SIGNS[change.operation])} ${change.id}`,
    ...change.fields
      .slice(0, MOST_FIELDS)
      .map((field) => `    ${fieldText(field, isSecret(change, field))}`),
    ...(change.fields.length > MOST_FIELDS
      ? [`    and ${change.fields.length - MOST_FIELDS} more fields; --format json has them all`]
      : []),
    ...(change.refusal === undefined
      ? []
      : [`    ${pc.red('refused by the API server')}: ${change.refusal}`]),
  ]);
  return [...lines, ...(lines.length > 0 ? [''] : []), summaryLine(name, counts, 'planned')].join(
    '\n',
  );
}

/** `dev: 3 to create, 1 to update, 40 unchanged`, or, once it is done, `dev: 3 created, 1 updated, 40 unchanged`. */
export function summaryLine(
  name: string,
  counts: ReadonlyMap<string, number>,
  when: 'planned' | 'done',
): string {
  const operations: readonly Operation[] = [
    'create',
    'update',
    'replace',
    'delete',
    'retain',
    'same',
  ];
  const parts = operations.flatMap((operation) => {
    const count = counts.get(operation) ?? 0;
    return count === 0 ? [] : [`${count} ${WORDS[operation][when === 'planned' ? 0 : 1]}`];
  });
  return `${name}: ${parts.join(', ') || 'no objects'}`;
}

/** Whether a field may hold a secret: anything in a Secret's data, and every string that was made from one. */
export function isSecret(change: TriedChange, { path }: FieldChange): boolean {
  const [first, second] = path;
  const kind = change.id.split('/')[1];
  if (kind === 'secret')
    return first === 'data' || first === 'stringData' || second === 'annotations';
  return (
    change.planned !== undefined && JSON.stringify(change.planned.manifest).includes('${secret:')
  );
}

function fieldText({ path, kind, before, after }: FieldChange, secret: boolean): string {
  const shown = (value: Json | undefined): string => (secret ? '[secret]' : short(value));
  const name = path
    .map((segment) => (/^[\w-]+$/.test(segment) ? segment : `"${segment}"`))
    .join('.');
  switch (kind) {
    case 'add':
      return `${name}: ${pc.green(`set to ${shown(after)}`)}`;
    case 'remove':
      return `${name}: ${pc.red(`removed, was ${shown(before)}`)}`;
    case 'change':
      return `${name}: ${pc.red(shown(before))} → ${pc.green(shown(after))}`;
  }
}

function short(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
  const line = text.replaceAll('\n', '⏎');
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
