import { copyFileSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { cacheHome, upstreamPath, type UpstreamPin } from '../constructs/kit/upstream';
import { firstThatWorks, type Way } from './attempts';
import { explainDisk } from './cache';
import { sha256Of, verify } from './checksum';
import { downloadVerified } from './download';
import { downloadGoModule } from './go';
import { withLock } from './lock';
import { mirrorDirectory } from './mirror';
import { silentReport, type Report } from './progress';

/**
 * Brings a pinned third-party file into the cache, unless it is there, and answers its path: from the
 * mirror directory, from its publisher, or out of the Go module that holds the same bytes.
 *
 * @throws WrongChecksum when any of them has other bytes than the pinned ones; NothingWorked when none has it.
 */
export async function ensureUpstream(
  pin: UpstreamPin,
  report: Report = silentReport,
): Promise<string> {
  const path = upstreamPath(pin);
  if (await isGood(path, pin)) return path;
  const doing = `fetching ${pin.name} ${pin.version}`;
  await withLock({ path: dirname(path), doing, report }, async () => {
    if (await isGood(path, pin)) return; // Whoever held the lock brought it.
    await bring(pin, path, report);
  });
  return path;
}

async function bring(pin: UpstreamPin, path: string, report: Report): Promise<void> {
  const task = report.begin(`fetching ${pin.name} ${pin.version}`);
  const part = join(cacheHome(), 'downloads', `${pin.name}-${pin.version}-${basename(path)}.part`);
  const subject = `the upstream file '${pin.name}' ${pin.version}`;
  const take = async (file: string, source: string): Promise<void> => {
    const copy = `${part}.copy`;
    copyFileSync(file, copy);
    await verify(copy, pin.sha256, `${subject} from ${source}`, 'pinned');
    renameSync(copy, path);
  };
  const ways: Way[] = [
    {
      name: 'the mirror BEAMLINE_TOOLCHAIN',
      run: async () => {
        const file = mirrored(pin);
        await take(file, file);
      },
    },
    {
      name: 'its publisher',
      run: async () => {
        const expected = {
          sha256: pin.sha256,
          subject: `${subject} from ${pin.url}`,
          source: 'pinned',
        };
        await downloadVerified(pin.url, part, expected, task);
        renameSync(part, path);
      },
    },
    {
      name: `the Go module '${pin.goModule.path}'`,
      run: async () => {
        const { path: module, version, file } = pin.goModule;
        await take(
          join(await downloadGoModule(module, version), file),
          `the Go module ${module}@${version}`,
        );
      },
    },
  ];
  try {
    prepare(dirname(part), dirname(path));
    await firstThatWorks(subject, ways, ADVICE);
    task.done(`fetched ${pin.name} ${pin.version}`);
  } catch (error) {
    task.failed(`could not fetch ${pin.name} ${pin.version}`);
    throw explainDisk(error, cacheHome());
  }
}

const ADVICE =
  'Give this machine one of them: a route to the publisher, Go with a module proxy, or a directory with the ' +
  'file, named by BEAMLINE_TOOLCHAIN.';

function mirrored(pin: UpstreamPin): string {
  const directory = mirrorDirectory();
  const folder = `${pin.name}-${pin.version}`;
  const names = [join(folder, basename(pin.url)), join(folder, basename(pin.goModule.file))];
  const found = names.map((name) => join(directory, name)).find((file) => existsSync(file));
  if (found === undefined) throw new Error(`'${directory}' has none of ${names.join(', ')}`);
  return found;
}

function prepare(...directories: readonly string[]): void {
  for (const directory of directories) {
    try {
      mkdirSync(directory, { recursive: true });
    } catch (error) {
      throw explainDisk(error, directory);
    }
  }
}

/** A cached file with other bytes is brought again: a disk can lie, a pin can have been raised. */
async function isGood(path: string, pin: UpstreamPin): Promise<boolean> {
  return existsSync(path) && (await sha256Of(path)) === pin.sha256;
}
