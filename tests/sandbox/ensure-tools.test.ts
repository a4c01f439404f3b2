import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { ensureTool, ensureTools } from '../../sandbox/toolchain/ensure-tools';
import type { Official } from '../../sandbox/toolchain/official';
import { plainReport } from '../../upstream/progress';
import { ended, firstOutput, runScript } from '../upstream/support/child';
import { bytes, sha256, startPublisher, type Publisher } from '../upstream/support/publisher';
import { makeScratch, type Scratch } from '../upstream/support/scratch';
import { fakeTool, scriptOf, writeRecipe } from './support/fake-tool';

const BRING = join(__dirname, 'support', 'bring-tool.ts');
const SCRIPT = scriptOf('9.9.9');
let publisher: Publisher;
let scratch: Scratch;
let recipes: string;
let cached: string;

beforeEach(async () => {
  publisher = await startPublisher();
  scratch = makeScratch();
  recipes = join(scratch.directory, 'tools');
  cached = join(scratch.directory, 'cache', 'toolchain', 'kwok-9.9.9', 'kwok');
});

afterEach(async () => {
  await publisher.close();
  scratch.clear();
});

function official(file = '/kwok-linux-amd64'): Official {
  const url = `${publisher.url}${file}`;
  return { url, checksum: { kind: 'checksum-file', url: `${url}.sha256` } };
}

function publish(
  content: Buffer | string,
  checksum = sha256(content),
  file = '/kwok-linux-amd64',
): void {
  publisher.paths.set(file, bytes(content));
  publisher.paths.set(`${file}.sha256`, bytes(`${checksum}\n`));
}

function installOnPath(version: string): string {
  const bin = join(scratch.directory, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'kwok'), scriptOf(version));
  chmodSync(join(bin, 'kwok'), 0o755);
  process.env['PATH'] = `${bin}:${process.env['PATH'] ?? ''}`;
  return join(bin, 'kwok');
}

test('uses a copy on PATH that fits, and asks nobody', async () => {
  const path = installOnPath('9.9.3');
  expect(await ensureTool(fakeTool(official()), '1.34.4')).toBe(path);
  expect(publisher.requests).toEqual([]);
});

test('passes over a copy on PATH of another line', async () => {
  installOnPath('9.8.0');
  publish(SCRIPT);
  expect(await ensureTool(fakeTool(official()), '1.34.4')).toBe(cached);
});

test('downloads a program, checks it, and finds it in the cache the next time', async () => {
  publish(SCRIPT);
  const tool = fakeTool(official());
  expect(await ensureTool(tool, '1.34.4')).toBe(cached);
  expect(execFileSync(cached, { encoding: 'utf8' })).toBe('fake version v9.9.9 go1.26\n');
  await ensureTool(tool, '1.34.4');
  expect(publisher.requests).toEqual(['/kwok-linux-amd64.sha256', '/kwok-linux-amd64']);
  expect(readdirSync(join(scratch.directory, 'cache', 'downloads'))).toEqual([]);
});

test('takes a program out of its archive, whose digest the release names', async () => {
  const folder = join(scratch.directory, 'pack');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  writeFileSync(join(folder, 'dist', 'kwok'), SCRIPT);
  execFileSync('tar', ['-czf', join(scratch.directory, 'kwok.tar.gz'), '-C', folder, 'dist/kwok']);
  const archive = readFileSync(join(scratch.directory, 'kwok.tar.gz'));
  publisher.paths.set('/kwok.tar.gz', bytes(archive));
  const release = { assets: [{ name: 'kwok.tar.gz', digest: `sha256:${sha256(archive)}` }] };
  publisher.paths.set('/release', bytes(JSON.stringify(release)));
  const tool = fakeTool({
    url: `${publisher.url}/kwok.tar.gz`,
    checksum: { kind: 'github-digest', url: `${publisher.url}/release` },
    member: 'dist/kwok',
  });
  expect(readFileSync(await ensureTool(tool, '1.34.4'), 'utf8')).toBe(SCRIPT);
});

test('takes a plain program from the mirror, and obeys the checksum beside it', async () => {
  const mirror = join(scratch.directory, 'mirror');
  mkdirSync(mirror);
  writeFileSync(join(mirror, 'kwok'), SCRIPT);
  writeFileSync(join(mirror, 'SHA256SUMS'), `${sha256(SCRIPT)}  kwok\n`);
  process.env['BEAMLINE_TOOLCHAIN'] = mirror;
  expect(await ensureTool(fakeTool(official()), '1.34.4')).toBe(cached);
  expect(publisher.requests).toEqual([]);
});

test('rejects a file of the mirror that is not what its checksum says, and leaves it there', async () => {
  const mirror = join(scratch.directory, 'mirror');
  mkdirSync(mirror);
  writeFileSync(join(mirror, 'kwok'), 'forged');
  writeFileSync(join(mirror, 'kwok.sha256'), sha256(SCRIPT));
  process.env['BEAMLINE_TOOLCHAIN'] = mirror;
  await expect(ensureTool(fakeTool(official()), '1.34.4')).rejects.toThrow(
    `'${join(mirror, 'kwok')}' has the wrong checksum: expected ${sha256(SCRIPT)} (${join(mirror, 'kwok.sha256')}), ` +
      `found ${sha256('forged')}`,
  );
  expect(existsSync(join(mirror, 'kwok'))).toBe(true);
});

