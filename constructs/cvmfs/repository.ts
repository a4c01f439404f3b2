/** One CVMFS repository, as a site uses it. */
export interface CvmfsRepository {
  /** Fully qualified name: `atlas.cern.ch`. */
  readonly name: string;
  readonly keys: RepositoryKeys;
  /** Stratum-1 servers, nearest first where the Geo API is off: `http://s1.example.org:8000/cvmfs/@fqrn@`. */
  readonly servers: readonly string[];
  /**
   * Snapshot to mount. Replicas that serve a tag never differ in their revision.
   *
   * @default - the newest revision
   */
  readonly tag?: string;
  /**
   * Proxies of this repository alone, as `CVMFS_HTTP_PROXY` writes them.
   *
   * @default - those of the catalogue
   */
  readonly httpProxy?: string;
  /**
   * Paths below the repository that are walked before a replica counts as ready, so that the shared map of inodes
   * knows them: `/sw/releases`. The first one to touch a path pays a commit on the share for it.
   *
   * @default [] - the root of the repository
   */
  readonly prewarm?: readonly string[];
  /**
   * `Export_Id` of the repository, where the one that its name gives is taken already. Never change it.
   *
   * @default - from the name
   */
  readonly exportId?: number;
}

/** The public keys that a repository's signatures are checked with. */
export type RepositoryKeys =
  /** In the image of the client, as the package `cvmfs-config-default` puts them there: `/etc/cvmfs/keys/cern.ch`. */
  | { readonly from: 'image'; readonly directory: string }
  /** In the environment: PEM text by file name, `{ 'hep.example.org.pub': '-----BEGIN PUBLIC KEY-----…' }`. */
  | { readonly from: 'pem'; readonly files: Readonly<Record<string, string>> };

/** Where the CVMFS client mounts repositories. */
export const CVMFS_ROOT = '/cvmfs';

/** Where a repository is mounted. */
export function mountOf({ name }: { readonly name: string }): string {
  return `${CVMFS_ROOT}/${name}`;
}

/** Host names of the Stratum-1 servers and their ports, each once, sorted. */
export function serversOf(repositories: readonly Pick<CvmfsRepository, 'servers'>[]): {
  readonly hosts: readonly string[];
  readonly ports: readonly number[];
} {
  const urls = repositories.flatMap(({ servers }) => servers.map((server) => new URL(server)));
  return {
    hosts: [...new Set(urls.map(({ hostname }) => hostname))].sort(),
    ports: [...new Set(urls.map(portOf))].sort((a, b) => a - b),
  };
}

/** TCP port of a URL. */
export function portOf({ port, protocol }: URL): number {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
}
