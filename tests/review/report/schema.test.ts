import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { reportOf } from '../../../review/report/report';
import { jsonSchema, reportSchema } from '../../../review/report/schema';
import { CHECKOUT } from '../../support/tree';
import { changesOfCase } from '../corpus/case';
import { DANGEROUS } from '../corpus/dangerous';
import { HARMLESS } from '../corpus/harmless';

test('the published schema is that of the code; BEAMLINE_GOLDEN=write writes it anew', () => {
  const path = join(CHECKOUT, 'docs', 'reference', 'preview.schema.json');
  const text = `${JSON.stringify(jsonSchema(), null, 2)}\n`;
  if (process.env['BEAMLINE_GOLDEN'] === 'write') writeFileSync(path, text);
  // The layout of the file is the formatter's.
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(text));
});

test('every report of the corpus is as the schema says, after a trip through JSON', () => {
  for (const item of [...DANGEROUS, ...HARMLESS]) {
    const report = reportOf(changesOfCase(item));
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
  }
});

test('the fingerprint is of what happens, whatever the order', () => {
  const of = (at: number, turned = false) => {
    const item = DANGEROUS[at] ?? { before: [], after: [] };
    return reportOf(
      changesOfCase(
        turned ? { before: item.before.toReversed(), after: item.after.toReversed() } : item,
      ),
    ).fingerprint;
  };
  expect(of(9)).toBe(of(9, true));
  expect(new Set(DANGEROUS.map((_, at) => of(at))).size).toBeGreaterThan(DANGEROUS.length - 5);
});
