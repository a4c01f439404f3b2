import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { download, downloadVerified } from '../../upstream/download';
import { silentReport } from '../../upstream/progress';
import { breakingOnce, bytes, sha256, startPublisher, type Publisher } from './support/publisher';
import { makeScratch, type Scratch } from './support/scratch';

const CONTENT = 'the bytes of a tool, '.repeat(5_000);
const task = silentReport.begin('test');
let publisher: Publisher;
let scratch: Scratch;
let file: string;

beforeEach(async () => {
  publisher = await startPublisher();
  scratch = makeScratch();
  file = join(scratch.directory, 'tool.part');
});

afterEach(async () => {
  await publisher.close();
  scratch.clear();
});

function expected(content: string): { sha256: string; subject: string; source: string } {
  return { sha256: sha256(content), subject: 'the tool', source: 'pinned' };
}

test('streams a file to disk', async () => {
  publisher.paths.set('/tool', bytes(CONTENT));
  await downloadVerified(`${publisher.url}/tool`, file, expected(CONTENT), task);
  expect(readFileSync(file, 'utf8')).toBe(CONTENT);
});

test('follows the redirects of a publisher', async () => {
  publisher.paths.set('/tool', (_request, response) =>
    response.writeHead(302, { location: '/moved' }).end(),
  );
  publisher.paths.set('/moved', bytes(CONTENT));
  await download(`${publisher.url}/tool`, file, task);
  expect(readFileSync(file, 'utf8')).toBe(CONTENT);
});

test('goes on where a connection broke', async () => {
  let times = 0;
  publisher.paths.set('/tool', (request, response) => {
    times += 1;
    const arrived = (): boolean => existsSync(file) && statSync(file).size > 0;
    const answer = times === 1 ? breakingOnce(CONTENT, 40_000, arrived) : bytes(CONTENT);
    answer(request, response);
  });
  await downloadVerified(`${publisher.url}/tool`, file, expected(CONTENT), task);
  expect(readFileSync(file, 'utf8')).toBe(CONTENT);
  expect(publisher.requests[1]).toMatch(/^\/tool bytes=\d+-$/);
});

test('goes on where an earlier run was killed', async () => {
  writeFileSync(file, CONTENT.slice(0, 1_000));
  publisher.paths.set('/tool', bytes(CONTENT));
  await downloadVerified(`${publisher.url}/tool`, file, expected(CONTENT), task);
  expect(publisher.requests).toEqual(['/tool bytes=1000-']);
});

test('downloads the whole again when what lay there was a part of another file', async () => {
  writeFileSync(file, 'x'.repeat(1_000));
  publisher.paths.set('/tool', bytes(CONTENT));
  await downloadVerified(`${publisher.url}/tool`, file, expected(CONTENT), task);
  expect(readFileSync(file, 'utf8')).toBe(CONTENT);
});

test('downloads the whole again when what lay there is longer than the file', async () => {
  writeFileSync(file, 'x'.repeat(CONTENT.length + 1));
  publisher.paths.set('/tool', bytes(CONTENT));
  await downloadVerified(`${publisher.url}/tool`, file, expected(CONTENT), task);
  expect(readFileSync(file, 'utf8')).toBe(CONTENT);
});

test('rejects a wrong checksum, naming both, and deletes the file', async () => {
  publisher.paths.set('/tool', bytes('forged'));
  await expect(
    downloadVerified(`${publisher.url}/tool`, file, expected(CONTENT), task),
  ).rejects.toThrow(
    `the tool has the wrong checksum: expected ${sha256(CONTENT)} (pinned), found ${sha256('forged')}; ` +
      'it was refused and deleted; run again, and if it happens again, do not trust the place it came from',
  );
  expect(existsSync(file)).toBe(false);
});

test('rejects a file that is not there after one question', async () => {
  await expect(download(`${publisher.url}/tool`, file, task)).rejects.toThrow(
    `${publisher.url}/tool: answered 404`,
  );
  expect(publisher.requests).toEqual(['/tool']);
});

test('asks again when the server is in trouble', async () => {
  let times = 0;
  publisher.paths.set('/tool', (request, response) => {
    times += 1;
    if (times < 3) response.writeHead(503).end();
    else bytes(CONTENT)(request, response);
  });
  await download(`${publisher.url}/tool`, file, task);
  expect(times).toBe(3);
});

test('rejects a connection that always breaks, after four tries', async () => {
  publisher.paths.set('/tool', (_request, response) => response.destroy());
  await expect(download(`${publisher.url}/tool`, file, task)).rejects.toThrow(
    `${publisher.url}/tool: other side closed`,
  );
  expect(publisher.requests).toHaveLength(4);
});

test('rejects a host that refuses, and does not ask it again', async () => {
  const dead = await startPublisher();
  await dead.close();
  const refusal = `${dead.url}/tool: the host refuses the connection`;
  await expect(download(`${dead.url}/tool`, file, task)).rejects.toThrow(refusal);
  await expect(download(`${dead.url}/other`, file, task)).rejects.toThrow(
    'the host refuses the connection',
  );
});

test('rejects a host that does not exist', async () => {
  await expect(download('http://nowhere.invalid/tool', file, task)).rejects.toThrow(
    'http://nowhere.invalid/tool: the host name cannot be resolved',
  );
});
