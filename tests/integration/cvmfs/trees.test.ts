import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

import { describeWith } from '../../parts/need';
import { TIER_PARTS, tierParts } from './support/parts';
import { Tier } from './support/tier';

const MANY = 20_000;
const FILES = {
  'with space/a file.txt': 'spaces\n',
  'grüße/日本/naïve café.txt': 'UTF-8\n',
  'quotes\'and"such/$HOME;`x`': 'a shell would stumble\n',
  [`long/${'n'.repeat(255)}`]: 'as long as a name may be\n',
  [`${'deep/'.repeat(20)}file`]: 'far down\n',
  '.hidden/..data/...': 'dots\n',
  empty: '',
  'boundary/exactly': 'x'.repeat(1_048_576),
  'boundary/one-more': 'y'.repeat(1_048_577),
} as const;

describeWith([...TIER_PARTS, 'libnfs'], 'a tree that is not as others are', (pathOf) => {
  let tier: Tier;
  afterEach(() => tier.stop(), 60_000);

  test('is read byte by byte through two servers, whatever its names and sizes', async () => {
    tier = odd({ replicas: 2 });
    for (const [path, text] of Object.entries(FILES)) write(tier, path, text);
    linkSync(join(tier.tree, 'empty'), join(tier.tree, 'empty too'));
    linkSync(join(tier.tree, 'with space/a file.txt'), join(tier.tree, 'hard link'));
    symlinkSync('with space/a file.txt', join(tier.tree, 'relative'));
    symlinkSync('nowhere', join(tier.tree, 'dangling'));
    writeFileSync(tier.list, `${[...Object.keys(FILES), 'empty too', 'hard link'].join('\n')}\n`);
    await tier.start();
    for (const { address } of tier.replicas) {
      const account = await (await tier.read('once', { address })).account();
      expect(account).toMatchObject({
        files: Object.keys(FILES).length + 2,
        wrongBytes: 0,
        errors: 0,
      });
      const names = await listed(address, '');
      expect(names).toEqual(
        expect.arrayContaining(['relative', 'dangling', 'empty', 'hard link', '.hidden']),
      );
    }
  }, 120_000);

  test('is served when there is nothing in it', async () => {
    tier = odd({ replicas: 1 });
    const [replica] = tier.replicas;
    await replica?.start();
    expect(await listed(replica?.address ?? '', '')).toEqual([]);
  }, 60_000);

  test(`is listed whole where a directory has ${MANY} files`, async () => {
    tier = odd({ replicas: 1 });
    for (let i = 0; i < MANY; i += 1) write(tier, `many/file-${i}`, '');
    const [replica] = tier.replicas;
    await replica?.start();
    const names = await listed(replica?.address ?? '', '/many');
    expect(names.length).toBe(MANY);
    expect(new Set(names).size).toBe(MANY);
  }, 180_000);

  function odd({ replicas }: { readonly replicas: number }): Tier {
    const made = new Tier(
      { replicas, tree: { small: 0, large: 0 }, maps: 'shared' },
      tierParts(pathOf),
    );
    mkdirSync(made.tree, { recursive: true });
    return made;
  }

  /** Names in a directory. */
  async function listed(address: string, below: string): Promise<string[]> {
    const { mount, ports } = tier.settings;
    const url = `nfs://${address}${mount}${below}?version=4&nfsport=${ports.nfs}`;
    const { stdout } = await execa(pathOf('libnfs'), [url], { maxBuffer: 1 << 26 });
    const lines = stdout.split('\n').filter((line) => line !== '');
    return lines.map((line) => line.replace(/^\S+\s+\d+\s+\d+\s+\d+\s+\d+ /, ''));
  }
});

function write(tier: Tier, path: string, text: string): void {
  const file = join(tier.tree, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
