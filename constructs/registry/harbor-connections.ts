import type { EnvVar } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import { REDIS_DATABASES } from './harbor-backends';
import { fromSecret, type HarborSite } from './harbor-site';

/** How a program reaches the database. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string | SecretRef;
  readonly password: SecretRef;
  /** As libpq has it. */
  readonly tls: string;
}

/** The database of a Harbor, wherever it is. */
export function databaseAccess(site: HarborSite): DatabaseAccess {
  const { database } = site.props;
  if (database.kind === 'external') return database;
  const name = site.nameOf('database');
  return {
    host: name,
    port: 5432,
    database: 'registry',
    username: 'postgres',
    password: { name, key: 'POSTGRES_PASSWORD' },
    tls: 'disable',
  };
}

/** The variables by which a program finds the database, each under the name that it knows: `names.host`. */
export function databaseVariables(
  site: HarborSite,
  names: Readonly<Record<'host' | 'port' | 'database' | 'username' | 'password' | 'tls', string>>,
): EnvVar[] {
  const { host, port, database, username, password, tls } = databaseAccess(site);
  return [
    { name: names.host, value: host },
    { name: names.port, value: String(port) },
    { name: names.database, value: database },
    { name: names.tls, value: tls },
    typeof username === 'string'
      ? { name: names.username, value: username }
      : fromSecret(names.username, username),
    fromSecret(names.password, password),
  ];
}

/** The password of Redis, undefined where it has none. */
export function redisPassword(site: HarborSite): SecretRef | undefined {
  const { redis } = site.props;
  return redis.kind === 'inside'
    ? { name: site.nameOf('redis'), key: 'REDIS_PASSWORD' }
    : redis.password;
}

/** Servers of Redis, `host:port`. */
export function redisAddresses(site: HarborSite): readonly string[] {
  const { redis } = site.props;
  return redis.kind === 'inside' ? [`${site.nameOf('redis')}:6379`] : redis.addresses;
}

/**
 * Variables that each hold the URL of one database of Redis. The password stands before them: Kubernetes puts it where
 * `$(REDIS_PASSWORD)` is written, so that no URL with a password is in any object.
 */
export function redisVariables(
  site: HarborSite,
  urls: Readonly<Record<string, keyof typeof REDIS_DATABASES>>,
): EnvVar[] {
  const { redis } = site.props;
  const password = redisPassword(site);
  const tls = redis.kind === 'external' && redis.tls;
  const set = redis.kind === 'external' ? redis.sentinelSet : undefined;
  const scheme = `${tls ? 'rediss' : 'redis'}${set === undefined ? '' : '+sentinel'}`;
  const login = password === undefined ? '' : ':$(REDIS_PASSWORD)@';
  const server = `${scheme}://${login}${redisAddresses(site).join(',')}${set === undefined ? '' : `/${set}`}`;
  return [
    ...(password === undefined ? [] : [fromSecret('REDIS_PASSWORD', password)]),
    ...Object.entries(urls).map(([name, database]) => ({
      name,
      value: `${server}/${REDIS_DATABASES[database]}${IDLE[database] ?? ''}`,
    })),
  ];
}

/** Harbor's own readers of these URLs close what is idle; those of jobs have a setting of their own. */
const IDLE: Readonly<Partial<Record<keyof typeof REDIS_DATABASES, string>>> = {
  core: '?idle_timeout_seconds=30',
  registry: '?idle_timeout_seconds=30',
  trivy: '?idle_timeout_seconds=30',
  harbor: '?idle_timeout_seconds=30',
  cache: '?idle_timeout_seconds=30',
};
