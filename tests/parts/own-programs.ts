import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { fillDirectory } from '../../upstream/cache';
import { goEnvironment, whyNoGo } from '../../upstream/go';
import { withLock } from '../../upstream/lock';
import { silentReport, type Report } from '../../upstream/progress';
import type { Part } from './part';

const CHECKOUT = resolve(__dirname, '../..');

/** A program of this project in C, compiled from one file. */
export interface CProgram {
  /** Below the checkout: `tests/parts/c/mapfs.c`. */
  readonly source: string;
  /** Libraries as pkg-config calls them. */
  readonly libraries: readonly string[];
  /** What brings compiler and libraries. */
  readonly needs: readonly Part[];
  /**
   * Whether it is loaded into another program instead of run.
   *
   * @default false
   */
  readonly shared?: boolean;
  /**
   * A device without which it is of no use. Using it takes root.
   *
   * @default - none
   */
  readonly device?: string;
}

/** Compiles the program, once for each state of its source, and answers its path. */
export function cProgram(program: CProgram): Part {
  const { source, libraries, needs, shared = false, device } = program;
  return {
    title: source,
    ensure: async (report) => {
      if (device !== undefined) {
        accessSync(device, constants.R_OK | constants.W_OK);
        if (process.getuid?.() !== 0) throw new Error('mounting needs root');
      }
      for (const part of needs) await part.ensure(report);
      const file = join(CHECKOUT, source);
      return builtOnce({ name: source, inputs: [file], report }, async (output) => {
        const flags = libraries.length === 0 ? '' : await flagsOf(libraries);
        await execa('gcc', [
          ...['-O2', '-Wall', '-Wextra', '-Werror', ...(shared ? ['-shared', '-fPIC'] : [])],
          ...['-o', output, file, ...flags.split(' ').filter((flag) => flag !== '')],
        ]);
      });
    },
  };
}

async function flagsOf(libraries: readonly string[]): Promise<string> {
  return (await execa('pkg-config', ['--cflags', '--libs', ...libraries])).stdout.trim();
}

/** A Go program of this project: the main package of a module of its own below the checkout. Answers its path. */
export function ownGoProgram(directory: string): Part {
  return {
    title: `${directory}, built from its source`,
    ensure: async (report) => {
      const missing = await whyNoGo();
      if (missing !== undefined) throw new Error(missing);
      const cwd = join(CHECKOUT, directory);
      const inputs = readdirSync(cwd)
        .filter((file) => /\.go$|^go\.(mod|sum)$/.test(file) && !file.endsWith('_test.go'))
        .map((file) => join(cwd, file));
      return builtOnce({ name: directory, inputs, report }, async (output) => {
        await execa('go', ['build', '-trimpath', '-buildvcs=false', '-o', output, '.'], {
          cwd,
          env: { ...goEnvironment(), CGO_ENABLED: '0' },
          timeout: 600_000,
        });
      });
    },
  };
}

interface Building {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly report: Report;
}

async function builtOnce(
  { name, inputs, report }: Building,
  build: (output: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256');
  for (const input of inputs) digest.update(input).update(readFileSync(input));
  const label = name.replaceAll(/[/.]/g, '-');
  const path = join(cacheHome(), 'parts', `own-${label}-${digest.digest('hex').slice(0, 12)}`);
  const output = join(path, 'program');
  await withLock({ path, doing: `building ${name}`, report: silentReport }, async () => {
    if (existsSync(output)) return;
    const task = report.begin(`building ${name}`);
    try {
      await fillDirectory(path, (scratch) => build(join(scratch, 'program')));
      task.done(`built ${name}`);
    } catch (error) {
      task.failed(`could not build ${name}`);
      throw error;
    }
  });
  return output;
}
