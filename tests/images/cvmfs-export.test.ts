import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const IMAGE = resolve(__dirname, '../../images/cvmfs-export');
const containerfile = readFileSync(join(IMAGE, 'Containerfile'), 'utf8');
const defaults = readFileSync(join(IMAGE, 'config.go'), 'utf8');

test('every base is pinned by tag and digest', () => {
  const bases = containerfile.split('\n').filter((line) => line.startsWith('FROM '));
  expect(bases).toHaveLength(2);
  for (const base of bases)
    expect(base).toMatch(/^FROM \S+:[\w.-]+@sha256:[0-9a-f]{64}( AS \w+)?$/);
});

test('CVMFS is one whose shared maps work', () => {
  const [, major, minor, patch] = /CVMFS_VERSION=(\d+)\.(\d+)\.(\d+)/.exec(containerfile) ?? [];
  const number = Number(major) * 10_000 + Number(minor) * 100 + Number(patch);
  expect(number).toBeGreaterThanOrEqual(2_10_01);
});

test('what the supervisor runs by default is put where it looks', () => {
  expect(defaults).toContain('Guard:   "/usr/lib/beamline/guard.so"');
  expect(containerfile).toContain('/out/guard.so /usr/lib/beamline/guard.so');
  expect(containerfile).toContain('ENTRYPOINT ["/usr/bin/beamline-cvmfs-export"]');
});

test('the compiler is one that the module wants, and everything that is copied is there', () => {
  const compiler = /golang:1\.(\d+)/.exec(containerfile)?.[1];
  const wanted = /^go 1\.(\d+)/m.exec(readFileSync(join(IMAGE, 'go.mod'), 'utf8'))?.[1];
  expect(Number(compiler)).toBeGreaterThanOrEqual(Number(wanted));
  const copied = containerfile
    .split('\n')
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(' ').slice(1, -1));
  expect(copied).toEqual(['go.mod', 'go.sum', '*.go', 'preload']);
  for (const path of copied.filter((one) => !one.includes('*')))
    expect(existsSync(join(IMAGE, path))).toBe(true);
  expect(existsSync(join(IMAGE, 'preload/guard.c'))).toBe(true);
});
