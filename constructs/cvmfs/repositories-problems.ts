import { collisionProblems } from './fsid';
import type { CvmfsRepositoriesProps } from './repositories-props';
import type { CvmfsRepository } from './repository';

const FQRN = /^(?=.{1,200}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
/** What a shell would read as more than the value. */
const UNSAFE = /['\n\r\0]/;
const PROXY = /^(DIRECT|https?:\/\/[^\s|;/]+)([|;](DIRECT|https?:\/\/[^\s|;/]+))*$/;
/** Parameters that fields of the catalogue or the way of access decide. */
const OWN = new Set([
  'CVMFS_REPOSITORIES',
  'CVMFS_HTTP_PROXY',
  'CVMFS_SERVER_URL',
  'CVMFS_PUBLIC_KEY',
  'CVMFS_KEYS_DIR',
  'CVMFS_QUOTA_LIMIT',
  'CVMFS_CACHE_BASE',
  'CVMFS_NFS_SOURCE',
  'CVMFS_NFS_SHARED',
  'CVMFS_REPOSITORY_TAG',
  'CVMFS_PROXY_SHARD',
  'CVMFS_CONFIG_REPOSITORY',
]);

/** What is wrong with a catalogue, one message each. */
export function problemsIn(props: CvmfsRepositoriesProps): string[] {
  const names = props.repositories.map(({ name }) => name);
  const duplicates = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...(names.length > 0 ? [] : [`'repositories' must list at least one repository, got none`]),
    ...[...new Set(duplicates)].map(
      (name) => `'repositories' has '${name}' twice; leave one of the two out`,
    ),
    ...props.repositories.flatMap(repositoryProblems),
    ...collisionProblems(props.repositories, props.retired ?? []),
    ...proxyProblems('httpProxy', props.httpProxy),
    ...(Number.isInteger(props.quotaMiB) && props.quotaMiB >= 1000
      ? []
      : [`'quotaMiB' must be a whole number of MiB from 1000, got '${props.quotaMiB}'`]),
    ...settingsProblems(props.settings ?? {}),
  ];
}

function repositoryProblems(repository: CvmfsRepository): string[] {
  const { name, servers, tag, httpProxy, prewarm, exportId } = repository;
  return [
    ...(FQRN.test(name)
      ? []
      : [`'repositories' must have full lower-case names such as 'sw.example.org', got '${name}'`]),
    ...keyProblems(repository),
    ...(servers.length > 0
      ? []
      : [`'servers' of '${name}' must list at least one Stratum-1 server, got none`]),
    ...servers.flatMap((server) =>
      isServer(server, name)
        ? []
        : [
            `'servers' of '${name}' must be URLs like 'http://s1.example.org:8000/cvmfs/@fqrn@', got '${server}'`,
          ],
    ),
    ...(tag === undefined || /^[\w.-]+$/.test(tag)
      ? []
      : [`'tag' of '${name}' must be letters, digits, '.', '_' and '-', got '${tag}'`]),
    ...(httpProxy === undefined ? [] : proxyProblems(`httpProxy' of '${name}`, httpProxy)),
    ...(prewarm ?? []).flatMap((path) =>
      /^\/[^\s'"]*$/.test(path) && !path.split('/').includes('..')
        ? []
        : [`'prewarm' of '${name}' must be paths below the repository, '/sw', got '${path}'`],
    ),
    ...(exportId === undefined || (Number.isInteger(exportId) && exportId > 0 && exportId < 65536)
      ? []
      : [`'exportId' of '${name}' must be a whole number from 1 to 65535, got '${exportId}'`]),
  ];
}

/** Nothing that a repository serves can be checked without its keys, so the client refuses to mount it. */
function keyProblems({ name, keys }: CvmfsRepository): string[] {
  const without = `'keys' of '${name}' must name its public keys, got none; copy them from its publisher, or name the directory of the image that has them`;
  if (keys.from === 'image') {
    if (keys.directory === '') return [without];
    return /^\/[^\s':]+$/.test(keys.directory)
      ? []
      : [`'keys' of '${name}' must be an absolute directory, got '${keys.directory}'`];
  }
  const files = Object.entries(keys.files);
  if (files.length === 0) return [without];
  return files.flatMap(([file, pem]) => [
    ...(/^[\w.-]+\.pub$/.test(file)
      ? []
      : [`'keys' of '${name}' must be files that end in '.pub', got '${file}'`]),
    ...(/^-----BEGIN PUBLIC KEY-----\n[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/.test(pem)
      ? []
      : [`'keys' of '${name}' must hold a PEM public key in '${file}'`]),
  ]);
}

function isServer(server: string, name: string): boolean {
  return (
    URL.canParse(server) &&
    /^https?:$/.test(new URL(server).protocol) &&
    !/[\s';]/.test(server) &&
    (server.endsWith('/@fqrn@') || server.endsWith(`/${name}`))
  );
}

function proxyProblems(field: string, proxy: string): string[] {
  return PROXY.test(proxy) && !UNSAFE.test(proxy)
    ? []
    : [
        `'${field}' must be proxies as CVMFS writes them, 'http://a:3128|http://b:3128;DIRECT', got '${proxy}'`,
      ];
}

function settingsProblems(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => [
    ...(/^CVMFS_[A-Z0-9_]+$/.test(key)
      ? []
      : [`'settings' must be parameters of the client, 'CVMFS_TIMEOUT', got '${key}'`]),
    ...(OWN.has(key)
      ? [
          `'settings' must leave '${key}' out: other fields of the catalogue and the way of access decide it`,
        ]
      : []),
    ...(UNSAFE.test(value) ? [`'settings' must have no quote or line break in '${key}'`] : []),
  ]);
}
