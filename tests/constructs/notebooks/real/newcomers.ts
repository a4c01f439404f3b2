import type { Directory } from '../../../support/directory';

/** Somebody whom the directory of a site does not know yet. */
export interface Newcomer {
  readonly uid: string;
  /** As people write their names. */
  readonly called: string;
  /** Groups that are new, or that the directory has. */
  readonly groups: readonly string[];
}

const BASE = 'dc=example,dc=org';

/** Adds people, and groups of them. */
export async function addPeople(
  directory: Directory,
  people: readonly Newcomer[],
  groups: readonly string[],
): Promise<void> {
  const dnOf = ({ uid }: Newcomer): string => `uid=${uid},ou=people,${BASE}`;
  const persons = people.map((one) => [
    ...[line('dn', dnOf(one)), 'changetype: add', 'objectClass: inetOrgPerson'],
    ...[line('uid', one.uid), line('cn', one.called), 'sn: Example'],
    ...[
      `mail: person${people.indexOf(one)}@example.org`,
      line('userPassword', `${one.uid}-secret`),
    ],
  ]);
  const added = groups.map((group) => [
    ...[`dn: cn=${group},ou=groups,${BASE}`, 'changetype: add', 'objectClass: groupOfNames'],
    ...[`cn: ${group}`, `member: cn=nobody,${BASE}`],
    ...people.filter((one) => one.groups.includes(group)).map((one) => line('member', dnOf(one))),
  ]);
  await directory.change([...persons, ...added].map((lines) => lines.join('\n')).join('\n\n'));
}

/** LDIF has what is not ASCII in base64. */
function line(attribute: string, value: string): string {
  return `${attribute}:: ${Buffer.from(value).toString('base64')}`;
}
