import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

import { EngineError, explainEngineError, isAbandoned, lockOf } from '../../deploy/engine-errors';

const LOCKED = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///state/.pulumi/locks/organization/beamline/dev/6d0b.json: created by anna@gate.example.org (pid 4711) at 2026-03-01T10:00:00+01:00
`;

test('a locked state is told with who, where, since when, and how to clear it', () => {
  const error = explainEngineError('dev', LOCKED);
  expect(error).toBeInstanceOf(EngineError);
  expect(error.message).toBe(
    "environment 'dev' is locked: anna@gate.example.org (process 4711) has been working on it since 2026-03-01T10:00:00+01:00; " +
      "wait for it, or, if that run is dead, clear the lock with 'pulumi cancel dev'",
  );
  expect(lockOf(error)).toEqual({
    user: 'anna',
    host: 'gate.example.org',
    pid: 4711,
    since: '2026-03-01T10:00:00+01:00',
  });
});

test.each([
  [
    'error: getting secrets manager: constructing secrets manager of type "passphrase": incorrect passphrase',
    "the passphrase of environment 'dev' is wrong; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one its secrets were encrypted with",
  ],
  [
    'error: getting stack configuration: get stack secrets manager: passphrase must be set with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables',
    "environment 'dev' has encrypted secrets and no passphrase is given; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE",
  ],
  ["error: no stack named 'dev' found", "no stack named 'dev' found"],
  [
    'warning: using pulumi-resource-kubernetes from $PATH at /opt/plugins\nerror: update failed: it broke',
    'update failed: it broke',
  ],
  ['\n', 'the engine failed without a word; its log is in .beamline/logs'],
])('%j is told in words', (words, message) => {
  const error = explainEngineError('dev', words);
  expect(error.message).toBe(message);
  expect(lockOf(error)).toBeUndefined();
});

test('an error that is not the engine’s is about no lock', () => {
  expect(lockOf(new Error(LOCKED))).toBeUndefined();
});

describe('a lock', () => {
  const lock = { user: 'anna', host: hostname(), pid: process.pid, since: '' };

  test('is not abandoned while its process lives', () => {
    expect(isAbandoned(lock)).toBe(false);
  });

  test('is abandoned when its process is gone', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    expect(isAbandoned({ ...lock, pid })).toBe(true);
  });

  test('is abandoned when its process has ended and nobody has asked how', async () => {
    // The shell becomes a program that never asks after the child it had; only then does the child end.
    const script = 'cat <&3 >/dev/null & echo $!; exec sleep 60 3<&-';
    const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
    try {
      const become = (): string => readFileSync(`/proc/${parent.pid}/comm`, 'utf8').trim();
      const [, output, , open] = parent.stdio;
      if (!(output instanceof Readable)) throw new Error('no pipe to read from');
      const [printed]: unknown[] = await once(output, 'data');
      const pid = Number(String(printed));
      while (become() !== 'sleep') await setImmediate();
      if (open instanceof Writable) open.end();
      const ended = (): boolean => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
      while (!ended()) await setImmediate();
      expect(isAbandoned({ ...lock, pid })).toBe(true);
    } finally {
      parent.kill();
    }
  });

  test('of another machine is never taken for abandoned', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    expect(isAbandoned({ ...lock, host: 'elsewhere.example.org', pid })).toBe(false);
  });
});
