import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { describeWith } from '../parts/need';
import { CHECKOUT } from '../support/tree';

jest.setTimeout(120_000);

const GITHUB = join(CHECKOUT, 'forges', 'github', 'beamline.yml');
const GITLAB = join(CHECKOUT, 'forges', 'gitlab', 'beamline.gitlab-ci.yml');

describeWith(['actionlint'], 'the workflow for GitHub', (pathOf) => {
  test('has nothing that the linter of workflows objects to', async () => {
    expect(
      await execa(pathOf('actionlint'), ['-no-color', GITHUB], { reject: false }),
    ).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
  });
});

/** `check-jsonschema` carries the schemas that the forges publish, and what GitLab does to YAML before it looks. */
describeWith(['check-jsonschema'], 'the schemas of the forges', (pathOf) => {
  const judged = (schema: string, file: string) =>
    execa(
      join(pathOf('check-jsonschema'), 'bin', 'check-jsonschema'),
      ['--builtin-schema', `vendor.${schema}`, '--data-transform', 'gitlab-ci', file],
      { reject: false },
    );

  test.each([
    ['gitlab-ci', GITLAB],
    ['github-workflows', GITHUB],
  ])('take ours: %s', async (schema, file) => {
    expect(await judged(schema, file)).toMatchObject({ exitCode: 0 });
  });

  test('refuse what is none', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'beamline-pipeline-'));
    const file = join(folder, 'pipeline.yml');
    writeFileSync(file, 'job:\n  script: [make]\n  resource_group: [production]\n');
    const { exitCode, stdout } = await judged('gitlab-ci', file);
    rmSync(folder, { recursive: true });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('$.job.resource_group')]);
  });
});
