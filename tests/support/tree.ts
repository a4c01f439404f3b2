import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout that the tests are part of. */
export const CHECKOUT = resolve(__dirname, '..', '..');

/** The files that git knows, as paths from the root of the checkout. */
export function filesOfCheckout(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: CHECKOUT, encoding: 'utf8' });
  const paths = listed.split('\0').filter((path) => path !== '');
  // A file that was deleted and not yet committed is still listed.
  return [...new Set(paths)].filter((path) => existsSync(join(CHECKOUT, path))).sort();
}

/** The text of a file of the checkout. */
export function textOf(path: string): string {
  return readFileSync(join(CHECKOUT, path), 'utf8');
}
