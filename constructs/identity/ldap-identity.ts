import { Construct } from 'constructs';

import type { IIdentityProvider, LdapLogin, LoginRequest, SecretRef } from '../contracts';
import type { SecretValue } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { peopleOf } from './admins';
import { directoryFacts } from './directory-facts';
import type { LdapIdentityProps } from './identity-props';
import { ldapProblems } from './ldap-problems';
import { loginSecret } from './login-secret';

/** People as a directory knows them. Services bind as the person who logs in, so the directory checks the password. */
export class LdapIdentity extends Construct implements IIdentityProvider {
  public readonly groups: readonly string[] | undefined;
  public readonly admins: IIdentityProvider['admins'];
  public readonly selfRegistration: boolean;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LdapIdentityProps,
  ) {
    super(scope, id);
    rejectInvalid(this, ldapProblems(props));
    const { groups, admins, selfRegistration } = peopleOf(props);
    this.groups = groups;
    this.admins = admins;
    this.selfRegistration = selfRegistration;
  }

  public login({ scope, name }: LoginRequest): LdapLogin {
    const { title, url, bind, users, groupSearch, ca } = this.props;
    return {
      kind: 'ldap',
      title,
      url,
      bind:
        bind === undefined
          ? undefined
          : { dn: bind.dn, password: this.password(scope, name, bind.password) },
      users,
      groupSearch: { ...groupSearch, memberOf: groupSearch.memberOf ?? 'memberOf' },
      authorities: ca,
    };
  }

  private password(scope: Construct, service: string, value: SecretValue): SecretRef {
    const { ref, object } = loginSecret(scope, service, 'bind-password', value);
    const facts = Object.entries(directoryFacts(this.props));
    for (const [name, text] of facts) object.metadata.addAnnotation(name, text);
    return ref;
  }
}
