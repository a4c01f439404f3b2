import type { CvmfsRepository } from './repository';

/** Directory of keys that come from the environment; the rest of `/etc/cvmfs` is the image's. */
export const KEYS_DIRECTORY = '/etc/beamline/cvmfs-keys';

/** What every way to CVMFS has in common. */
export interface ClientConf {
  readonly repositories: readonly CvmfsRepository[];
  /** Proxies as `CVMFS_HTTP_PROXY` writes them: `http://a:3128|http://b:3128;DIRECT`. */
  readonly httpProxy: string;
  /** Whether requests are shared out over the proxies by object, so that each keeps another part. */
  readonly shardProxies: boolean;
  /** Size of the cache, all repositories together, in MiB. */
  readonly quotaMiB: number;
  /** Directory of the cache. */
  readonly cacheDirectory: string;
  /** Further parameters, none of which is written here. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the client is to be beside a client. */
  readonly role: ClientRole;
}

/** A client for the processes beside it, or the source of an NFS export. */
export type ClientRole =
  | { readonly kind: 'client' }
  | {
      readonly kind: 'nfs-source';
      /** Directory of the maps of inodes that all replicas share. Undefined: maps of its own, in the cache. */
      readonly sharedMaps: string | undefined;
      /** Memory for metadata, in MiB. */
      readonly memoryCacheMiB: number;
    };

/** The files of a client's configuration, by their path below `/etc/cvmfs`. */
export function clientConf(conf: ClientConf): Record<string, string> {
  return {
    // The image's own default.d names a repository of configurations, which nothing here mounts.
    'default.d/90-beamline.conf': settings({ CVMFS_CONFIG_REPOSITORY: '' }),
    'default.local': settings({
      CVMFS_REPOSITORIES: conf.repositories.map(({ name }) => name).join(','),
      CVMFS_STRICT_MOUNT: 'yes',
      CVMFS_HTTP_PROXY: conf.httpProxy,
      ...(conf.shardProxies ? { CVMFS_PROXY_SHARD: 'yes' } : {}),
      CVMFS_USE_GEOAPI: 'yes',
      CVMFS_CACHE_BASE: conf.cacheDirectory,
      CVMFS_QUOTA_LIMIT: String(conf.quotaMiB),
      CVMFS_MAX_RETRIES: '2',
      ...conf.settings,
      ...roleSettings(conf.role),
    }),
    ...Object.fromEntries(
      conf.repositories.map((repository) => [
        `config.d/${repository.name}.conf`,
        repositoryConf(repository),
      ]),
    ),
  };
}

/** Keys that come from the environment, by their path below `KEYS_DIRECTORY`. */
export function keyFiles(repositories: readonly CvmfsRepository[]): Record<string, string> {
  return Object.fromEntries(
    repositories.flatMap(({ name, keys }) =>
      keys.from === 'image'
        ? []
        : Object.entries(keys.files).map(([file, pem]) => [
            `${name}/${file}`,
            `${pem.trimEnd()}\n`,
          ]),
    ),
  );
}

function repositoryConf(repository: CvmfsRepository): string {
  const { name, keys, servers, tag, httpProxy } = repository;
  return settings({
    CVMFS_SERVER_URL: servers.join(';'),
    CVMFS_KEYS_DIR: keys.from === 'image' ? keys.directory : `${KEYS_DIRECTORY}/${name}`,
    ...(tag === undefined ? {} : { CVMFS_REPOSITORY_TAG: tag }),
    ...(httpProxy === undefined ? {} : { CVMFS_HTTP_PROXY: httpProxy }),
  });
}

/**
 * What NFS mode asks for, https://cvmfs.readthedocs.io/en/stable/cpt-configure.html#nfs-server-mode. An alien cache, a
 * workspace elsewhere and interleaved inodes cannot be combined with it, so no field leads to them.
 */
function roleSettings(role: ClientRole): Record<string, string> {
  if (role.kind === 'client') return {};
  return {
    CVMFS_NFS_SOURCE: 'yes',
    ...(role.sharedMaps === undefined ? {} : { CVMFS_NFS_SHARED: role.sharedMaps }),
    CVMFS_MEMCACHE_SIZE: String(role.memoryCacheMiB),
  };
}

/** The files are read by a shell; `problemsIn` of a catalogue lets no quote into a value. */
function settings(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}='${value}'\n`)
    .join('');
}
