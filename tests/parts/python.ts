import { existsSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { execa } from 'execa';

import { cacheHome } from '../../constructs/kit/upstream';
import { fillDirectory } from '../../upstream/cache';
import { withLock } from '../../upstream/lock';
import type { Part } from './part';

/**
 * A Python environment with what `tests/parts/python/<name>.txt` pins (every line `package==version`, dependencies as
 * well). Answers its directory: `<answer>/bin/python`.
 */
export function pythonEnvironment(name: string): Part {
  const list = join(__dirname, 'python', `${name}.txt`);
  return {
    title: `the Python environment '${name}'`,
    ensure: async (report) => {
      const digest = createHash('sha256').update(readFileSync(list)).digest('hex').slice(0, 12);
      const path = join(cacheHome(), 'parts', `python-${name}-${digest}`);
      const done = join(path, 'complete');
      await withLock(
        { path, doing: `installing Python packages for ${name}`, report },
        async () => {
          if (existsSync(done)) return;
          const task = report.begin(`installing the Python environment '${name}'`);
          try {
            // A virtual environment knows its own path, so it is made where it stays; `complete` says that it is whole.
            await execa('rm', ['-rf', path]);
            await execa('python3', ['-m', 'venv', path], { timeout: 120_000 });
            const pip = [
              '-m',
              'pip',
              'install',
              '--disable-pip-version-check',
              '--no-input',
              '-r',
              list,
            ];
            await execa(join(path, 'bin', 'python'), pip, { timeout: 900_000 });
            await fillDirectory(done, () => Promise.resolve());
            task.done(`installed the Python environment '${name}'`);
          } catch (error) {
            task.failed(`could not install the Python environment '${name}'`);
            throw error;
          }
        },
      );
      return path;
    },
  };
}
