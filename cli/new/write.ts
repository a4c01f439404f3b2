import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
  const draft = mkdtempSync(join(dirname(path), `.new-${site.name}-`));
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
