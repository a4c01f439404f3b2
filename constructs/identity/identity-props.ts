import type { SecretValue } from '../kit/secret-value';

/** Who runs the site's services. Named once; every service takes them from here. */
export interface Admins {
  /** @default [] */
  readonly users?: readonly string[];
  /** @default [] */
  readonly groups?: readonly string[];
}

/** What every way of knowing people has in common. */
export interface IdentityProps {
  /** What people read on the button: `CILogon`, `Example Lab`. */
  readonly title: string;
  readonly admins: Admins;
  /**
   * The groups that services may name. A name that is not listed is refused where it is used.
   *
   * @default - the provider cannot list them, and every name is taken
   */
  readonly groups?: readonly string[];
  /**
   * Why people whom the site has not named may make accounts of their own, as a sentence for the reviewer.
   *
   * @default - they may not
   */
  readonly selfRegistration?: string;
}

/** The products whose addresses and claims are known; `other` names them itself. */
export type OidcProduct = 'keycloak' | 'cern-sso' | 'cilogon' | 'indigo-iam' | 'dex' | 'other';

/** One service's registration with the provider. */
export interface OidcClient {
  readonly id: string;
  /** The client's secret: `secretFromConfig('harborClientSecret')`. */
  readonly secret: SecretValue;
}

/** OpenID Connect at a provider that somebody else runs. */
export interface OidcIdentityProps extends IdentityProps {
  readonly product: OidcProduct;
  /** `https://iam.example.org/realms/site`, exactly as its tokens name it. */
  readonly issuer: string;
  /** The registrations, by the name of the service: `harbor`, `jupyterhub`, `reana`, `okd`. */
  readonly clients: Readonly<Record<string, OidcClient>>;
  /**
   * Addresses of the provider.
   *
   * @default - those of the product; `other` must name them
   */
  readonly endpoints?: {
    readonly authorize: string;
    readonly token: string;
    readonly userinfo: string;
  };
  /**
   * Scopes to ask for.
   *
   * @default - those of the product
   */
  readonly scopes?: readonly string[];
  /**
   * The claim that holds the name of the account.
   *
   * @default - that of the product
   */
  readonly usernameClaim?: string;
  /**
   * The claim that lists somebody's groups; `none` where the provider does not say.
   *
   * @default - that of the product
   */
  readonly groupsClaim?: string;
}

/** How a directory is searched. */
export interface DirectorySearch {
  /** Distinguished name below which is searched: `ou=people,dc=example,dc=org`. */
  readonly base: string;
  /** Filter in parentheses (RFC 4515): `(objectClass=posixAccount)`. */
  readonly filter: string;
  /** The attribute that holds the name: `uid`, `sAMAccountName`, `cn`. */
  readonly attribute: string;
}

/** LDAP (RFC 2307 bis: groups that list their members) or Active Directory. */
export interface LdapIdentityProps extends IdentityProps {
  /** `ldaps://ldap.example.org` or `ldap://ldap.example.org:389` with StartTLS. */
  readonly url: string;
  /**
   * The account that searches.
   *
   * @default - anybody may search
   */
  readonly bind?: { readonly dn: string; readonly password: SecretValue };
  readonly users: DirectorySearch;
  readonly groupSearch: DirectorySearch & {
    /** The attribute of a group that lists its members by their distinguished names: `member`. */
    readonly member: string;
    /**
     * The attribute of a person that lists their groups. Harbor knows groups by it alone: OpenLDAP has it with the overlay
     * `memberof`, Active Directory by itself.
     *
     * @default 'memberOf'
     */
    readonly memberOf?: string;
  };
  /**
   * Certificates, in PEM, that the server's is checked against.
   *
   * @default - the authorities that images trust
   */
  readonly ca?: string;
}
