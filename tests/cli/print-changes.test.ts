import { summaryLine } from '../../cli/print-changes';

test('a summary tells everything that has happened, the harmless first', () => {
  const all = ['same', 'retain', 'delete', 'replace', 'update', 'create'].map(
    (operation) => [operation, 1] as const,
  );
  expect(summaryLine('dev', new Map(all))).toBe(
    'dev: 1 created, 1 updated, 1 replaced, 1 deleted, 1 left in the cluster, 1 unchanged',
  );
});

test('nothing that has happened is one line', () => {
  expect(summaryLine('dev', new Map([['same', 3]]))).toBe('dev: 3 unchanged');
  expect(summaryLine('dev', new Map())).toBe('dev: no objects');
});
