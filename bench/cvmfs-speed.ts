import { mkdtempSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import type { Settings } from '../tests/integration/cvmfs/support/settings';
import type { Account } from '../tests/integration/cvmfs/support/reader';
import { sumOf, Tier, type TierShape } from '../tests/integration/cvmfs/support/tier';
import type { Bench } from './bench';
import type { Figure } from './results';
import { limitCpu } from './cpu-limit';

const DIRECT = 'direct';
const TIER = 'through the tier';
const READERS = 6;
/** Share of a core that each server gets where it is measured how the tier grows. */
const SHARE = 0.15;

/** What it costs to read through the tier, next to the same file system without NFS. */
export async function speedOfTier(bench: Bench, parts: Settings['parts']): Promise<void> {
  await withTier({ replicas: 1, tree: { small: 0, large: 40 }, maps: 'shared' }, parts, (tier) =>
    reads(bench, tier),
  );
  await withTier(
    { replicas: 1, tree: { small: 50_000, large: 0 }, maps: 'shared' },
    parts,
    (tier) => stats(bench, tier),
  );
  for (const replicas of [1, 2, 3]) {
    if (bench.signal.aborted) return;
    await withTier({ replicas, tree: { small: 0, large: 4 }, maps: 'shared' }, parts, (tier) =>
      growth(bench, tier),
    );
  }
}

/** Both read twice: the second time the servers, or this machine, have it in memory. */
async function reads(bench: Bench, tier: Tier): Promise<void> {
  await onMount(tier, async (mount) => {
    for (const pass of ['first pass', 'second pass']) {
      const direct = await local(tier, mount, 'once');
      const nfs = await remote(tier, 'once', 4);
      const what = `reading 40 files of 8 MiB, ${pass}`;
      rate(bench, { what, unit: 'MB/s' }, megabytes(direct), megabytes(nfs));
      const single = await remote(tier, 'once', 1);
      for (const [tool, { p50, p95 }] of [
        [DIRECT, direct],
        [TIER, single],
      ] as const) {
        record(bench, { what: `${what}, 256 KiB, p50`, tool, unit: 'ms' }, p50);
        record(bench, { what: `${what}, 256 KiB, p95`, tool, unit: 'ms' }, p95);
      }
    }
  });
}

async function stats(bench: Bench, tier: Tier): Promise<void> {
  // The map of inodes knows every path, as after pre-warming; whoever comes first would pay for it.
  await onMount(tier, async (mount) => {
    await local(tier, mount, 'stat');
  });
  await onMount(tier, async (mount) => {
    // One after the other: what the kernel knows of a name it forgets after a minute.
    const direct = [await local(tier, mount, 'stat'), await local(tier, mount, 'stat')];
    for (const [pass, done] of direct.entries()) {
      const what = `stat of 50,000 files, ${pass === 0 ? 'first' : 'second'} pass`;
      const nfs = await remote(tier, 'stat', 1);
      rate(bench, { what, unit: 'per s' }, done.files / done.seconds, nfs.files / nfs.seconds);
    }
    const many = await remote(tier, 'stat', 32);
    const what = 'stat of 50,000 files, 32 calls at a time';
    record(bench, { what, tool: TIER, unit: 'per s' }, many.files / many.seconds);
  });
}

/** With the servers held to a share of a core each, as the machine has too few for them and their clients. */
async function growth(bench: Bench, tier: Tier): Promise<void> {
  const replicas = tier.replicas.length;
  const what = `${READERS} readers, servers with ${SHARE * 100} % of a core each`;
  const limits: { release: () => void }[] = [];
  try {
    for (const replica of tier.replicas) limits.push(limitCpu(replica.family(), SHARE));
    const readers = await Promise.all(
      Array.from({ length: READERS }, () => tier.read('handle', { depth: 4 })),
    );
    const before = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const accounts = await Promise.all(readers.map((reader) => reader.stop()));
    const value = sumOf(accounts, 'bytes') / 1e6 / ((Date.now() - before) / 1000);
    const tool = `${replicas} server${replicas > 1 ? 's' : ''}`;
    record(bench, { what, tool, unit: 'MB/s' }, value);
  } catch (error) {
    bench.problem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    for (const limit of limits) limit.release();
  }
}

async function withTier(
  shape: TierShape,
  parts: Settings['parts'],
  work: (tier: Tier) => Promise<void>,
): Promise<void> {
  const tier = new Tier(shape, parts);
  try {
    await tier.start();
    await work(tier);
  } finally {
    await tier.stop();
  }
}

/** The file system that the servers export, mounted here as well. */
async function onMount(tier: Tier, work: (mount: string) => Promise<void>): Promise<void> {
  const { folder, parts, treeOf, mapOf } = tier.settings;
  const mount = mkdtempSync(join(folder, 'direct-'));
  const [tree, map] = [treeOf('direct'), mapOf('direct')];
  await execa(parts.mapfs, [tree, map, '/dev/null', `${mount}.pid`, mount]);
  try {
    await work(mount);
  } finally {
    await execa('umount', ['--lazy', mount]);
  }
}

async function local(tier: Tier, mount: string, mode: 'once' | 'stat'): Promise<Account> {
  return (await tier.read(mode, { address: '-', directory: mount })).account();
}

async function remote(tier: Tier, mode: 'once' | 'stat', depth: number): Promise<Account> {
  return (await tier.read(mode, { depth })).account();
}

function megabytes({ bytes, seconds }: Account): number {
  return bytes / 1e6 / seconds;
}

/** Both, and the one as a part of the other. */
function rate(
  bench: Bench,
  { what, unit }: { readonly what: string; readonly unit: 'MB/s' | 'per s' },
  direct: number,
  tier: number,
): void {
  record(bench, { what, unit, tool: DIRECT }, direct);
  record(bench, { what, unit, tool: TIER }, tier);
  record(bench, { what, unit: 'times', tool: `${TIER} / ${DIRECT}` }, tier / direct);
}

function record(bench: Bench, found: Pick<Figure, 'what' | 'tool' | 'unit'>, value: number): void {
  bench.record({ part: 'cvmfs-speed', ...found, value, load: loadavg()[0] ?? 0 });
}
