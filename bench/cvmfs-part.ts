import { loadavg } from 'node:os';

import { trial } from '../tests/integration/cvmfs/support/faults';
import { TIER_PARTS, tierParts } from '../tests/integration/cvmfs/support/parts';
import type { Reader } from '../tests/integration/cvmfs/support/reader';
import type { Settings } from '../tests/integration/cvmfs/support/settings';
import { sumOf, Tier } from '../tests/integration/cvmfs/support/tier';
import { PARTS } from '../tests/parts/parts';
import type { Bench } from './bench';
import type { BenchOptions } from './options';
import { speedOfTier } from './cvmfs-speed';
import { ALL_FAULTS, CLIENT_ERRORS, PAUSE, WRONG_BYTES } from './cvmfs-words';

/** Measures the CVMFS export tier as the construct renders it: its failures, and what it costs to read through it. */
export async function cvmfsParts(bench: Bench, options: BenchOptions): Promise<void> {
  const paths = new Map<string, string>();
  for (const name of TIER_PARTS) paths.set(name, await PARTS[name].ensure(bench.report));
  const parts = tierParts((name) => paths.get(name) ?? '');
  if (options.only.includes('cvmfs')) await failures(bench, parts, options);
  if (options.only.includes('cvmfs-speed') && !bench.signal.aborted)
    await speedOfTier(bench, parts);
}

async function failures(
  bench: Bench,
  parts: Settings['parts'],
  { faults, trials }: BenchOptions,
): Promise<void> {
  const tier = new Tier({ replicas: 3, tree: { small: 300, large: 3 }, maps: 'shared' }, parts);
  let mended = 0;
  let readers: Reader[] = [];
  try {
    await tier.start();
    readers = await Promise.all(
      (['open', 'open', 'handle', 'open'] as const).map((mode) => tier.read(mode)),
    );
    for (const fault of faults) {
      const task = bench.report.begin(`${fault}, ${trials} times`);
      const load = loadavg()[0] ?? 0;
      const pauses: number[] = [];
      for (let round = 0; round < trials && !bench.signal.aborted; round += 1) {
        mended += await tier.mend();
        pauses.push(await trial(tier, readers, fault));
      }
      pauses.sort((a, b) => a - b);
      const common = { part: 'cvmfs', tool: fault, unit: 'ms', load } as const;
      bench.record({ ...common, what: PAUSE.p50, value: quantile(pauses, 0.5) });
      bench.record({ ...common, what: PAUSE.p95, value: quantile(pauses, 0.95) });
      bench.record({ ...common, what: PAUSE.max, value: quantile(pauses, 1) });
      task.done(`${fault}, ${pauses.length} times`);
    }
  } finally {
    try {
      await seen(bench, readers, mended);
    } finally {
      await tier.stop();
    }
  }
}

/** What readers saw counts, however it ended. */
async function seen(bench: Bench, readers: readonly Reader[], mended: number): Promise<void> {
  const stopped = await Promise.allSettled(readers.map((reader) => reader.stop()));
  const accounts = stopped.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (accounts.length < readers.length) bench.problem('a reader waits and gives no account');
  const common = { part: 'cvmfs', tool: ALL_FAULTS, load: loadavg()[0] ?? 0 } as const;
  const sum = (field: 'wrongBytes' | 'errors' | 'bytes'): number => sumOf(accounts, field);
  bench.record({ ...common, what: WRONG_BYTES, value: sum('wrongBytes'), unit: 'in all' });
  bench.record({ ...common, what: CLIENT_ERRORS, value: sum('errors'), unit: 'in all' });
  bench.record({ ...common, what: 'servers that ended unasked', value: mended, unit: 'in all' });
  bench.record({ ...common, what: 'read meanwhile', value: sum('bytes') / 1e6, unit: 'MB' });
}

/** The nearest rank: what that share of the sorted figures does not exceed. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
