import { Client, type Entry } from 'ldapts';

import type { DirectoryFacts } from './facts';

/** Whom a directory's filters fit. */
export interface Survey {
  readonly url: string;
  /** How many users there are. */
  readonly users: number;
  readonly groups: readonly { readonly name: string; readonly members: number }[];
  /** What the site cannot live with: everybody, or nobody that the directory knows, runs its services. */
  readonly errors: readonly string[];
  /** What is allowed and hardly meant. */
  readonly warnings: readonly string[];
}

const LIMIT_MS = 20_000;

/** Asks a directory whom its filters fit. Throws an Error when it does not answer, or refuses the account that searches. */
export async function surveyOf(
  facts: DirectoryFacts,
  password: string | undefined,
): Promise<Survey> {
  const trust = facts.ca === undefined ? {} : { ca: facts.ca };
  const startsPlain = !facts.url.startsWith('ldaps:');
  const client = new Client({
    url: facts.url,
    timeout: LIMIT_MS,
    connectTimeout: LIMIT_MS,
    // Given any, the client speaks TLS from the first byte, whatever the URL says.
    ...(startsPlain ? {} : { tlsOptions: trust }),
  });
  try {
    if (startsPlain) await client.startTLS(trust);
    if (facts.bindDn !== undefined) await client.bind(facts.bindDn, password ?? '');
    const { users, groupSearch } = facts;
    const found = async (base: string, filter: string, attributes: string[]): Promise<Entry[]> =>
      (await client.search(base, { scope: 'sub', filter, attributes, paged: true })).searchEntries;
    const people = await found(users.base, users.filter, [users.attribute]);
    const groups = await found(groupSearch.base, groupSearch.filter, [
      groupSearch.attribute,
      groupSearch.member,
    ]);
    return judge(facts, people, groups);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the directory '${facts.url}' did not answer as asked: ${reason}`, {
      cause: error,
    });
  } finally {
    await client.unbind().catch(() => undefined); // Never bound, or closed by the other side.
  }
}

function judge(facts: DirectoryFacts, people: readonly Entry[], entries: readonly Entry[]): Survey {
  const { users, groupSearch, adminGroups, url } = facts;
  const known = new Set(people.map(({ dn }) => normal(dn)));
  const groups = entries.map((entry) => ({
    name: textsIn(entry, groupSearch.attribute)[0] ?? entry.dn,
    members: textsIn(entry, groupSearch.member).filter((dn) => known.has(normal(dn))).length,
  }));
  const errors = adminGroups.flatMap((name) => {
    const group = groups.find((one) => one.name === name);
    if (group === undefined)
      return [
        `admins.groups: '${name}' is no group below '${groupSearch.base}' that fits ${groupSearch.filter}`,
      ];
    if (known.size > 1 && group.members === known.size)
      return [
        `admins.groups: '${name}' holds all ${known.size} users; everybody would run the site's services`,
      ];
    return group.members === 0
      ? [`admins.groups: '${name}' holds none of the users; nobody would run the site's services`]
      : [];
  });
  const warnings = [
    ...(known.size === 0 ? [`users.filter ${users.filter} fits nobody below '${users.base}'`] : []),
    ...(groups.length === 0
      ? [`groupSearch.filter ${groupSearch.filter} fits nothing below '${groupSearch.base}'`]
      : []),
    ...groups
      .filter(({ name, members }) => members === 0 && !adminGroups.includes(name))
      .map(({ name }) => `group '${name}' holds none of the users`),
  ];
  return { url, users: known.size, groups, errors, warnings };
}

function textsIn(entry: Entry, attribute: string): string[] {
  const value = entry[attribute];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) => (typeof one === 'string' && one !== '' ? [one] : []));
}

/** Names of entries do not care for the case of letters, nor for space behind a comma. */
function normal(dn: string): string {
  return dn.toLowerCase().replaceAll(/\s*,\s*/g, ',');
}
