import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { environmentNames, loadEnvironment, planEnvironment } from '../../../../environments/load';
import { admissionOf } from '../../../../review/admission/plan/admission-of';
import { admissionTable } from '../../../../review/admission/plan/table';
import { ensureUpstream } from '../../../../upstream/fetch';
import { CHECKOUT } from '../../../support/tree';

const GOLDEN = join(CHECKOUT, 'tests', 'golden', 'admission');

test.each(environmentNames())(
  'every pod of %s is admitted as its golden says',
  async (name) => {
    const plan = await planEnvironment(loadEnvironment(name), (pin) => ensureUpstream(pin));
    const table = admissionTable(admissionOf(plan));
    const file = join(GOLDEN, `${name}.txt`);
    if (process.env['BEAMLINE_GOLDEN'] === 'write') writeFileSync(file, table);
    expect(existsSync(file) ? readFileSync(file, 'utf8') : '').toBe(table);
  },
  120_000,
);
