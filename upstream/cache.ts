import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { codeOf } from './errors';

/**
 * Makes a directory whole or not at all: `fill` writes into a directory beside it, which then takes its
 * place in one rename. What an interrupted run left behind is cleared by the next: call it under a lock.
 */
export async function fillDirectory(
  target: string,
  fill: (scratch: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(target);
  const scratch = makeScratch(parent, basename(target));
  try {
    await fill(scratch);
    chmodSync(scratch, 0o755);
    rmSync(target, { recursive: true, force: true });
    renameSync(scratch, target);
  } catch (error) {
    throw explainDisk(error, parent);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function makeScratch(parent: string, name: string): string {
  try {
    mkdirSync(parent, { recursive: true });
    for (const entry of readdirSync(parent)) {
      if (entry.startsWith(`.new-${name}-`)) rmSync(join(parent, entry), { recursive: true });
    }
    return mkdtempSync(join(parent, `.new-${name}-`));
  } catch (error) {
    throw explainDisk(error, parent);
  }
}

const DISK_PROBLEMS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on its disk; free some',
  EDQUOT: 'the disk quota is used up; free some',
  EROFS: 'it is on a read-only file system; choose another',
  EACCES: 'it is not writable for this user; change its owner or choose another',
  EPERM: 'it is not writable for this user; change its owner or choose another',
  ENOTDIR: 'a part of its path is a file; move that file or choose another',
};

/** The same failure, said so that its reader knows what to do; other errors pass unchanged. */
export function explainDisk(error: unknown, directory: string): unknown {
  const code = codeOf(error);
  const reason = code === undefined ? undefined : DISK_PROBLEMS[code];
  if (code === undefined || reason === undefined || error instanceof DiskProblem) return error;
  return new DiskProblem(code, directory, reason);
}

/** The cache cannot be written. No other way of bringing a file helps. */
export class DiskProblem extends Error {
  constructor(
    readonly code: string,
    directory: string,
    reason: string,
  ) {
    super(
      `the directory '${directory}' cannot be written (${code}): ${reason}, or set BEAMLINE_CACHE to another directory and run again`,
    );
    this.name = 'DiskProblem';
  }
}
