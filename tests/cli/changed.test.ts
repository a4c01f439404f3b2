import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

import { git } from '../../cli/git';
import { CHECKOUT } from '../support/tree';

jest.setTimeout(120_000);

let scratch: string;
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(scratch, file)), { recursive: true });
  writeFileSync(join(scratch, file), text);
};
const environment = (name: string): string => `
  import { Chart } from '${CHECKOUT}/node_modules/cdk8s';
  import { defineEnvironment } from '${CHECKOUT}/environments/environment';
  ${name === 'one' ? "import { shared } from '../../stacks/shared';" : "const shared = '';"}
  export const environment = defineEnvironment({
    name: '${name}', target: 'kubernetes 1.34', cluster: { kind: 'embedded', nodes: [{ name: 'w', count: 1, cpu: 4, memoryGiB: 8 }] },
    build: (app) => { new Chart(app, 'C' + shared); },
  });`;

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'beamline-changed-'));
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** The environments that a change of some files reaches. */
async function reached(files: Readonly<Record<string, string | undefined>>): Promise<unknown> {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch);
  await git(scratch, 'init', '-q', '-b', 'main');
  for (const name of ['one', 'two']) write(`environments/${name}/index.ts`, environment(name));
  write('stacks/shared.ts', "export const shared = 'x';\n");
  write('stacks/unused.ts', 'export {};\n');
  await git(scratch, 'add', '-A');
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  await git(scratch, ...who, 'commit', '-q', '-m', 'first');
  for (const [file, text] of Object.entries(files)) {
    if (text === undefined) rmSync(join(scratch, file));
    else write(file, text);
  }
  const { stdout } = await execa(
    process.execPath,
    [join(CHECKOUT, 'cli', 'beamline.cjs'), 'changed', '--base', 'HEAD', '--json'],
    { env: { BEAMLINE_ENVIRONMENTS: join(scratch, 'environments') } },
  );
  return JSON.parse(stdout);
}

test.each([
  ['nothing', {}, []],
  ['a folder of its own', { 'environments/two/site.yaml': 'a: 1\n' }, ['two']],
  ['its settings', { 'environments/Pulumi.two.yaml': 'a: 1\n' }, ['two']],
  ['what one of them imports', { 'stacks/shared.ts': "export const shared = 'y';\n" }, ['one']],
  ['what neither imports', { 'stacks/unused.ts': 'export const x = 1;\n' }, []],
  ['what is gone, and may have been imported', { 'stacks/unused.ts': undefined }, ['one', 'two']],
  ['what all depend on', { 'package.json': '{}\n' }, ['one', 'two']],
  ['documents and tests', { 'docs/a.md': 'a\n', 'tests/a.test.ts': '\n', 'README.md': 'b\n' }, []],
])('a change of %s reaches those that it can', async (_, files, names) => {
  expect(await reached(files)).toEqual(names);
});
