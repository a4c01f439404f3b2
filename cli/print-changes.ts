import type { Operation } from '../deploy/changes';

/** What has happened. */
const WORDS: Readonly<Record<Operation, string>> = {
  create: 'created',
  update: 'updated',
  replace: 'replaced',
  delete: 'deleted',
  retain: 'left in the cluster',
  same: 'unchanged',
};

/** `dev: 3 created, 1 updated, 40 unchanged`. What is going to happen is said by `review/report`. */
export function summaryLine(name: string, counts: ReadonlyMap<string, number>): string {
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
    return count === 0 ? [] : [`${count} ${WORDS[operation]}`];
  });
  return `${name}: ${parts.join(', ') || 'no objects'}`;
}
