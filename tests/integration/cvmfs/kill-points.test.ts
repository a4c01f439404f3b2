import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { describeWith } from '../../parts/need';
import { until } from '../support/processes';
import { TIER_PARTS, tierParts } from './support/parts';
import type { Reader } from './support/reader';
import type { Replica } from './support/replica';
import { sumOf, Tier } from './support/tier';

const TREE = { small: 200, large: 2 };
const READERS = ['open', 'handle', 'open'] as const;

describeWith(TIER_PARTS, 'a supervisor that is out of the way', (pathOf) => {
  let tier: Tier;
  let readers: Reader[];

  beforeAll(async () => {
    tier = new Tier({ replicas: 2, tree: TREE, maps: 'shared' }, tierParts(pathOf));
    await tier.start();
  }, 240_000);
  afterAll(() => tier.stop(), 60_000);
  beforeEach(async () => {
    readers = await Promise.all(READERS.map((mode) => tier.read(mode)));
  });

  test('killed, takes its server along: the first process ends with it', async () => {
    const victim = await tier.busiest();
    victim.signalSupervisor('SIGKILL');
    expect(await victim.ended()).toBe(137);
    await movedOn(readers);
    victim.killMount(); // in a container it would have ended
    await victim.start();
    await tier.balancer.sees(victim, true);
  }, 120_000);

  test('stopped, leaves the server to its guard, which ends it with its mount', async () => {
    const victim = await tier.busiest();
    victim.signalSupervisor('SIGSTOP');
    // It answers no probe any more.
    await tier.balancer.sees(victim, false);
    victim.killMount();
    await movedOn(readers);
    victim.killAll(); // what the kubelet does when `/live` does not answer
    expect(await victim.ended()).toBe(137);
    await victim.start();
    await tier.balancer.sees(victim, true);
  }, 120_000);

  /** Every reader has read on since, and nobody saw anything wrong. */
  async function movedOn(all: readonly Reader[]): Promise<void> {
    for (let lap = 0; lap < 3; lap += 1) await Promise.all(all.map((reader) => reader.lap()));
    const accounts = await Promise.all(all.map((reader) => reader.stop()));
    expect(all.flatMap((reader) => reader.errors())).toEqual([]);
    expect(sumOf(accounts, 'wrongBytes')).toBe(0);
    expect(sumOf(accounts, 'changedHandles')).toBe(0);
    expect(sumOf(accounts, 'reconnects')).toBeGreaterThan(0);
  }
});

describeWith(TIER_PARTS, 'maps of inodes that take nothing more', (pathOf) => {
  let tier: Tier;

  afterEach(async () => {
    await execa('umount', ['--lazy', tier.settings.shared], { reject: false });
    await tier.stop();
  }, 60_000);

  test('stop every server, before it says of a file that nobody has asked for that there is none', async () => {
    tier = new Tier({ replicas: 2, tree: TREE, maps: 'shared' }, tierParts(pathOf));
    const { shared } = tier.settings;
    await execa('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'maps', shared]);
    await tier.start();
    const readers = await Promise.all(READERS.map((mode) => tier.read(mode)));
    const filler = join(shared, 'filler');
    let codes: readonly number[] | undefined;
    void Promise.all(tier.replicas.map((replica) => replica.ended())).then((all) => (codes = all));
    await until(
      () => {
        // What a server had written beside its record may become free once more.
        fill(filler, shared);
        return Promise.resolve(codes !== undefined);
      },
      () => tier.replicas.map((replica) => replica.log()).join('\n'),
      60_000,
    );
    expect(codes).toEqual([3, 3]);

    // The kubelet starts them again; they wait, and say for what.
    for (const replica of tier.replicas) replica.begin();
    for (const replica of tier.replicas)
      await until(
        async () => /maps of inodes.* no space left/.test((await reasonsOf(replica)).join()),
        () => `${replica.name} does not wait for the maps:\n${replica.log()}`,
        60_000,
      );
    rmSync(filler);
    for (const replica of tier.replicas) await replica.becomes(true);
    for (let lap = 0; lap < 3; lap += 1) await Promise.all(readers.map((reader) => reader.lap()));
    const accounts = await Promise.all(readers.map((reader) => reader.stop()));
    expect(readers.flatMap((reader) => reader.errors())).toEqual([]);
    expect(sumOf(accounts, 'wrongBytes')).toBe(0);
    expect(sumOf(accounts, 'changedHandles')).toBe(0);
  }, 120_000);

  test('keep a server from starting, but not from ending when it is told to', async () => {
    tier = new Tier({ replicas: 1, tree: TREE, maps: 'shared' }, tierParts(pathOf));
    const { shared } = tier.settings;
    rmSync(shared, { recursive: true });
    writeFileSync(shared, ''); // gone: no directory is there any more
    const [replica] = tier.replicas;
    replica?.begin();
    await until(
      async () => /maps of inodes/.test((await reasonsOf(replica)).join()),
      () => `it does not wait:\n${replica?.log() ?? ''}`,
      60_000,
    );
    replica?.signal('SIGTERM');
    expect(await replica?.ended()).toBe(0);
    rmSync(shared);
    mkdirSync(shared);
    await replica?.start();
  }, 60_000);

  async function reasonsOf(replica: Replica | undefined): Promise<readonly string[]> {
    return (await replica?.reasons()) ?? [];
  }

  /** Takes the last byte. */
  function fill(file: string, directory: string): void {
    const { bavail, bsize } = statfsSync(directory);
    for (let left = bavail * bsize; left > 0; left = Math.floor(left / 2)) {
      try {
        writeFileSync(file, Buffer.alloc(left), { flag: 'a' });
      } catch {
        // Somebody else took some of it meanwhile.
      }
    }
  }
});
