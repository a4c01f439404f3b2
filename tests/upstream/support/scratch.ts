import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of a test's own; with it, an empty cache, no mirror and no proxy. */
export interface Scratch {
  readonly directory: string;
  /** Removes the directory and gives the variables back their values. */
  clear(): void;
}

const VARIABLES = ['BEAMLINE_CACHE', 'BEAMLINE_TOOLCHAIN', 'PATH', 'PULUMI_HOME'] as const;

/** Makes one. */
export function makeScratch(): Scratch {
  const directory = mkdtempSync(join(tmpdir(), 'beamline-test-'));
  const before = VARIABLES.map((name) => [name, process.env[name]] as const);
  process.env['BEAMLINE_CACHE'] = join(directory, 'cache');
  process.env['PULUMI_HOME'] = join(directory, 'pulumi');
  delete process.env['BEAMLINE_TOOLCHAIN'];
  return {
    directory,
    clear: () => {
      for (const [name, value] of before) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
