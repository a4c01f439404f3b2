import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { RELEASES } from '../../../constructs/workflows/releases';
import { imageRef } from '../../../constructs/versions';

const IMAGE = resolve(__dirname, '../../../images/reana-job-controller');
const containerfile = readFileSync(join(IMAGE, 'Containerfile'), 'utf8');

test('the base is the job controller of the stable release', () => {
  const bases = containerfile.split('\n').filter((line) => line.startsWith('FROM '));
  expect(bases).toEqual([`FROM ${imageRef(RELEASES['0.9.4'].jobController)}`]);
});

test('what the image adds is pinned, and it is not root in the end', () => {
  expect(containerfile).toMatch(/pip install \S* ?htcondor==[\d.]+ /);
  expect(containerfile.trim().split('\n').at(-1)).toBe('USER 1000:0');
});

test('every file is of the Python 3.8 that the base has', () => {
  const folder = join(IMAGE, 'beamline_backends');
  const files = readdirSync(folder).filter((name) => name.endsWith('.py'));
  expect(files).toContain('app.py');
  const check =
    'import ast, sys\nfor f in sys.argv[1:]: ast.parse(open(f).read(), f, feature_version=(3, 8))';
  execFileSync('python3', ['-c', check, ...files.map((name) => join(folder, name))]);
});

test('the command of a run becomes its program without root', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-su-'));
  try {
    // As `id` of a pod that restricted admitted.
    writeFileSync(join(folder, 'id'), '#!/bin/sh\necho 1000\n');
    writeFileSync(join(folder, 'su'), readFileSync(join(IMAGE, 'su')));
    for (const name of ['id', 'su']) chmodSync(join(folder, name), 0o755);
    // workflow_run_manager.py of the workflow controller 0.9.4, with a program that says that it runs.
    const command = 'false; exec su ada /bin/bash -c "exec echo runs;"';
    const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
    expect(execFileSync('/bin/bash', ['-c', command], { env, encoding: 'utf8' })).toBe('runs\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
