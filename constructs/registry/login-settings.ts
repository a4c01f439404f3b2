import type { EnvVar } from 'kubernetes-types/core/v1';

import type { LdapLogin, Login, OidcLogin, SecretRef } from '../contracts';
import { fromSecret, type HarborSite } from './harbor-site';

const SECRET = 'LOGIN_SECRET';

/**
 * Harbor's own settings as one variable. Harbor takes them when it starts and lets nobody change them by hand, so they cannot drift.
 * See https://goharbor.io/docs/latest/install-config/configure-user-settings-cli/
 */
export function loginVariables(site: HarborSite): EnvVar[] {
  const { login, adminGroup } = site.props;
  const secret = login === undefined ? undefined : secretOf(login);
  const settings = {
    project_creation_restriction: 'adminonly',
    self_registration: false,
    ...(login === undefined ? {} : settingsOf(login, adminGroup)),
  };
  return [
    ...(secret === undefined ? [] : [fromSecret(SECRET, secret)]),
    { name: 'CONFIG_OVERWRITE_JSON', value: JSON.stringify(settings) },
  ];
}

function secretOf(login: Login): SecretRef | undefined {
  return login.kind === 'oidc' ? login.clientSecret : login.bind?.password;
}

/** Kubernetes puts the secret where `$(LOGIN_SECRET)` is written: it may not hold `"` or `\`. */
function settingsOf(
  login: Login,
  adminGroup: string | undefined,
): Readonly<Record<string, string | number | boolean>> {
  switch (login.kind) {
    case 'oidc':
      return oidcSettings(login, adminGroup);
    case 'ldap':
      return ldapSettings(login, adminGroup);
  }
}

function oidcSettings(
  login: OidcLogin,
  adminGroup: string | undefined,
): Readonly<Record<string, string | boolean>> {
  return {
    auth_mode: 'oidc_auth',
    oidc_admin_group: adminGroup ?? '',
    oidc_auto_onboard: true,
    oidc_client_id: login.clientId,
    oidc_client_secret: `$(${SECRET})`,
    oidc_endpoint: login.issuer,
    oidc_groups_claim: login.groupsClaim ?? '',
    oidc_name: login.title,
    oidc_scope: login.scopes.join(','),
    oidc_user_claim: login.usernameClaim,
    oidc_verify_cert: true,
    primary_auth_mode: true,
  };
}

const SUBTREE = 2;

function ldapSettings(
  login: LdapLogin,
  adminGroup: string | undefined,
): Readonly<Record<string, string | number | boolean>> {
  const { url, bind, users, groupSearch } = login;
  return {
    auth_mode: 'ldap_auth',
    ldap_base_dn: users.base,
    ldap_filter: users.filter,
    ldap_group_admin_dn: adminGroup ?? '',
    ldap_group_attribute_name: groupSearch.attribute,
    ldap_group_base_dn: groupSearch.base,
    // An attribute of the person, not of the group (`src/pkg/ldap/ldap.go`).
    ldap_group_membership_attribute: groupSearch.memberOf,
    ldap_group_search_filter: groupSearch.filter,
    ldap_group_search_scope: SUBTREE,
    ldap_scope: SUBTREE,
    ldap_search_dn: bind?.dn ?? '',
    ldap_search_password: bind === undefined ? '' : `$(${SECRET})`,
    ldap_uid: users.attribute,
    ldap_url: url,
    ldap_verify_cert: true,
  };
}
