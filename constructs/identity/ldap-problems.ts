import { peopleProblems } from './admins';
import { dnProblem, filterProblem } from './distinguished-name';
import type { LdapIdentityProps } from './identity-props';

/** Everything that is wrong with the description of a directory. */
export function ldapProblems(props: LdapIdentityProps): string[] {
  const { url, bind, users, groupSearch, ca } = props;
  return [
    ...(/^ldaps?:\/\/[A-Za-z0-9.-]+(:\d+)?$/.test(url)
      ? []
      : [
          `url must be ldaps://<host>[:port] or ldap://<host>[:port], without a path, got '${url}'`,
        ]),
    ...(bind === undefined ? [] : dnProblem('bind.dn', bind.dn)),
    ...dnProblem('users.base', users.base),
    ...filterProblem('users.filter', users.filter),
    ...dnProblem('groupSearch.base', groupSearch.base),
    ...filterProblem('groupSearch.filter', groupSearch.filter),
    ...attributeProblems('users.attribute', users.attribute),
    ...attributeProblems('groupSearch.attribute', groupSearch.attribute),
    ...attributeProblems('groupSearch.member', groupSearch.member),
    ...attributeProblems('groupSearch.memberOf', groupSearch.memberOf ?? 'memberOf'),
    ...(ca === undefined || ca.includes('-----BEGIN CERTIFICATE-----')
      ? []
      : ['ca must be certificates in PEM, beginning with -----BEGIN CERTIFICATE-----']),
    ...peopleProblems(props),
  ];
}

function attributeProblems(what: string, attribute: string): string[] {
  return /^[A-Za-z][A-Za-z0-9-]*$/.test(attribute)
    ? []
    : [`${what} must be the name of an attribute, such as 'uid', got '${attribute}'`];
}
