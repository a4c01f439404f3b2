import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ApiObject } from 'cdk8s';

import { hintsOf } from '../../../constructs/kit/hints';
import { UpstreamMissing, upstreamPath, type UpstreamPin } from '../../../constructs/kit/upstream';
import { UpstreamManifest } from '../../../constructs/kit/upstream-manifest';
import { chartFor, synth } from '../../support/synth';

const TEXT = `---
apiVersion: v1
kind: ConfigMap
metadata: { name: first }
---
apiVersion: v1
kind: Secret
metadata: { name: second }
---
`;

let cache: string;
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'beamline-upstream-'));
  process.env['BEAMLINE_CACHE'] = cache;
});
afterEach(() => {
  delete process.env['BEAMLINE_CACHE'];
  rmSync(cache, { recursive: true });
});

/** A pin for a text, which is put in the cache. */
function pinned(text: string): UpstreamPin {
  const pin = {
    name: 'example',
    version: 'v1',
    url: 'https://example.org/all.yaml',
    goModule: { path: 'example.org/module', version: 'v1', file: 'deploy/all.yaml' },
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  mkdirSync(dirname(upstreamPath(pin)), { recursive: true });
  writeFileSync(upstreamPath(pin), text);
  return pin;
}

test('adds every object of the file, marked with where it is from', () => {
  const chart = chartFor();
  const manifest = new UpstreamManifest(chart, 'Upstream', { pin: pinned(TEXT) });
  const objects = manifest.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  expect(objects.map(({ kind, name }) => [kind, name])).toEqual([
    ['ConfigMap', 'first'],
    ['Secret', 'second'],
  ]);
  for (const object of objects) {
    expect(hintsOf(object)).toEqual({ upstream: { name: 'example', version: 'v1' } });
  }
});

test('takes only what it is told to', () => {
  const props = { pin: pinned(TEXT), only: ({ kind }: { kind: string }) => kind === 'Secret' };
  expect(synth(UpstreamManifest, props).objects.map(({ kind }) => kind)).toEqual(['Secret']);
});

test('rejects a file that is not cached, with how to get it', () => {
  const pin = { ...pinned(TEXT), version: 'v2' };
  expect(() => synth(UpstreamManifest, { pin })).toThrow(UpstreamMissing);
  expect(() => synth(UpstreamManifest, { pin })).toThrow(
    `the upstream file 'example' v2 is not in the cache (${upstreamPath(pin)}); ` +
      `'beamline doctor --fetch' brings it from https://example.org/all.yaml`,
  );
});

test('rejects a cached file with other bytes than the pinned ones', () => {
  const pin = pinned(TEXT);
  writeFileSync(upstreamPath(pin), `${TEXT}# changed`);
  const found = createHash('sha256').update(`${TEXT}# changed`).digest('hex');
  expect(() => synth(UpstreamManifest, { pin })).toThrow(
    `the cached upstream file '${upstreamPath(pin)}' has sha256 ${found}, ` +
      `but ${pin.sha256} is pinned; delete it and run again`,
  );
});

test('rejects a file that holds something else', () => {
  expect(() => synth(UpstreamManifest, { pin: pinned('just: text') })).toThrow(
    new Error("the upstream file 'example' v1 has a document that is no Kubernetes object"),
  );
});
