import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { UPSTREAM_FILES } from '../../constructs/versions';
import { ensureUpstream } from '../../upstream/fetch';
import { CHECKOUT } from '../support/tree';

jest.setTimeout(120_000);
beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds));

/** Runs the real command as a process. */
async function beamline(
  ...args: readonly string[]
): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }> {
  const command = join(CHECKOUT, 'cli', 'beamline.cjs');
  const { exitCode, stdout, stderr } = await execa(process.execPath, [command, ...args], {
    cwd: tmpdir(),
    reject: false,
    env: { NO_COLOR: '1' },
  });
  return { exitCode, stdout, stderr };
}

test('help lists every verb with what it does', async () => {
  const { exitCode, stdout } = await beamline('--help');
  expect(exitCode).toBe(0);
  for (const verb of [
    'up',
    'preview',
    'down',
    'refresh',
    'render',
    'rehearse',
    'cluster',
    'doctor',
    'start',
    'env',
  ]) {
    expect(stdout).toMatch(new RegExp(`^  ${verb} .*[a-z]`, 'm'));
  }
});

test('rejects a verb that there is not, with the nearest', async () => {
  expect(await beamline('rendr', 'dev')).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr:
      "error: unknown command 'rendr'\n(Did you mean render?)\n('beamline --help' lists the commands)",
  });
});

test('rejects an environment that there is not, with the nearest', async () => {
  const { exitCode, stdout, stderr } = await beamline('render', 'dve');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(
    /^error: there is no environment 'dve'; did you mean 'dev'\? There are: .*\bdev\b.*production$/,
  );
});

test('rejects an action on a control plane that there is not, with all there are', async () => {
  expect(await beamline('cluster', 'restart', 'dev')).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: "error: 'beamline cluster' can start, stop, delete, status, not 'restart'",
  });
});

test('render prints the same objects as it writes to files, in apply order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-render-'));
  try {
    const printed = await beamline('render', 'dev');
    const written = await beamline('render', 'dev', '--out', folder);
    expect([printed.exitCode, written.exitCode, written.stdout]).toEqual([0, 0, '']);
    const names = readdirSync(folder).sort();
    const texts = names.map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(texts.join('').trimEnd()).toBe(printed.stdout);
    expect(names[0]).toMatch(/^0001-__namespace_[a-z]+\.yaml$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
