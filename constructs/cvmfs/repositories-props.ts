import type { CvmfsRepository } from './repository';

/** The repositories of a site and how its clients come to them. */
export interface CvmfsRepositoriesProps {
  readonly repositories: readonly CvmfsRepository[];
  /** Proxies as `CVMFS_HTTP_PROXY` writes them: `CvmfsProxy.httpProxy`, or `http://squid.example.org:3128;DIRECT`. */
  readonly httpProxy: string;
  /**
   * Whether requests are shared out over the proxies by object, so that each keeps another part of what is asked for.
   *
   * @default false
   */
  readonly shardProxies?: boolean;
  /** Size of a client's cache, all repositories together, in MiB. */
  readonly quotaMiB: number;
  /**
   * Names that were exported once and no longer are. Clients may still hold their handles, so that their numbers are
   * given to nobody else.
   *
   * @default []
   */
  readonly retired?: readonly string[];
  /**
   * Further parameters of every client: `{ CVMFS_TIMEOUT: '10' }`.
   *
   * @default {}
   */
  readonly settings?: Readonly<Record<string, string>>;
}
