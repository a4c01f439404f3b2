import { reportOf } from '../../../review/report/report';
import { reportText } from '../../../review/report/text';
import { changesOfCase } from '../corpus/case';
import { edit } from '../corpus/edit';
import { deploy, headless, sts, svc } from '../corpus/facility';

const labelsOf = (item: Parameters<typeof changesOfCase>[0]) =>
  reportOf(changesOfCase(item)).changes.flatMap(({ fields }) => fields.map(({ label }) => label));
const VARIABLE = 'spec/template/spec/containers/0/env/0';

test('elements of lists are called by their names', () => {
  expect(labelsOf(edit('level', deploy, `${VARIABLE}/value`, 'debug'))).toEqual([
    'spec.template.spec.containers[main].env[LEVEL].value',
  ]);
  expect(labelsOf(edit('port', svc, 'spec/ports/0/port', 81))).toEqual(['spec.ports[http].port']);
});

test('what is called something else on the other side keeps its place', () => {
  const item = edit('other', deploy, VARIABLE, { name: 'LOGLEVEL', value: 'debug' });
  expect(labelsOf(item)).toEqual([
    'spec.template.spec.containers[main].env[0].name',
    'spec.template.spec.containers[main].env[0].value',
  ]);
});

test('keys that are no plain words are quoted, and hostile ones spelled', () => {
  const item = edit('note', deploy, 'metadata/annotations', { 'a.b/c\u202e': 'x' });
  expect(labelsOf(item)).toEqual([
    expect.stringMatching(/^metadata\.annotations(\["a\.b\/c\\u202e"\])?$/),
  ]);
});

test('what would be scrolled away is said again at the end', () => {
  const many = Array.from({ length: 12 }, (_, place) => ({
    ...sts,
    metadata: { ...sts.metadata, name: `db-${place}` },
  }));
  const changes = changesOfCase({ before: [...many, headless], after: [headless] });
  const lines = reportText(reportOf(changes)).split('\n');
  expect(lines.slice(-12)).toEqual([
    'Look at the 12 changes ranked high before you merge or deploy.',
    ...[0, 1, 10, 11, 2, 3, 4, 5].map(
      (place) => `  high     delete corpus/statefulset.apps/db-${place}`,
    ),
    '  and 4 more that are critical or high, above',
    '',
    'corpus: 12 to delete, 1 unchanged (12 high)',
  ]);
});
