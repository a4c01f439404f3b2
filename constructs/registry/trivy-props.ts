import type { IStorageClass } from '../contracts';

/** The scanner for vulnerabilities in images. */
export interface TrivyProps {
  /** Size of each pod's claim for the vulnerability database: `5Gi`. */
  readonly size: string;
  readonly class: IStorageClass;
  /**
   * Severities that count.
   *
   * @default - all
   */
  readonly severities?: readonly ('UNKNOWN' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL')[];
  /**
   * Whether vulnerabilities without a fix are left out.
   *
   * @default false
   */
  readonly ignoreUnfixed?: boolean;
  /**
   * Repositories of its databases, as OCI references without a tag. A site without internet names its mirror; `none` means that the
   * databases are brought by hand.
   *
   * @default - the publisher's, from mirror.gcr.io and ghcr.io
   */
  readonly databases?:
    { readonly vulnerabilities: readonly string[]; readonly java: readonly string[] } | 'none';
  /**
   * Seconds for one image.
   *
   * @default 300
   */
  readonly timeoutSeconds?: number;
}
