import { mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';

/** What a tree is made of. */
export interface TreeShape {
  /** Files of some hundred bytes to some kilobytes. */
  readonly small: number;
  /** Files of 8 MiB. */
  readonly large: number;
}

const LARGE = 8 << 20;
const PER_DIRECTORY = 100;

/** Writes a tree of files that all differ, and a list of their paths. Answers where the list is. */
export function writeTree(tree: string, list: string, { small, large }: TreeShape): void {
  const paths = [
    ...Array.from({ length: small }, (_, i) => ({
      path: `releases/${Math.floor(i / PER_DIRECTORY)}/lib/module-${i}.py`,
      size: 200 + ((i * 7919) % 30_000),
    })),
    ...Array.from({ length: large }, (_, i) => ({
      path: `data/events-${i}.root`,
      size: LARGE + i,
    })),
  ];
  const noise = randomBytes(LARGE + large);
  for (const [i, { path, size }] of paths.entries()) {
    const file = join(tree, path);
    mkdirSync(dirname(file), { recursive: true });
    const content = Buffer.from(noise.subarray(0, size));
    // Begins as no other file does.
    content.write(`${path} `, 0);
    content.writeUInt32BE(i, Math.max(0, size - 4));
    writeFileSync(file, content);
  }
  writeFileSync(list, `${paths.map(({ path }) => path).join('\n')}\n`);
}
