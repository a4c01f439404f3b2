import { debianPackages } from './debian';
import type { Part } from './part';

/** Every real program that tests run against. A test asks for it by this name: see `need.ts`. */
export const PARTS = {
  rsync: debianPackages(['rsync'], '/usr/bin/rsync'),
  squid: debianPackages(['squid'], '/usr/sbin/squid'),
  chromium: debianPackages(['chromium'], '/usr/bin/chromium'),
} as const satisfies Readonly<Record<string, Part>>;

/** Name of a part. */
export type PartName = keyof typeof PARTS;

/** Whether a text names a part. */
export function isPartName(text: string): text is PartName {
  return Object.hasOwn(PARTS, text);
}
