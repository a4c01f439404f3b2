import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { withLock } from '../../upstream/lock';
import type { Part } from './part';

const QUIET = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

/** Debian packages, installed by root from the distribution. `program` is the file that shows they are there. */
export function debianPackages(packages: readonly string[], program: string): Part {
  const title = `Debian's ${packages.join(', ')}`;
  return {
    title,
    ensure: async (report) => {
      if (existsSync(program)) return program;
      if (process.getuid?.() !== 0) {
        throw new Error(
          `${program} is not there; 'apt-get install ${packages.join(' ')}' brings it`,
        );
      }
      await withLock(
        { path: join(cacheHome(), 'parts', 'apt'), doing: `installing ${title}`, report },
        () => install(packages),
      );
      if (!existsSync(program)) throw new Error(`${title} did not bring ${program}`);
      return program;
    },
  };
}

async function install(packages: readonly string[]): Promise<void> {
  const options = { env: QUIET, timeout: 600_000 };
  const args = ['install', '--yes', '--no-install-recommends', ...packages];
  // A list that was never read, or is old, names packages that are no longer served.
  const first = await execa('apt-get', args, { ...options, reject: false });
  if (!first.failed) return;
  await execa('apt-get', ['update', '--quiet'], options);
  await execa('apt-get', args, options);
}
