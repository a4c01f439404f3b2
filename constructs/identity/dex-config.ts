import { directoryAddress } from './directory-address';
import type { LdapIdentityProps } from './identity-props';

/** A service that logs people in through Dex. */
export interface DexClient {
  readonly id: string;
  readonly redirectUris: readonly string[];
  /** The secret, or the token that stands for it. */
  readonly secret: string;
}

/** What Dex is told. */
export interface DexSettings {
  readonly directory: LdapIdentityProps;
  readonly issuer: string;
  readonly listen: { readonly web: string; readonly telemetry: string };
  readonly storage: { readonly type: string; readonly config: object };
  readonly clients: readonly DexClient[];
  /** Where the directory's authorities are, when it names any. */
  readonly caFile: string;
}

/**
 * Dex's configuration. Nobody is asked whether a service may know who they are: the site decided that when it registered the service.
 * Fields: https://dexidp.io/docs/connectors/ldap/ and `cmd/dex/config.go`.
 */
export function dexConfig(settings: DexSettings): object {
  const { directory, issuer, listen, storage, clients, caFile } = settings;
  const { host, port } = directoryAddress(directory.url);
  return {
    issuer,
    storage,
    web: { http: listen.web },
    telemetry: { http: listen.telemetry },
    oauth2: { skipApprovalScreen: true },
    staticClients: clients.map(({ id, redirectUris, secret }) => ({
      id,
      name: id,
      redirectURIs: redirectUris,
      secret,
    })),
    connectors: [
      {
        type: 'ldap',
        id: 'ldap',
        name: directory.title,
        config: {
          host: `${host}:${port}`,
          ...(directory.url.startsWith('ldaps:') ? {} : { startTLS: true }),
          ...(directory.ca === undefined ? {} : { rootCA: caFile }),
          ...(directory.bind === undefined
            ? {}
            : { bindDN: directory.bind.dn, bindPW: `$${BIND_PASSWORD}` }),
          userSearch: {
            baseDN: directory.users.base,
            filter: directory.users.filter,
            username: directory.users.attribute,
            idAttr: directory.users.attribute,
            emailAttr: 'mail',
            nameAttr: 'cn',
            preferredUsernameAttr: directory.users.attribute,
          },
          groupSearch: {
            baseDN: directory.groupSearch.base,
            filter: directory.groupSearch.filter,
            userMatchers: [{ userAttr: 'DN', groupAttr: directory.groupSearch.member }],
            nameAttr: directory.groupSearch.attribute,
          },
        },
      },
    ],
  };
}

/** Dex puts the variable's value where `$NAME` is written, before it reads the JSON: the password may not hold `"` or `\`. */
export const BIND_PASSWORD = 'DEX_BIND_PASSWORD';
