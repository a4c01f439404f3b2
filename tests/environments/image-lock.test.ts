import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LOCK_FILE, readImageLock, writeImageLock } from '../../environments/image-lock';
import { messageFrom } from '../support/message';

const folder = mkdtempSync(join(tmpdir(), 'beamline-lock-'));
const path = join(folder, LOCK_FILE);
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;

test('what was written is read again, in the same order whatever came first', () => {
  const lock = new Map([
    ['quay.io/b:1', digest('b')],
    ['docker.io/library/a:2', digest('a')],
  ]);
  writeImageLock(path, lock);
  expect(readImageLock(path)).toEqual(lock);
  expect(readFileSync(path, 'utf8').split('\n').slice(1)).toEqual([
    `docker.io/library/a:2@${digest('a')}`,
    `quay.io/b:1@${digest('b')}`,
    '',
  ]);
  expect(readdirSync(folder)).toEqual([LOCK_FILE]);
});

test('there may be no lock yet', () => {
  expect(readImageLock(join(folder, 'none')).size).toBe(0);
});

test('names every line that is no image with its digest, or is there twice', () => {
  writeFileSync(
    path,
    `# ours\nquay.io/a:1@${digest('a')}\nquay.io/a:1@${digest('b')}\nquay.io/b:latest\nquay.io/c@${digest('c')}\n`,
  );
  const message = messageFrom(() => readImageLock(path));
  expect(message).toContain("line 3: 'quay.io/a:1' stands there twice");
  expect(message).toContain(
    "line 4: must be 'registry/name:tag@sha256:<64 digits>', got 'quay.io/b:latest'",
  );
  expect(message).toContain('line 5');
});
