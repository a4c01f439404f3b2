import type { LdapIdentityProps } from '../../constructs/identity/identity-props';
import { secretFromConfig } from '../../constructs/kit/secret-value';
import type { Directory } from './directory';

/** Who may search the laboratory's directory. */
export const READER = 'cn=reader,dc=example,dc=org';

/** Where people and groups are in the laboratory's directory. */
export const SEARCHES: Pick<LdapIdentityProps, 'users' | 'groupSearch'> = {
  users: {
    base: 'ou=people,dc=example,dc=org',
    filter: '(objectClass=inetOrgPerson)',
    attribute: 'uid',
  },
  groupSearch: {
    base: 'ou=groups,dc=example,dc=org',
    filter: '(objectClass=groupOfNames)',
    attribute: 'cn',
    member: 'member',
  },
};

/** What an environment says of the laboratory's people, who are in its directory. */
export function laboratory({ url, ca }: Pick<Directory, 'url' | 'ca'>): LdapIdentityProps {
  return {
    title: 'Example Lab',
    admins: { groups: ['site-admins'] },
    url,
    ca,
    bind: { dn: READER, password: secretFromConfig('ldapPassword') },
    ...SEARCHES,
  };
}
