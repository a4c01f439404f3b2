import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { baseOf } from '../../cli/base';
import { commitOf, git } from '../../cli/git';
import { CHECKOUT } from '../support/tree';

jest.setTimeout(300_000);

const WHO = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
const former = process.env['BEAMLINE_ENVIRONMENTS'];
let scratch: string;
let site: string;

/** The text of an environment with one ConfigMap. It is kept apart from the tool, as a site may. */
const environment = (level: string): string => `
  import { ApiObject, Chart } from '${CHECKOUT}/node_modules/cdk8s';
  import { defineEnvironment } from '${CHECKOUT}/environments/environment';
  export const environment = defineEnvironment({
    name: 'site', target: 'kubernetes 1.34', cluster: { kind: 'embedded', nodes: [{ name: 'w', count: 1, cpu: 4, memoryGiB: 8 }] },
    build: (app) => { new ApiObject(new Chart(app, 'C', { namespace: 'ns' }), 'O', {
      apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'it' }, data: { level: '${level}' } }); },
  });`;

async function commit(text: string, message: string): Promise<void> {
  writeFileSync(join(site, 'environments', 'site', 'index.ts'), text);
  await git(site, 'add', '-A');
  await git(site, ...WHO, 'commit', '-q', '-m', message);
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'beamline-git-'));
  site = join(scratch, 'site');
  mkdirSync(join(site, 'environments', 'site'), { recursive: true });
  await git(scratch, 'init', '-q', '-b', 'main', site);
  writeFileSync(join(site, 'README.md'), 'a site\n');
  await git(site, 'add', 'README.md');
  await git(site, ...WHO, 'commit', '-q', '-m', 'empty');
  await git(site, 'tag', 'empty');
  await commit(environment('info'), 'first');
  await git(site, 'tag', 'first');
  await commit('this does not compile(', 'broken');
  await git(site, 'tag', 'broken');
  await commit(environment('debug'), 'second');
});
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});
beforeEach(() => {
  process.env['BEAMLINE_ENVIRONMENTS'] = join(site, 'environments');
});
afterEach(() => {
  if (former === undefined) delete process.env['BEAMLINE_ENVIRONMENTS'];
  else process.env['BEAMLINE_ENVIRONMENTS'] = former;
});

const levels = async (ref: string): Promise<unknown[]> => {
  const { side } = await baseOf('site', ref, 'keep');
  return [...side.values()].map(({ manifest }) => manifest['data']);
};

test('a base is rendered as its ref has it, and leaves the checkout alone', async () => {
  expect(await levels('first')).toEqual([{ level: 'info' }]);
  expect(await git(site, 'status', '--porcelain')).toBe('');
  expect(await git(site, 'worktree', 'list')).not.toContain('\n');
});

test('a base that does not compile is said plainly, with the reason, and nothing else fails', async () => {
  const { side, notes } = await baseOf('site', 'broken', 'keep');
  expect(side.size).toBe(0);
  expect(notes.join()).toMatch(
    /^broken \([0-9a-f]{10}\) cannot render 'site', so that the newest is judged alone and everything counts as new: error: /,
  );
});

test('a base without the environment says that all of it is new', async () => {
  const { side, notes } = await baseOf('site', 'empty', 'keep');
  expect([side.size, notes]).toEqual([
    0,
    [expect.stringMatching(/^empty \(.*\) has no environment 'site': all of it is new$/)],
  ]);
});

test('rejects a ref that there is not, with those there are, and one that is an option', async () => {
  await expect(commitOf(site, 'mian')).rejects.toThrow(
    /^there is no git ref 'mian'; there are, among others: main, broken, empty, first$/,
  );
  await expect(commitOf(site, '--all')).rejects.toThrow(/^there is no git ref '--all'/);
});

test('rejects a folder that is in no checkout', async () => {
  const bare = join(scratch, 'bare');
  mkdirSync(bare);
  process.env['BEAMLINE_ENVIRONMENTS'] = bare;
  await expect(baseOf('site', 'main', 'keep')).rejects.toThrow(
    /is not in a git checkout, so there is nothing to compare with$/,
  );
});

test('a shallow clone says what to fetch, and finds what is at origin', async () => {
  const clone = join(scratch, 'shallow');
  await execa('git', ['clone', '-q', '--depth=1', `file://${site}`, clone]);
  await expect(commitOf(clone, 'first')).rejects.toThrow(
    "this clone is shallow and does not have 'first'; bring it with 'git fetch --depth=1 origin first:refs/remotes/origin/first'",
  );
  await expect(commitOf(clone, 'main~9')).rejects.toThrow("bring it with 'git fetch --unshallow'");
  await git(clone, 'checkout', '-q', '--detach');
  await git(clone, 'branch', '-D', '-q', 'main');
  expect(await commitOf(clone, 'main')).toBe(await git(site, 'rev-parse', 'main'));
});

test('a worktree is as good as the checkout', async () => {
  const tree = join(scratch, 'tree');
  await git(site, 'worktree', 'add', '-q', '--detach', tree);
  process.env['BEAMLINE_ENVIRONMENTS'] = join(tree, 'environments');
  expect(await levels('first')).toEqual([{ level: 'info' }]);
  await git(site, 'worktree', 'remove', '--force', tree);
});

test('the command ranks against the ref and ends with what --fail-on asks', async () => {
  const run = (
    ...args: readonly string[]
  ): Promise<{ exitCode?: number | undefined; stdout: string; stderr: string }> =>
    execa(process.execPath, [join(CHECKOUT, 'cli', 'beamline.cjs'), 'preview', 'site', ...args], {
      reject: false,
      env: { NO_COLOR: '1' },
    });
  const seen = await run('--base', 'first');
  expect(seen).toMatchObject({
    exitCode: 2,
    stdout: expect.stringContaining('data.level: info → debug'),
  });
  expect(await run('--base', 'first', '--fail-on', 'high')).toMatchObject({ exitCode: 0 });
  expect(await run('--base', 'first', '--fail-on', 'low')).toMatchObject({ exitCode: 3 });
  expect(await run('--base', 'main')).toMatchObject({ exitCode: 0, stdout: 'site: 1 unchanged' });
  expect(await run('--base', 'broken')).toMatchObject({
    exitCode: 2,
    stdout: expect.stringMatching(/^note: broken .* judged alone/),
  });
  expect(await run('--base', 'first', '--expect', 'f00')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('not what was approved'),
  });
});

test('a preview of the engine that was cut off is said to be', async () => {
  const file = join(scratch, 'cut.json');
  writeFileSync(file, '{"steps":[{"op":"cre');
  const outcome = await execa(
    process.execPath,
    [join(CHECKOUT, 'cli', 'beamline.cjs'), 'preview', 'site', '--from-pulumi', file],
    { reject: false, env: { NO_COLOR: '1' } },
  );
  expect(outcome).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('the preview was cut off after 20 characters'),
  });
});
