import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIdentityProvider, IIngress } from '../constructs/contracts';
import { Dex, type DexProps } from '../constructs/identity/dex';
import { GroupSync } from '../constructs/identity/group-sync';
import type { LdapIdentityProps, OidcIdentityProps } from '../constructs/identity/identity-props';
import { Kerberos, type KerberosProps } from '../constructs/identity/kerberos';
import { LdapIdentity } from '../constructs/identity/ldap-identity';
import type { OkdLoginProps } from '../constructs/identity/master-config';
import { OidcIdentity } from '../constructs/identity/oidc-identity';
import { OkdLogin } from '../constructs/identity/okd-login';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** How services know people. */
export type PeopleChoice =
  /** A provider that somebody else runs. */
  | ({ readonly kind: 'oidc' } & OidcIdentityProps)
  /** The directory itself. */
  | { readonly kind: 'ldap'; readonly directory: LdapIdentityProps }
  /** A provider of the site's own in front of its directory. */
  | ({ readonly kind: 'dex' } & Omit<DexProps, 'ingress'>);

/** Who people are, said once. */
export interface IdentityStackProps {
  readonly people: PeopleChoice;
  readonly ingress: IIngress;
  /**
   * How people log in to OKD itself.
   *
   * @default - its administrator sees to that
   */
  readonly okdLogin?: OkdLoginProps;
  /**
   * The directory that OKD's groups follow, and when.
   *
   * @default - OKD's groups are left alone
   */
  readonly groupSync?: { readonly directory: LdapIdentityProps; readonly schedule: string };
  /**
   * The site's Kerberos realm.
   *
   * @default - none
   */
  readonly kerberos?: KerberosProps;
  /**
   * Namespace of what runs.
   *
   * @default 'identity'
   */
  readonly namespace?: string;
}

/** The people of a site: one declaration that the cluster, the registry, the notebooks and REANA all follow. */
export class IdentityStack extends Chart {
  public readonly identity: IIdentityProvider;
  public readonly kerberos: Kerberos | undefined;

  constructor(scope: Construct, id: string, props: IdentityStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'identity' });
    const { people, okdLogin, groupSync, kerberos } = props;
    if (people.kind === 'dex' || groupSync !== undefined || okdLogin !== undefined)
      new PlatformNamespace(this, 'Namespace', { partOf: 'identity' });
    this.identity = this.peopleBy(people, props.ingress);
    if (okdLogin !== undefined) new OkdLogin(this, 'OkdLogin', okdLogin);
    if (groupSync !== undefined) new GroupSync(this, 'GroupSync', groupSync);
    this.kerberos = kerberos === undefined ? undefined : new Kerberos(this, 'Kerberos', kerberos);
  }

  private peopleBy(people: PeopleChoice, ingress: IIngress): IIdentityProvider {
    switch (people.kind) {
      case 'oidc':
        return new OidcIdentity(this, 'People', { ...people, ingress });
      case 'ldap':
        return new LdapIdentity(this, 'People', people.directory);
      case 'dex':
        return new Dex(this, 'People', { ...people, ingress });
    }
  }
}
