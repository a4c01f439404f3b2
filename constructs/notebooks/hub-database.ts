import type { EnvVar } from 'kubernetes-types/core/v1';

import { secretEnv } from './hub-env';
import type { HubDatabase } from './hub-props';

const PORT = 5432;
const AUTHORITIES = 'database-ca.crt';

/** What SQLAlchemy opens. The image has psycopg2, as `images/hub/requirements.txt` of zero-to-jupyterhub 4.4.0 says. */
export function databaseUrl(database: HubDatabase): string {
  switch (database.kind) {
    case 'sqlite':
      return 'sqlite:////srv/jupyterhub/jupyterhub.sqlite';
    case 'postgresql': {
      const { user, host, database: name } = database;
      return `postgresql+psycopg2://${encodeURIComponent(user)}@${host}:${databasePort(database)}/${name}`;
    }
  }
}

/** The port of a server, for policies. */
export function databasePort({ port }: Extract<HubDatabase, { kind: 'postgresql' }>): number {
  return port ?? PORT;
}

/** What libpq reads beside the URL. `folder` is where the files of the configuration are. */
export function databaseEnv(database: HubDatabase, folder: string): EnvVar[] {
  if (database.kind === 'sqlite') return [];
  const { password, tls = 'require' } = database;
  return [
    secretEnv('PGPASSWORD', password),
    ...(typeof tls === 'string'
      ? [{ name: 'PGSSLMODE', value: tls }]
      : [
          { name: 'PGSSLMODE', value: 'verify-full' },
          { name: 'PGSSLROOTCERT', value: `${folder}/${AUTHORITIES}` },
        ]),
  ];
}

/** Files that `databaseEnv` names. */
export function databaseFiles(database: HubDatabase): Readonly<Record<string, string>> {
  return database.kind === 'postgresql' && typeof database.tls === 'object'
    ? { [AUTHORITIES]: database.tls.authorities }
    : {};
}

/** Everything that is wrong with where a hub keeps who has which session. */
export function databaseProblems(database: HubDatabase): string[] {
  if (database.kind === 'sqlite') {
    const { sizeGiB = 1 } = database;
    return sizeGiB > 0 ? [] : [`'database.sizeGiB' must be above 0, got '${sizeGiB}'`];
  }
  const { host, database: name, user, tls } = database;
  const port = databasePort(database);
  return [
    ...(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(host)
      ? []
      : [
          `'database.host' must be a host name such as 'db.example.org', without scheme and port, got '${host}'`,
        ]),
    ...(Number.isInteger(port) && port > 0 && port < 65_536
      ? []
      : [`'database.port' must be a port, 1 to 65535, got '${port}'`]),
    ...(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(name)
      ? []
      : [`'database.database' must be letters, digits, '_' and '-', got '${name}'`]),
    ...(user === '' ? [`'database.user' must be a name, got ''`] : []),
    ...(typeof tls !== 'object' || tls.authorities.includes('-----BEGIN CERTIFICATE-----')
      ? []
      : [
          `'database.tls.authorities' must be certificates in PEM, beginning with -----BEGIN CERTIFICATE-----; the site's own authority is what it asks for`,
        ]),
  ];
}
