import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readUpstream, upstreamPath, type UpstreamPin } from '../../constructs/kit/upstream';
import { ensureUpstream } from '../../upstream/fetch';
import { bytes, sha256, startPublisher, type Publisher } from './support/publisher';
import { makeScratch, type Scratch } from './support/scratch';

const CONTENT = 'kind: CustomResourceDefinition\n';
let publisher: Publisher;
let scratch: Scratch;

beforeEach(async () => {
  publisher = await startPublisher();
  scratch = makeScratch();
});

afterEach(async () => {
  await publisher.close();
  scratch.clear();
});

function pin(overrides: Partial<UpstreamPin> = {}): UpstreamPin {
  return {
    name: 'things-crds',
    version: 'v1.2.3',
    url: `${publisher.url}/release/things.yaml`,
    goModule: { path: 'example.invalid/things', version: 'v1.2.3', file: 'deploy/things.yaml' },
    sha256: sha256(CONTENT),
    ...overrides,
  };
}

test('brings a file from its publisher, once', async () => {
  publisher.paths.set('/release/things.yaml', bytes(CONTENT));
  expect(await ensureUpstream(pin())).toBe(upstreamPath(pin()));
  await ensureUpstream(pin());
  expect(publisher.requests).toEqual(['/release/things.yaml']);
  expect(readUpstream(pin())).toBe(CONTENT);
});

test('prefers the mirror of the site', async () => {
  const mirror = join(scratch.directory, 'mirror');
  mkdirSync(join(mirror, 'things-crds-v1.2.3'), { recursive: true });
  writeFileSync(join(mirror, 'things-crds-v1.2.3', 'things.yaml'), CONTENT);
  process.env['BEAMLINE_TOOLCHAIN'] = mirror;
  await ensureUpstream(pin());
  expect(publisher.requests).toEqual([]);
  expect(readUpstream(pin())).toBe(CONTENT);
});

test('takes the same bytes out of the Go module where the publisher cannot be reached', async () => {
  const semver = pin({
    name: 'semver-license',
    goModule: { path: 'golang.org/x/mod', version: 'v0.33.0', file: 'LICENSE' },
    sha256: '911f8f5782931320f5b8d1160a76365b83aea6447ee6c04fa6d5591467db9dad',
  });
  const path = await ensureUpstream(semver);
  expect(readFileSync(path, 'utf8')).toMatch(/^Copyright 2009 The Go Authors/);
}, 60_000);

test('brings a cached file again whose bytes are not the pinned ones', async () => {
  publisher.paths.set('/release/things.yaml', bytes(CONTENT));
  mkdirSync(dirname(upstreamPath(pin())), { recursive: true });
  writeFileSync(upstreamPath(pin()), 'half of a fi');
  await ensureUpstream(pin());
  expect(readUpstream(pin())).toBe(CONTENT);
});

test('rejects other bytes than the pinned ones and asks nobody else', async () => {
  publisher.paths.set('/release/things.yaml', bytes('forged'));
  await expect(ensureUpstream(pin())).rejects.toThrow(
    `the upstream file 'things-crds' v1.2.3 from ${publisher.url}/release/things.yaml has the wrong checksum: ` +
      `expected ${sha256(CONTENT)} (pinned), found ${sha256('forged')}`,
  );
  expect(existsSync(upstreamPath(pin()))).toBe(false);
});

test('rejects with everything that was tried and what to do', async () => {
  process.env['PATH'] = scratch.directory; // No Go.
  await expect(ensureUpstream(pin())).rejects.toThrow(
    "cannot get the upstream file 'things-crds' v1.2.3; tried in this order:\n" +
      '  - the mirror BEAMLINE_TOOLCHAIN: BEAMLINE_TOOLCHAIN is not set\n' +
      `  - its publisher: ${publisher.url}/release/things.yaml: answered 404\n` +
      "  - the Go module 'example.invalid/things': 'go' is not on PATH; install it from https://go.dev/dl\n" +
      'Give this machine one of them: a route to the publisher, Go with a module proxy, or a directory with the file, ' +
      'named by BEAMLINE_TOOLCHAIN.',
  );
});
