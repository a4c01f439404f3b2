import { stringify } from 'yaml';

import type { LdapIdentityProps } from './identity-props';

/** Where the files of a group sync are in its pod. */
export interface SyncFiles {
  /** Undefined for an anonymous bind. */
  readonly password: string | undefined;
  /** Undefined when the authorities of the image are trusted. */
  readonly ca: string | undefined;
}

/**
 * The configuration of `oc adm groups sync` for groups that list their members (RFC 2307 bis). A member that is gone, or that
 * is no user, is left out instead of stopping the run: somebody who left must lose access, not keep everybody's groups as they were.
 * Fields: https://github.com/openshift/api/blob/master/legacyconfig/v1/types.go, LDAPSyncConfig.
 */
export function syncConfig(
  { url, bind, users, groupSearch }: LdapIdentityProps,
  files: SyncFiles,
): string {
  const query = (baseDN: string, filter?: string): object => ({
    baseDN,
    scope: 'sub',
    derefAliases: 'never',
    timeout: 0,
    pageSize: 0,
    ...(filter === undefined ? {} : { filter }),
  });
  return stringify({
    kind: 'LDAPSyncConfig',
    apiVersion: 'v1',
    url,
    ...(bind === undefined || files.password === undefined
      ? {}
      : { bindDN: bind.dn, bindPassword: { file: files.password } }),
    insecure: false,
    ...(files.ca === undefined ? {} : { ca: files.ca }),
    rfc2307: {
      groupsQuery: query(groupSearch.base, groupSearch.filter),
      groupUIDAttribute: 'dn',
      groupNameAttributes: [groupSearch.attribute],
      groupMembershipAttributes: [groupSearch.member],
      // Members are named by their distinguished names; a filter is not allowed beside that.
      usersQuery: query(users.base),
      userUIDAttribute: 'dn',
      userNameAttributes: [users.attribute],
      tolerateMemberNotFoundErrors: true,
      tolerateMemberOutOfScopeErrors: true,
    },
  });
}
