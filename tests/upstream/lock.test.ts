import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { withLock } from '../../upstream/lock';
import { plainReport, silentReport } from '../../upstream/progress';
import { ended, firstOutput, runScript } from './support/child';
import { makeScratch, type Scratch } from './support/scratch';

const HOLD = join(__dirname, 'support', 'hold-lock.ts');
let scratch: Scratch;
let path: string;

beforeEach(() => {
  scratch = makeScratch();
  path = join(scratch.directory, 'deep', 'thing');
});

afterEach(() => scratch.clear());

test('lets one do its work after the other', async () => {
  const log: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setImmediate(resolve));
    log.push(`${name} ends`);
  };
  const request = { path, doing: 'working', report: silentReport };
  await Promise.all([withLock(request, work('a')), withLock(request, work('a'))]);
  expect(log).toEqual(['a begins', 'a ends', 'a begins', 'a ends']);
});

test('lets the next in when the work fails, and leaves nothing behind', async () => {
  const request = { path, doing: 'failing', report: silentReport };
  await expect(withLock(request, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await withLock(request, () => Promise.resolve('done'))).toBe('done');
  expect(existsSync(`${path}.lock`)).toBe(false);
  expect(existsSync(`${path}.owner`)).toBe(false);
});

test('says whom it waits for', async () => {
  const until = join(scratch.directory, 'enough');
  const holder = runScript(HOLD, [path, until]);
  expect(await firstOutput(holder)).toBe('held');
  const lines: string[] = [];
  const report = plainReport((line) => {
    lines.push(line);
    writeFileSync(until, ''); // Once we said that we wait, the holder may let go.
  });
  await withLock({ path, doing: 'waiting', report }, () => Promise.resolve());
  expect(lines).toEqual([
    expect.stringMatching(`^waiting: process ${holder.pid ?? 0} on .+ is holding since 20`),
  ]);
  expect(await ended(holder)).toBe(0);
});

test('takes over from a holder that was killed', async () => {
  const holder = runScript(HOLD, [path, join(scratch.directory, 'never')]);
  await firstOutput(holder);
  holder.kill('SIGKILL');
  await ended(holder);
  expect(existsSync(`${path}.lock`)).toBe(true);
  const request = { path, doing: 'taking over', report: silentReport };
  expect(await withLock(request, () => Promise.resolve('mine'))).toBe('mine');
}, 30_000);

test('rejects a place that cannot be written, saying what to do', async () => {
  writeFileSync(join(scratch.directory, 'file'), '');
  const inside = join(scratch.directory, 'file', 'cache', 'thing');
  await expect(
    withLock({ path: inside, doing: 'x', report: silentReport }, () => Promise.resolve()),
  ).rejects.toThrow(
    `the directory '${join(scratch.directory, 'file', 'cache')}' cannot be written (ENOTDIR): a part of its path is a file; ` +
      'move that file or choose another, or set BEAMLINE_CACHE to another directory and run again',
  );
});