test('rejects a download with a wrong checksum, deletes it, and does not fall back on anything', async () => {
  publish('forged', sha256(SCRIPT));
  writeRecipe(recipes);
  const { url, checksum } = official();
  await expect(ensureTool(fakeTool(official()), '1.34.4', { recipes })).rejects.toThrow(
    `kwok 9.9.9 from ${url} has the wrong checksum: expected ${sha256(SCRIPT)} (${checksum.url}), found ${sha256('forged')}; ` +
      'it was refused and deleted; run again, and if it happens again, do not trust the place it came from',
  );
  expect(existsSync(cached)).toBe(false);
  expect(readdirSync(join(scratch.directory, 'cache', 'downloads'))).toEqual([]);
});

test('builds from source where nothing can be downloaded, stamping the version', async () => {
  writeRecipe(recipes);
  const lines: string[] = [];
  const report = plainReport((line) => lines.push(line));
  const path = await ensureTool(fakeTool({ none: 'nobody publishes it' }), '1.34.4', {
    report,
    recipes,
  });
  expect(execFileSync(path, { encoding: 'utf8' })).toBe('fake 9.9.9\n');
  expect(lines).toEqual([
    'building kwok 9.9.9 from source, about 1 min on two cores ...',
    expect.stringMatching(/^built kwok 9\.9\.9 from source \(\d+ s\)$/),
  ]);
}, 120_000);

test('rejects with everything that was tried, why each failed, and what to do', async () => {
  installOnPath('1.0.0');
  writeRecipe(recipes, 'package main\n\nfunc main() { nonsense }\n');
  await expect(ensureTool(fakeTool(official()), '1.34.4', { recipes })).rejects.toThrow(
    'cannot get kwok 9.9.9; tried in this order:\n' +
      `  - PATH: '${join(scratch.directory, 'bin', 'kwok')}' is 1.0.0; wanted is ~9.9.0\n` +
      `  - the cache: '${join(scratch.directory, 'cache', 'toolchain', 'kwok-9.9.9')}' does not exist\n` +
      '  - the mirror BEAMLINE_TOOLCHAIN: BEAMLINE_TOOLCHAIN is not set\n' +
      `  - the official download: ${official().checksum.url}: answered 404\n` +
      `  - a build from source: 'go build' in '${join(recipes, 'fake')}' failed: # example.org/fake\n` +
      './main.go:3:15: undefined: nonsense\n' +
      'Give this machine one of them: a route to the publishers, Go 1.26 with a module proxy, or a directory with the ' +
      'files as their publishers name them, named by BEAMLINE_TOOLCHAIN.',
  );
}, 120_000);

test('rejects a cache that cannot be written, without trying anything else', async () => {
  writeFileSync(join(scratch.directory, 'file'), '');
  process.env['BEAMLINE_CACHE'] = join(scratch.directory, 'file', 'cache');
  publish(SCRIPT);
  await expect(ensureTool(fakeTool(official()), '1.34.4')).rejects.toThrow(
    `the directory '${join(scratch.directory, 'file', 'cache', 'toolchain')}' cannot be written (ENOTDIR)`,
  );
  expect(publisher.requests).toEqual([]);
});

test('rejects a Kubernetes that no control plane can be run of', async () => {
  await expect(ensureTools(['kube-apiserver'], { kubernetesVersion: '1.11' })).rejects.toThrow(
    'Kubernetes 1.11 cannot be run by the sandbox: it knows 1.18 to 1.36; use 1.34.4 in its place',
  );
});

test('two processes that want the same program download it once', async () => {
  publish(SCRIPT);
  const both = [
    runScript(BRING, [official().url, recipes]),
    runScript(BRING, [official().url, recipes]),
  ];
  expect(await Promise.all(both.map(ended))).toEqual([0, 0]);
  expect(publisher.requests.filter((request) => request === '/kwok-linux-amd64')).toHaveLength(1);
  expect(readFileSync(cached, 'utf8')).toBe(SCRIPT);
}, 60_000);

test('goes on after a run that was killed in the middle of a download', async () => {
  const content = SCRIPT.padEnd(200_000, '# more\n');
  publish(content);
  let times = 0;
  const half = new Promise<void>((resolve) => {
    publisher.paths.set('/kwok-linux-amd64', (request, response) => {
      times += 1;
      if (times > 1) {
        bytes(content)(request, response);
        return;
      }
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.slice(0, 100_000));
      const part = join(scratch.directory, 'cache', 'downloads', '9.9.9-kwok-linux-amd64.part');
      const timer = setInterval(() => {
        if (!existsSync(part) || readFileSync(part).length === 0) return;
        clearInterval(timer);
        resolve();
      }, 10);
    });
  });
  const killed = runScript(BRING, [official().url, recipes]);
  await half;
  killed.kill('SIGKILL');
  await ended(killed);
  expect(existsSync(cached)).toBe(false);

  expect(readFileSync(await ensureTool(fakeTool(official()), '1.34.4'), 'utf8')).toBe(content);
  expect(publisher.requests.at(-1)).toMatch(/^\/kwok-linux-amd64 bytes=\d+-$/);
}, 60_000);

test('goes on after a run that was killed in the middle of a build', async () => {
  writeRecipe(recipes);
  const killed = runScript(BRING, ['none', recipes]);
  expect(await firstOutput(killed)).toMatch(/^building kwok 9\.9\.9 from source/);
  killed.kill('SIGKILL');
  await ended(killed);

  const path = await ensureTool(fakeTool({ none: 'nobody publishes it' }), '1.34.4', { recipes });
  expect(execFileSync(path, { encoding: 'utf8' })).toBe('fake 9.9.9\n');
}, 120_000);
