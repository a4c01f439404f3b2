import type { EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import { fromSecret, variables, type ReanaSite } from './reana-site';

/** How the database is reached. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: SecretRef;
  readonly password: SecretRef;
  /** As libpq has it. */
  readonly tls: 'disable' | 'require' | 'verify-full';
  /** Who vouches for the server; undefined where its certificate is not held against anything. */
  readonly authority: SecretRef | undefined;
}

/** Where the certificates of the server's authority are, in the pods that speak to it. */
const AUTHORITY = '/etc/reana-authority';
const AUTHORITY_FILE = `${AUTHORITY}/ca.crt`;

/** Port of the pooler. */
export const POOLER_PORT = 6432;

/** The server itself. */
export function databaseAccess(site: ReanaSite): DatabaseAccess {
  const { database } = site.props;
  if (database.kind === 'external') {
    const { tls = 'require', ...rest } = database;
    return typeof tls === 'string'
      ? { ...rest, tls, authority: undefined }
      : { ...rest, tls: 'verify-full', authority: tls.authority };
  }
  const name = site.nameOf('db-secrets');
  return {
    host: `${site.nameOf('db')}.${site.namespace}`,
    port: 5432,
    database: 'reana',
    username: { name, key: 'user' },
    password: { name, key: 'password' },
    tls: 'disable',
    authority: undefined,
  };
}

/** What a pod takes to hold the server's certificate against its authority: the file, and where libpq and PgBouncer find it. */
export function authorityOf(site: ReanaSite): {
  readonly file: string | undefined;
  readonly mounts: readonly VolumeMount[];
  readonly volumes: readonly Volume[];
} {
  const { authority } = databaseAccess(site);
  if (authority === undefined) return { file: undefined, mounts: [], volumes: [] };
  const items = [{ key: authority.key, path: 'ca.crt' }];
  return {
    file: AUTHORITY_FILE,
    mounts: [{ name: 'authority', mountPath: AUTHORITY, readOnly: true }],
    volumes: [{ name: 'authority', secret: { secretName: authority.name, items } }],
  };
}

/** By what programs and runs reach the database: the pooler, where there is one. */
export function databaseVariables(site: ReanaSite): EnvVar[] {
  const server = databaseAccess(site);
  if (site.pooler === undefined) return reanaVariables(server);
  const host = `${site.nameOf('pgbouncer')}.${site.namespace}`;
  return reanaVariables({
    ...server,
    host,
    port: POOLER_PORT,
    tls: 'disable',
    authority: undefined,
  });
}

/** The server itself, for what makes tables: no transaction of it is another's. */
export function directDatabaseVariables(site: ReanaSite): EnvVar[] {
  return reanaVariables(databaseAccess(site));
}

/** PGSSLMODE is libpq's own: REANA has no setting for it. */
function reanaVariables({
  host,
  port,
  database,
  username,
  password,
  tls,
  authority,
}: DatabaseAccess): EnvVar[] {
  return [
    { name: 'PGSSLMODE', value: tls },
    ...(authority === undefined ? [] : [{ name: 'PGSSLROOTCERT', value: AUTHORITY_FILE }]),
    { name: 'REANA_DB_HOST', value: host },
    { name: 'REANA_DB_NAME', value: database },
    { name: 'REANA_DB_PORT', value: String(port) },
    fromSecret('REANA_DB_USERNAME', username),
    fromSecret('REANA_DB_PASSWORD', password),
  ];
}

/** What PostgreSQL's own programs read. */
export function postgresVariables(site: ReanaSite): EnvVar[] {
  const { host, port, database, username, password, tls } = databaseAccess(site);
  return [
    ...variables({ PGDATABASE: database, PGHOST: host, PGPORT: String(port), PGSSLMODE: tls }),
    fromSecret('PGUSER', username),
    fromSecret('PGPASSWORD', password),
  ];
}

/** How the job controller of a run reaches the database securely. The workflow controller hands it host, name and password by itself. */
export function runDatabaseVariables(site: ReanaSite): Readonly<Record<string, string>> {
  const tls = site.pooler === undefined ? databaseAccess(site).tls : 'disable';
  return { PGSSLMODE: tls };
}
