import type { LdapIdentityProps, OidcIdentityProps } from './identity-props';
import { ldapUrl } from './ldap-url';
import { providerFacts } from './provider-facts';

/** Who may log in to OKD itself. */
export type OkdLoginProps =
  | { readonly kind: 'ldap'; readonly directory: LdapIdentityProps }
  /** The client called `okd` is used. */
  | { readonly kind: 'oidc'; readonly provider: OidcIdentityProps };

/** The file of the directory's authorities, beside `master-config.yaml`. */
export const AUTHORITIES_FILE = 'beamline-ldap-ca.crt';

/** `oauthConfig.identityProviders` of `master-config.yaml`; see the 3.11 guide, "Configuring authentication and user agent". */
export function masterConfig(props: OkdLoginProps): object {
  const common = { challenge: true, login: true, mappingMethod: 'claim' };
  if (props.kind === 'ldap') {
    const { title, bind, users } = props.directory;
    const provider = {
      apiVersion: 'v1',
      kind: 'LDAPPasswordIdentityProvider',
      url: ldapUrl(props.directory),
      insecure: false,
      ca: props.directory.ca === undefined ? '' : AUTHORITIES_FILE,
      ...(bind === undefined
        ? { bindDN: '', bindPassword: '' }
        : { bindDN: bind.dn, bindPassword: { file: 'beamline-bind-password' } }),
      attributes: {
        id: ['dn'],
        email: ['mail'],
        name: ['cn'],
        preferredUsername: [users.attribute],
      },
    };
    return { oauthConfig: { identityProviders: [{ name: title, ...common, provider }] } };
  }
  const { title, clients } = props.provider;
  const { endpoints, usernameClaim } = providerFacts(props.provider);
  const { authorize, token, userinfo } = endpoints;
  const provider = {
    apiVersion: 'v1',
    kind: 'OpenIDIdentityProvider',
    clientID: clients['okd']?.id ?? '',
    clientSecret: { file: 'beamline-client-secret' },
    claims: {
      id: ['sub'],
      preferredUsername: [usernameClaim],
      name: ['name'],
      email: ['email'],
    },
    urls: { authorize, token, userInfo: userinfo },
  };
  return {
    oauthConfig: { identityProviders: [{ name: title, ...common, challenge: false, provider }] },
  };
}
