import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeWith } from '../../parts/need';
import { TIER_PARTS, tierParts } from './support/parts';
import type { Account } from './support/reader';
import { Tier, type TierShape } from './support/tier';

const STALE = 70;
const TREE = { small: 120, large: 0 };

/** A handle is taken on one server, the server is killed, and the next one is asked to read by it. */
describeWith(
  TIER_PARTS,
  'a handle that was taken on one server and is used on the next',
  (pathOf) => {
    const parts = tierParts(pathOf);
    let tier: Tier;
    afterEach(() => tier.stop());

    test('opens another file where each server numbers inodes by itself', async () => {
      const { account } = await moved({ replicas: 2, tree: TREE, maps: 'private' });
      expect(account.wrongBytes).toBeGreaterThan(0);
    }, 60_000);

    test('is stale where the fsid is left to the number of the device, shared maps or not', async () => {
      // Any library that changes nothing stands for none: the supervisor insists on one.
      const nothing = '/lib/x86_64-linux-gnu/libm.so.6';
      const { errors } = await moved({ replicas: 2, tree: TREE, maps: 'shared', guard: nothing });
      expect(errors).toContain(STALE);
    }, 60_000);

    test('opens the same file with what the construct renders', async () => {
      const { account, errors } = await moved({ replicas: 2, tree: TREE, maps: 'shared' });
      expect(errors).toEqual([]);
      expect(account.wrongBytes).toBe(0);
      expect(account.reconnects).toBeGreaterThan(0);
    }, 60_000);

    async function moved(shape: TierShape): Promise<{ account: Account; errors: number[] }> {
      tier = new Tier(shape, parts);
      await tier.start();
      const [one, other] = tier.replicas;
      // Clients have asked each for the same files before, in another order.
      await (await tier.read('stat', { address: one?.address ?? '' })).account();
      const backwards = join(tier.settings.folder, 'backwards');
      const paths = readFileSync(tier.list, 'utf8').trim().split('\n').reverse();
      writeFileSync(backwards, `${paths.join('\n')}\n`);
      await (await tier.read('stat', { address: other?.address ?? '', list: backwards })).account();

      const reader = await tier.read('handle');
      await reader.lap();
      (await tier.busiest()).killServer();
      // A whole pass over the files on the other server.
      for (let files = 0; files <= paths.length; files += 1) await reader.lap();
      const account = await reader.stop();
      const errors = reader.errors().map(({ number }) => number);
      return { account, errors };
    }
  },
);
