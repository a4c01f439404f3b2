import { reportOf } from '../../../review/report/report';
import { reportText } from '../../../review/report/text';
import { changesOfCase } from '../corpus/case';
import * as a from '../corpus/objects';

const text = (
  before: Parameters<typeof changesOfCase>[0]['before'],
  after: typeof before,
): string => reportText(reportOf(changesOfCase({ before, after })));

test('a preview is the worst first, each with why, what is lost and what to do, then a summary', () => {
  expect(text([a.claim(), a.configMap({ level: 'info' })], [a.configMap({ level: 'debug' })])).toBe(
    [
      '- corpus/persistentvolumeclaim/data  critical',
      "    ! claim 'data' is deleted, and its volume with it unless the class retains volumes",
      '      lost: everything on it (10Gi)',
      '      instead: make a new claim beside it, copy, switch the pods over, and remove this one when nothing reads it any more',
      '~ corpus/configmap/settings',
      '    data.level: info → debug',
      '',
      'Do not merge or deploy this before somebody has read the 1 change ranked critical, and saved what would be lost.',
      'corpus: 1 to update, 1 to delete (1 critical, 1 low)',
    ].join('\n'),
  );
});

test('nothing to do is one line', () => {
  expect(text([a.claim()], [a.claim()])).toBe('corpus: 1 unchanged');
  expect(text([], [])).toBe('corpus: no objects');
});

test('a long value is cut, many fields are counted, and no name moves the cursor', () => {
  const data = Object.fromEntries(
    Array.from({ length: 25 }, (_, at) => [`k${at}`, 'x'.repeat(200)]),
  );
  const printed = text([a.configMap({ '\u001b[2J': 'a' })], [a.configMap(data)]);
  expect(printed).toContain(`${'x'.repeat(117)}...`);
  expect(printed).toContain('and 6 more fields; --format json has them all');
  expect(printed).not.toContain('\u001b[2J');
});
