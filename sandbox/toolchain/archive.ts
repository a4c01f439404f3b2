import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { execa } from 'execa';

/** Takes one file out of a `.tar.gz`, or on macOS out of a `.zip`, whose `tar` reads both. */
export async function extractMember(
  archive: string,
  url: string,
  member: string,
  target: string,
): Promise<void> {
  const scratch = mkdtempSync(join(dirname(target), 'extract-'));
  try {
    const { failed, stderr } = await execa('tar', ['-x', '-f', archive, '-C', scratch, member], {
      reject: false,
    });
    if (failed)
      throw new Error(
        `'${member}' cannot be taken out of ${url}: ${stderr.trim() || "'tar' failed"}`,
      );
    renameSync(join(scratch, member), target);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
