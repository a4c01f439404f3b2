import { changesText, isSecret, summaryLine } from '../../cli/print-changes';
import type { FieldChange } from '../../plan/difference/compare';
import type { TriedChange } from '../../deploy/preview';
import { secretToken } from '../../constructs/kit/secret-value';
import { plannedAlone } from '../support/plan';

const field = (path: string, before?: string, after?: string): FieldChange => ({
  path: path.split('.'),
  kind: before === undefined ? 'add' : after === undefined ? 'remove' : 'change',
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
  empty: false,
});
const changes: readonly TriedChange[] = [
  { id: '_/namespace/analysis', operation: 'create', fields: [] },
  {
    id: 'ns/configmap/it',
    operation: 'update',
    fields: [
      field('data.level', 'info', 'debug'),
      field('metadata.labels.a/b', undefined, 'x'),
      field('data.old', 'line\nline'),
    ],
  },
  { id: 'ns/secret/it', operation: 'update', fields: [field('data.password', 'b2xk', 'bmV3')] },
  { id: 'ns/statefulset.apps/db', operation: 'replace', fields: [], refusal: 'it is forbidden' },
  { id: 'ns/persistentvolumeclaim/data', operation: 'retain', fields: [] },
  { id: 'ns/service/old', operation: 'delete', fields: [] },
];

test('a preview is a line an object, a line a field, and a summary', () => {
  const counts = new Map([
    ['create', 1],
    ['update', 2],
    ['same', 40],
  ]);
  expect(changesText('dev', changes, counts)).toBe(
    [
      '+ _/namespace/analysis',
      '~ ns/configmap/it',
      '    data.level: info → debug',
      '    metadata.labels."a/b": set to x',
      '    data.old: removed, was line⏎line',
      '~ ns/secret/it',
      '    data.password: [secret] → [secret]',
      '± ns/statefulset.apps/db',
      '    refused by the API server: it is forbidden',
      '◦ ns/persistentvolumeclaim/data',
      '- ns/service/old',
      '',
      'dev: 1 to create, 2 to update, 40 unchanged',
    ].join('\n'),
  );
});

test('nothing to do is one line', () => {
  expect(changesText('dev', [], new Map([['same', 3]]))).toBe('dev: 3 unchanged');
  expect(summaryLine('dev', new Map(), 'planned')).toBe('dev: no objects');
});

test('a summary tells everything that can happen, the harmless first', () => {
  const all = ['same', 'retain', 'delete', 'replace', 'update', 'create'].map(
    (operation) => [operation, 1] as const,
  );
  expect(summaryLine('dev', new Map(all), 'done')).toBe(
    'dev: 1 created, 1 updated, 1 replaced, 1 deleted, 1 left in the cluster, 1 unchanged',
  );
  expect(summaryLine('dev', new Map(all), 'planned')).toBe(
    'dev: 1 to create, 1 to update, 1 to replace, 1 to delete, 1 to leave in the cluster, 1 unchanged',
  );
});

test('a long value is cut', () => {
  const long: TriedChange = {
    id: 'ns/configmap/it',
    operation: 'update',
    fields: [field('data.a', undefined, 'x'.repeat(200))],
  };
  expect(changesText('dev', [long], new Map())).toContain(
    `    data.a: set to ${'x'.repeat(117)}...\n`,
  );
});

test('of very many fields, the first are shown and the rest counted', () => {
  const fields = Array.from({ length: 25 }, (_, at) => field(`spec.f${at}`, 'a', 'b'));
  const lines = changesText('dev', [{ id: 'x', operation: 'update', fields }], new Map()).split(
    '\n',
  );
  expect(lines.slice(20, 22)).toEqual([
    '    spec.f19: a → b',
    '    and 5 more fields; --format json has them all',
  ]);
});

describe('a field is masked', () => {
  const change = (id: string): TriedChange => ({ id, operation: 'update', fields: [] });

  test.each([
    ['ns/secret/it', 'data.a', true],
    ['ns/secret/it', 'stringData.a', true],
    ['ns/secret/it', 'metadata.annotations.a', true],
    ['ns/secret/it', 'metadata.labels.a', false],
    ['ns/secret/it', 'type', false],
    ['ns/configmap/it', 'data.a', false],
    ['ns/secret.example.org/it', 'spec.a', false],
  ])('of %s at %s: %s', (id, path, masked) => {
    expect(isSecret(change(id), field(path, 'x', 'y'))).toBe(masked);
  });

  test('wherever an object asks for a secret outside a Secret', () => {
    const data = { url: `ldap://${secretToken({ from: 'config', key: 'k' })}` };
    const planned = plannedAlone('v1 ConfigMap it', { data });
    expect(isSecret({ ...change('ns/configmap/it'), planned }, field('data.url', 'x', 'y'))).toBe(
      true,
    );
  });
});
