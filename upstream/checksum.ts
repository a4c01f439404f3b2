import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

/** A file is not what its publisher says it is. It was deleted. */
export class WrongChecksum extends Error {
  constructor(subject: string, expected: string, found: string, source: string) {
    super(
      `${subject} has the wrong checksum: expected ${expected} (${source}), found ${found}; ` +
        'it was refused and deleted; run again, and if it happens again, do not trust the place it came from',
    );
    this.name = 'WrongChecksum';
  }
}

/** SHA-256 of a file in hexadecimal digits. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Deletes the file and throws when its bytes are not the expected ones. */
export async function verify(
  file: string,
  expected: string,
  subject: string,
  source: string,
): Promise<void> {
  const found = await sha256Of(file);
  if (found === expected.toLowerCase()) return;
  await rm(file, { force: true });
  throw new WrongChecksum(subject, expected, found, source);
}

const LINE = /^([0-9a-f]{64})(?:\s+\*?(\S+))?\s*$/i;

/**
 * The SHA-256 of one file in a publisher's checksum file: `<digest>  <file name>` lines, or the digest
 * alone when the checksum file belongs to one file.
 */
export function checksumIn(text: string, fileName: string): string | undefined {
  for (const line of text.split('\n')) {
    const [, digest, name] = LINE.exec(line.trim()) ?? [];
    if (digest === undefined) continue;
    if (name === undefined || name === fileName || name.endsWith(`/${fileName}`))
      return digest.toLowerCase();
  }
  return undefined;
}
