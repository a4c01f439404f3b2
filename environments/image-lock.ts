import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import type { ImageLock } from '../constructs/kit/images';

/** Name of the file, beside the folders of the environments: a site locks its own images. */
export const LOCK_FILE = 'images.lock';

const LINE = /^(\S+\/\S+:[^\s@]+)@(sha256:[0-9a-f]{64})$/;
const HEADER =
  "# Images by digest, written by 'beamline images lock'. A tag can be moved by its publisher; what is named here cannot.\n";

/** Reads the lock; empty where there is none. Throws an Error naming each line that is no image with its digest. */
export function readImageLock(path: string): ImageLock {
  const lock = new Map<string, string>();
  if (!existsSync(path)) return lock;
  const problems: string[] = [];
  readFileSync(path, 'utf8')
    .split('\n')
    .forEach((line, index) => {
      if (line.trim() === '' || line.startsWith('#')) return;
      const [, image, digest] = LINE.exec(line.trim()) ?? [];
      if (image === undefined || digest === undefined)
        problems.push(
          `line ${index + 1}: must be 'registry/name:tag@sha256:<64 digits>', got '${line.trim()}'`,
        );
      else if (lock.has(image)) problems.push(`line ${index + 1}: '${image}' stands there twice`);
      else lock.set(image, digest);
    });
  if (problems.length === 0) return lock;
  throw new Error(
    `'${path}' cannot be read; 'beamline images lock' writes it anew once the line is gone:\n  - ${problems.join('\n  - ')}`,
  );
}

/** Writes the lock in one piece: sorted, so that a change is a line. */
export function writeImageLock(path: string, lock: ImageLock): void {
  const lines = [...lock].map(([image, digest]) => `${image}@${digest}\n`).sort();
  writeFileSync(`${path}.partial`, HEADER + lines.join(''));
  renameSync(`${path}.partial`, path);
}
