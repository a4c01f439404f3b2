// `npm test`: the fast checks, then the real parts, then the tests that run on them. Stops at the first that fails.
// The last line is `N passed, N failed, N skipped` over all of them, however it ended.
const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

const PARTS = [
  { name: 'the fast checks', command: ['npm', 'run', '--silent', 'verify'] },
  {
    name: 'bringing the toolchain',
    command: [process.execPath, 'cli/beamline.cjs', 'doctor', '--fetch'],
  },
  {
    name: 'the tests on an embedded control plane',
    // By itself jest leaves one core alone, which on two is half of them; these tests mostly wait.
    command: [
      process.execPath,
      'node_modules/jest/bin/jest.js',
      '--selectProjects',
      'integration',
      '--maxWorkers=100%',
    ],
  },
];

const folder = mkdtempSync(join(tmpdir(), 'beamline-tally-'));
const tally = join(folder, 'tally');
const env = { ...process.env, BEAMLINE_TALLY: tally };
const broken = PARTS.find(({ command: [program, ...args] }) => {
  const { status } = spawnSync(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  return status !== 0;
});

const runs = existsSync(tally)
  ? readFileSync(tally, 'utf8').trim().split('\n').map(JSON.parse)
  : [];
rmSync(folder, { recursive: true });
const sum = (field) => runs.reduce((total, counts) => total + counts[field], 0);
// Lint, types and the like are no tests, but a run in which they fail has not passed.
const failed = broken === undefined ? sum('failed') : Math.max(1, sum('failed'));
if (broken !== undefined)
  process.stdout.write(`\n${broken.name} failed; what comes after was not run\n`);
process.stdout.write(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped\n`);
process.exitCode = failed === 0 ? 0 : 1;
