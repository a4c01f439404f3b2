import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { describeWith } from '../../parts/need';
import { until } from '../support/processes';
import { FAULTS, trial } from './support/faults';
import { TIER_PARTS, tierParts } from './support/parts';
import type { Reader } from './support/reader';
import { sumOf, Tier } from './support/tier';

const TRIALS = 3;

describeWith(TIER_PARTS, 'clients of a tier of three servers, reading without pause', (pathOf) => {
  let tier: Tier;
  let readers: Reader[];

  beforeAll(async () => {
    tier = new Tier(
      { replicas: 3, tree: { small: 300, large: 3 }, maps: 'shared', timing: { drainSeconds: 2 } },
      tierParts(pathOf),
    );
    await tier.start();
  }, 120_000);
  afterAll(async () => {
    await tier.stop();
    const left = (): string[] => processesThatMention(tier.settings.folder);
    await until(() => Promise.resolve(left().length === 0), 'something was left running', 10_000);
  }, 60_000);

  beforeEach(async () => {
    readers = await Promise.all([
      tier.read('open'),
      tier.read('open'),
      tier.read('handle'),
      tier.read('open'),
    ]);
  });

  test.each(FAULTS)(
    '%s: no wrong byte, no error, no changed handle',
    async (fault) => {
      for (let round = 0; round < TRIALS; round += 1) await trial(tier, readers, fault);
      const accounts = await Promise.all(readers.map((reader) => reader.stop()));
      expect(readers.flatMap((reader) => reader.errors())).toEqual([]);
      expect(sumOf(accounts, 'wrongBytes')).toBe(0);
      expect(sumOf(accounts, 'changedHandles')).toBe(0);
      // They were there and had to move, or the trial would show nothing.
      if (fault !== 'one added') expect(sumOf(accounts, 'reconnects')).toBeGreaterThan(0);
      expect(accounts.every(({ files }) => files > 0)).toBe(true);
    },
    120_000,
  );
});

describeWith([...TIER_PARTS, 'libnfs'], 'an export server', (pathOf) => {
  let tier: Tier;
  afterEach(() => tier.stop());

  test('adopts what its mounts leave in the background and takes it along when it ends', async () => {
    tier = new Tier(
      { replicas: 1, tree: { small: 5, large: 0 }, maps: 'shared' },
      tierParts(pathOf),
    );
    const [replica] = tier.replicas;
    await replica?.start();
    const family = replica?.family() ?? [];
    expect(family.map(commandOf)).toContain('program'); // the file system, which went to the background
    // None of these changes anything.
    for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGTSTP', 'SIGPIPE'] as const)
      replica?.signal(signal);
    expect(await replica?.reasons()).toEqual([]);
    replica?.signal('SIGTERM');
    replica?.signal('SIGTERM'); // who asks twice does not wait for the drain
    expect(await replica?.ended()).toBe(0);
    // In a container all end with the first; here the file system ends when it finds itself unmounted.
    const left = (): string[] => processesThatMention(tier.settings.folder);
    await until(() => Promise.resolve(left().length === 0), 'something was left running', 10_000);
  }, 60_000);

  test('does not go on serving when its supervisor is killed', async () => {
    tier = new Tier(
      { replicas: 1, tree: { small: 5, large: 0 }, maps: 'shared' },
      tierParts(pathOf),
    );
    const [replica] = tier.replicas;
    await replica?.start();
    replica?.signal('SIGKILL');
    expect(await replica?.ended()).toBe(137);
    const servers = (): string[] =>
      processesThatMention(join(replica?.folder ?? '', 'ganesha.conf'));
    await until(() => Promise.resolve(servers().length === 0), 'a server goes on', 10_000);
    // In a container it would have ended with the first process.
    replica?.killMount();
  }, 60_000);

  test('is unready while it is behind the others, and asks its client for news', async () => {
    tier = new Tier(
      {
        replicas: 2,
        tree: { small: 5, large: 0 },
        maps: 'shared',
        timing: { revisionToleranceSeconds: 1 },
        refresh: 'touch "$0.asked"',
      },
      tierParts(pathOf),
    );
    const [ahead, behind] = tier.replicas;
    await Promise.all([ahead?.start(), behind?.start()]);
    ahead?.setRevision(6);
    await behind?.becomes(false);
    expect(await behind?.reasons()).toEqual([
      'atlas.example.org is at revision 5, a peer serves 6',
    ]);
    expect(await ahead?.reasons()).toEqual([]);
    expect(readdirSync(behind?.folder ?? '')).toContain('revision.asked');
    behind?.setRevision(6);
    await behind?.becomes(true);
  }, 60_000);

  test.each([
    { clients: '127.0.0.0/8', who: 'lets in', exit: 0, shows: 'releases' },
    { clients: '127.254.254.0/24', who: 'refuses', exit: 254, shows: '' },
  ])(
    '$who this machine where $clients may mount',
    async ({ clients, exit, shows }) => {
      tier = new Tier(
        { replicas: 1, tree: { small: 5, large: 0 }, maps: 'shared', clients: [clients] },
        tierParts(pathOf),
      );
      await tier.replicas[0]?.start();
      const { ports, mount } = tier.settings;
      const url = `nfs://${tier.replicas[0]?.address}${mount}?version=4&nfsport=${ports.nfs}`;
      const { exitCode, stdout } = await execa(pathOf('libnfs'), [url], { reject: false });
      expect(exitCode).toBe(exit);
      expect(stdout).toContain(shows);
      if (exit !== 0) expect(stdout).toBe('');
    },
    60_000,
  );

  test('ends with a word on everything that is wrong with its configuration', async () => {
    tier = new Tier(
      {
        replicas: 1,
        tree: { small: 1, large: 0 },
        maps: 'shared',
        timing: { statTimeoutSeconds: 0, checkIntervalSeconds: -1 },
      },
      tierParts(pathOf),
    );
    tier.replicas[0]?.begin();
    expect(await tier.replicas[0]?.ended()).toBe(2);
    expect(tier.replicas[0]?.log()).toMatch(/'statTimeoutSeconds' is 0; it must be more than 0/);
    expect(tier.replicas[0]?.log()).toMatch(/'checkIntervalSeconds' is -1/);
  });
});

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

function processesThatMention(text: string): string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(text) ? [line] : [];
      } catch {
        return []; // it has ended since it was listed
      }
    });
}
