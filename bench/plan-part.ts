import { join } from 'node:path';
import { loadavg } from 'node:os';

import { execa } from 'execa';
import { z } from 'zod';

import type { Bench } from './bench';
import { PER_NAMESPACE } from './fleet';
import { median } from './measure';
import { CHECKOUT } from './workspace';

const PROCESSES = 5;
const WARM_TIMES = 20;
const milliseconds = z.array(z.number()).min(1);

/** What is planned, and how it is called in the results. */
const SIZES = [
  { name: '1,000 objects', namespaces: 1_000 / PER_NAMESPACE, layers: 1 },
  { name: '10,000 objects', namespaces: 10_000 / PER_NAMESPACE, layers: 1 },
  { name: '1,000 objects in ten layers', namespaces: 1_000 / PER_NAMESPACE, layers: 10 },
  { name: '10,000 objects in ten layers', namespaces: 10_000 / PER_NAMESPACE, layers: 10 },
] as const;

/** Times the plan in fresh processes, cold and warm, and cdk8s' own output of the same tree in others. */
export async function planPart(bench: Bench): Promise<void> {
  for (const { name, namespaces, layers } of SIZES) {
    const task = bench.report.begin(`plan of ${name}`);
    await time(bench, name, 'plan', [String(namespaces), String(layers)]);
    // Only where it is compared: in ten layers it does not end in any time worth waiting for.
    if (name === '1,000 objects')
      await time(bench, name, 'synth', [String(namespaces), String(layers)]);
    task.done(`plan of ${name}`);
    if (bench.signal.aborted) return;
  }
}

async function time(
  bench: Bench,
  size: string,
  what: 'plan' | 'synth',
  numbers: readonly string[],
): Promise<void> {
  const tool = what === 'plan' ? 'beamline' : 'cdk8s synthYaml';
  const cold: number[] = [];
  const warm: number[] = [];
  const load = loadavg()[0] ?? 0;
  for (let round = 0; round < PROCESSES; round += 1) {
    const script = join(CHECKOUT, 'bench', 'plan-process.ts');
    const { stdout } = await execa(
      process.execPath,
      ['--require', './deploy/typescript.cjs', script, what, ...numbers, String(WARM_TIMES)],
      { cwd: CHECKOUT, timeout: 300_000, signal: bench.signal },
    );
    const [first = Number.NaN, ...later] = milliseconds.parse(JSON.parse(stdout));
    cold.push(first);
    warm.push(median(later));
  }
  const common = { part: 'plan', tool, unit: 'ms', load } as const;
  bench.record({ ...common, what: `${size}, cold`, value: median(cold) });
  bench.record({ ...common, what: `${size}, warm`, value: median(warm) });
}
