import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { fillDirectory } from '../../upstream/cache';
import { downloadGoModule, goEnvironment, whyNoGo } from '../../upstream/go';
import { withLock } from '../../upstream/lock';
import type { Part } from './part';

/**
 * A Go program built inside its own module, as its publisher does: the `replace`s of its go.mod would not count if the module were
 * required from another one. Its own go.sum verifies what it is built from, and the checksum database verifies the module.
 */
export interface GoModuleProgram {
  readonly name: string;
  /** Path of the module: `github.com/traefik/traefik/v3`. */
  readonly module: string;
  readonly version: string;
  /** The main package, seen from the module: `./cmd/traefik`. */
  readonly package: string;
  /** About how long it takes on two cores. */
  readonly minutes: number;
}

/** Builds the program, once, and answers its path. */
export function goModuleProgram(program: GoModuleProgram): Part {
  const { name, module, version, minutes } = program;
  return {
    title: `${name} ${version}, built from its Go module`,
    ensure: async (report) => {
      const recipe = JSON.stringify([module, version, program.package, FLAGS]);
      const digest = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
      const path = join(cacheHome(), 'parts', `go-${name}-${digest}`);
      const binary = join(path, name);
      if (existsSync(binary)) return binary;
      const missing = await whyNoGo();
      if (missing !== undefined) throw new Error(missing);
      await withLock({ path, doing: `building ${name}`, report }, async () => {
        if (existsSync(binary)) return;
        const task = report.begin(`building ${name} ${version}, about ${minutes} min`);
        try {
          const source = await downloadGoModule(module, version);
          await fillDirectory(path, async (scratch) => {
            await execa('go', ['build', ...FLAGS, '-o', join(scratch, name), program.package], {
              cwd: source,
              env: { ...goEnvironment(), CGO_ENABLED: '0' },
              timeout: minutes * 4 * 60_000,
            });
          });
          task.done(`built ${name} ${version}`);
        } catch (error) {
          task.failed(`could not build ${name} ${version}`);
          throw error;
        }
      });
      return binary;
    },
  };
}

/** The module lies read-only in the cache, so nothing may want to write its go.mod. */
const FLAGS = ['-mod=readonly', '-trimpath', '-buildvcs=false', '-ldflags=-s -w'];
