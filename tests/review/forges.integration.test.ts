import { join } from 'node:path';

import { execa } from 'execa';

import { describeWith } from '../parts/need';
import { CHECKOUT } from '../support/tree';

describeWith(['actionlint'], 'the workflow for GitHub', (pathOf) => {
  test('has nothing that the linter of workflows objects to', async () => {
    const file = join(CHECKOUT, 'forges', 'github', 'beamline.yml');
    expect(await execa(pathOf('actionlint'), ['-no-color', file], { reject: false })).toMatchObject(
      {
        exitCode: 0,
        stdout: '',
      },
    );
  });
});
