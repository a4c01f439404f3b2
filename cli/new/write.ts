import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

import type { NewSite } from './answers';
import { filesOf } from './files';

const CHECKOUT = resolve(__dirname, '..', '..');

/** Throws an Error if there is anything where the site would be. */
export function rejectExisting(folder: string, name: string): void {
  const path = join(folder, name);
  if (existsSync(path))
    throw new Error(
      `'${path}' is there already, and nothing was changed; choose another name, or edit its site.yaml`,
    );
}

/** Writes a new site's folder in one piece and answers its path: it is there whole or not at all. */
export function writeSite(folder: string, site: NewSite): string {
  rejectExisting(folder, site.name);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, site.name);
  const files = filesOf(site, relative(path, CHECKOUT).split(sep).join('/'));
  removeLeftovers(folder);
  const draft = mkdtempSync(join(dirname(path), `.new-${process.pid}-`));
  try {
    for (const [name, text] of files) writeFileSync(join(draft, name), text);
    rejectExisting(folder, site.name);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return path;
}

/** Removes drafts of runs that were killed. No other command sees them: the names of environments have no dot. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid] = /^\.new-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && !runs(Number(pid)))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
