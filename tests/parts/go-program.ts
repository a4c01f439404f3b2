import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { fillDirectory } from '../../upstream/cache';
import { goEnvironment, whyNoGo } from '../../upstream/go';
import { withLock } from '../../upstream/lock';
import type { Part } from './part';

/** A Go program built from `tests/parts/go/<name>/` and the modules that its `go.mod` pins and `go.sum` verifies. */
export interface GoProgram {
  readonly name: string;
  /** The main package: `example.org/tool/cmd/tool`. */
  readonly package: string;
  /** About how long it takes on two cores. */
  readonly minutes: number;
  /**
   * What brings a C compiler, for a program that has C in it.
   *
   * @default - it is Go alone
   */
  readonly compiler?: Part;
}

/** Builds the program, once, and answers its path. */
export function goProgram(program: GoProgram): Part {
  const recipe = join(__dirname, 'go', program.name);
  return {
    title: `${program.name}, built from Go modules`,
    ensure: async (report) => {
      const sums = readdirSync(recipe)
        .sort()
        .map((file) => readFileSync(join(recipe, file)));
      const digest = createHash('sha256').update(Buffer.concat(sums)).digest('hex').slice(0, 12);
      const path = join(cacheHome(), 'parts', `go-${program.name}-${digest}`);
      const binary = join(path, program.name);
      if (existsSync(binary)) return binary;
      const missing = await whyNoGo();
      if (missing !== undefined) throw new Error(missing);
      await program.compiler?.ensure(report);
      await withLock({ path, doing: `building ${program.name}`, report }, async () => {
        if (existsSync(binary)) return;
        const task = report.begin(`building ${program.name}, about ${program.minutes} min`);
        try {
          await fillDirectory(path, async (scratch) => {
            const output = join(scratch, program.name);
            const flags = ['-trimpath', '-buildvcs=false', '-ldflags=-s -w', '-o', output];
            await execa('go', ['build', ...flags, program.package], {
              cwd: recipe,
              env: { ...goEnvironment(), CGO_ENABLED: program.compiler === undefined ? '0' : '1' },
              timeout: program.minutes * 4 * 60_000,
            });
          });
          task.done(`built ${program.name}`);
        } catch (error) {
          task.failed(`could not build ${program.name}`);
          throw error;
        }
      });
      return binary;
    },
  };
}
