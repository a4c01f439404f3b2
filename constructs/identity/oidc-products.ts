import type { OidcIdentityProps, OidcProduct } from './identity-props';

/** What is the same at every installation of a product. */
interface ProductFacts {
  readonly endpoints: (issuer: string) => NonNullable<OidcIdentityProps['endpoints']>;
  readonly scopes: readonly string[];
  readonly usernameClaim: string;
  /** `none` where tokens do not say. */
  readonly groupsClaim: string;
  readonly source: string;
}

const keycloak: ProductFacts = {
  endpoints: (issuer) => ({
    authorize: `${issuer}/protocol/openid-connect/auth`,
    token: `${issuer}/protocol/openid-connect/token`,
    userinfo: `${issuer}/protocol/openid-connect/userinfo`,
  }),
  scopes: ['openid', 'profile', 'email'],
  usernameClaim: 'preferred_username',
  // Only with a "Group Membership" mapper of that name on the client.
  groupsClaim: 'groups',
  source: 'https://www.keycloak.org/securing-apps/oidc-layers',
};

/** The products, by the documents that describe them. */
export const OIDC_PRODUCTS: Readonly<Record<Exclude<OidcProduct, 'other'>, ProductFacts>> = {
  keycloak,
  'cern-sso': {
    ...keycloak,
    groupsClaim: 'cern_roles',
    source: 'https://auth.docs.cern.ch/user-documentation/oidc/oidc/',
  },
  cilogon: {
    endpoints: () => ({
      authorize: 'https://cilogon.org/authorize',
      token: 'https://cilogon.org/oauth2/token',
      userinfo: 'https://cilogon.org/oauth2/userinfo',
    }),
    scopes: ['openid', 'profile', 'email', 'org.cilogon.userinfo'],
    usernameClaim: 'email',
    groupsClaim: 'isMemberOf',
    source: 'https://www.cilogon.org/oidc',
  },
  'indigo-iam': {
    endpoints: (issuer) => ({
      authorize: `${issuer}/authorize`,
      token: `${issuer}/token`,
      userinfo: `${issuer}/userinfo`,
    }),
    scopes: ['openid', 'profile', 'email'],
    usernameClaim: 'preferred_username',
    groupsClaim: 'groups',
    source: 'https://indigo-iam.github.io/docs/',
  },
  dex: {
    endpoints: (issuer) => ({
      authorize: `${issuer}/auth`,
      token: `${issuer}/token`,
      userinfo: `${issuer}/userinfo`,
    }),
    scopes: ['openid', 'profile', 'email', 'groups'],
    usernameClaim: 'preferred_username',
    groupsClaim: 'groups',
    source: 'https://dexidp.io/docs/configuration/custom-scopes-claims-clients/',
  },
};
