import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { CHECKOUT } from '../support/tree';

const ROOMS = ['bench', 'cli', 'constructs', 'deploy', 'environments', 'plan', 'sandbox', 'stacks'];
const verdict = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

/** Runs the arrows of the project over a tree: `from -> to breaks rule`. */
async function cruise(folder: string): Promise<{ cruised: number; broken: string[] }> {
  const { stdout, stderr } = await execa(
    process.execPath,
    [
      join(CHECKOUT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      ...['--config', join(CHECKOUT, '.dependency-cruiser.cjs'), '--output-type', 'json'],
      ...[...ROOMS, 'tests', 'upstream'],
    ],
    { cwd: folder, reject: false },
  );
  if (stdout === '') throw new Error(stderr);
  const { totalCruised, violations } = verdict.parse(JSON.parse(stdout)).summary;
  const broken = violations.map(({ from, to, rule }) => `${from} -> ${to} breaks ${rule.name}`);
  return { cruised: totalCruised, broken };
}

test('every arrow of the project points where it may', async () => {
  const { cruised, broken } = await cruise(CHECKOUT);
  expect(cruised).toBeGreaterThan(100);
  expect(broken).toEqual([]);
}, 60_000);
