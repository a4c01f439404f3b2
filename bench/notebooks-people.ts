import type { RunningSite } from '../tests/constructs/notebooks/real/running-site';
import { Visitor } from '../tests/constructs/notebooks/real/visitor';
import type { Bench } from './bench';
import type { Database } from './options';
import { SHARES } from './notebooks-words';

/** New people of the directory, who were never here. */
export async function newPeople(site: RunningSite, names: readonly string[]): Promise<Visitor[]> {
  await site.directory.change(names.map(entry).join('\n'));
  return names.map((name) => new Visitor(name, site.doors));
}

/** A hub that is measured, by where it keeps who has which session. */
export interface Measured {
  readonly bench: Bench;
  readonly site: RunningSite;
  readonly database: Database;
}

/** Records what half of them, 19 of 20 and all waited at most. */
export function recordShares(
  bench: Bench,
  { what, tool, load }: { what: string; tool: Database; load: number },
  milliseconds: readonly number[],
): void {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  for (const [name, share] of Object.entries(SHARES)) {
    const value = (sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN) / 1000;
    const figure = { part: 'notebooks', tool, load, unit: 's' } as const;
    bench.record({ ...figure, what: `${what}, ${name}`, value });
  }
}

function entry(uid: string): string {
  const lines = [
    `dn: uid=${uid},ou=people,dc=example,dc=org`,
    'changetype: add',
    'objectClass: inetOrgPerson',
    ...[`uid: ${uid}`, `cn: ${uid}`, 'sn: Example', `mail: ${uid}@example.org`],
    `userPassword: ${uid}-secret`,
  ];
  return `${lines.join('\n')}\n`;
}
