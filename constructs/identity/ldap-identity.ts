import { Construct } from 'constructs';

import type { IIdentityProvider, LdapLogin, LoginRequest } from '../contracts';
import { rejectInvalid } from '../kit/validate';
import { peopleOf } from './admins';
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
    const { title, url, bind, users, groupSearch } = this.props;
    return {
      kind: 'ldap',
      title,
      url,
      bind:
        bind === undefined
          ? undefined
          : { dn: bind.dn, password: loginSecret(scope, name, 'bind-password', bind.password).ref },
      users,
      groupSearch,
    };
  }
}
