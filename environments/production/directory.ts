import type { LdapIdentityProps } from '../../constructs/identity/identity-props';
import { secretFromConfig } from '../../constructs/kit/secret-value';
import { site } from './site';

const { title, groups, admins, directory: facts } = site.identity;

/** The laboratory's directory: people by `uid`, groups that list their members. */
export const directory: LdapIdentityProps = {
  title,
  groups,
  admins: { groups: admins },
  url: facts.url,
  bind: { dn: facts.bindDn, password: secretFromConfig('ldapPassword') },
  users: { ...facts.users, attribute: 'uid' },
  groupSearch: { ...facts.groups, attribute: 'cn', member: 'member' },
};
