import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { explainDisk, fillDirectory } from '../../upstream/cache';
import { makeScratch, type Scratch } from './support/scratch';

let scratch: Scratch;

beforeEach(() => {
  scratch = makeScratch();
});

afterEach(() => scratch.clear());

function fill(text: string): (directory: string) => Promise<void> {
  return (directory) => {
    writeFileSync(join(directory, 'file'), text);
    return Promise.resolve();
  };
}

test('a directory is there whole, replaces the one before, and nothing is left beside it', async () => {
  const target = join(scratch.directory, 'tool-1');
  await fillDirectory(target, fill('old'));
  await fillDirectory(target, fill('new'));
  expect(readFileSync(join(target, 'file'), 'utf8')).toBe('new');
  expect(readdirSync(scratch.directory)).toEqual(['tool-1']);
});

test('a directory that could not be filled is not there, and what it replaces stays', async () => {
  const target = join(scratch.directory, 'tool-1');
  await fillDirectory(target, fill('old'));
  await expect(fillDirectory(target, () => Promise.reject(new Error('broken')))).rejects.toThrow(
    'broken',
  );
  expect(readFileSync(join(target, 'file'), 'utf8')).toBe('old');
  expect(readdirSync(scratch.directory)).toEqual(['tool-1']);
});

test('clears what an interrupted run left of the same directory, and of no other', async () => {
  mkdirSync(join(scratch.directory, '.new-tool-1-abc'));
  mkdirSync(join(scratch.directory, '.new-tool-12-abc'));
  await fillDirectory(join(scratch.directory, 'tool-1'), fill('x'));
  expect(readdirSync(scratch.directory).sort()).toEqual(['.new-tool-12-abc', 'tool-1']);
});

test.each([
  ['ENOSPC', 'no space is left on its disk; free some'],
  ['EDQUOT', 'the disk quota is used up; free some'],
  ['EROFS', 'it is on a read-only file system; choose another'],
  ['EACCES', 'it is not writable for this user; change its owner or choose another'],
])('explains %s', (code, reason) => {
  const error = Object.assign(new Error('write'), { code });
  expect(explainDisk(error, '/cache')).toEqual(
    new Error(
      `the directory '/cache' cannot be written (${code}): ${reason}, or set BEAMLINE_CACHE to another directory and run again`,
    ),
  );
});

test('leaves other errors as they are', () => {
  const error = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
  expect(explainDisk(error, '/cache')).toBe(error);
});
