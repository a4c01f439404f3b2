import type { IStorageClass, SecretRef } from '../contracts';
import type { DatabaseBackup } from '../kit/database-backup';

/** Where PostgreSQL is. */
export type HarborDatabase =
  /** Harbor's own image, one pod. */
  | {
      readonly kind: 'inside';
      /** Size of its claim, which only its class may enlarge later. */
      readonly size: string;
      readonly class: IStorageClass;
      readonly backup: DatabaseBackup | 'none';
    }
  /** A server that somebody else runs, with an empty database. Dumps from here work up to PostgreSQL 15. */
  | {
      readonly kind: 'external';
      readonly host: string;
      readonly port: number;
      readonly database: string;
      readonly username: string | SecretRef;
      readonly password: SecretRef;
      /** As libpq has it. `verify-full` also checks the host name; the server's authority goes into `trust`. */
      readonly tls: 'disable' | 'require' | 'verify-ca' | 'verify-full';
      readonly backup: DatabaseBackup | 'none';
    };

/** Where Redis is. */
export type HarborRedis =
  /** Harbor's own image, one pod, with a password. */
  | { readonly kind: 'inside'; readonly size: string; readonly class: IStorageClass }
  /**
   * A server, or Sentinels, that somebody else runs. The password goes into URLs as it is: letters and digits only. Databases 0, 1, 2,
   * 5, 6 and 7 are used.
   */
  | {
      readonly kind: 'external';
      /** The server alone, or the Sentinels: `['redis1.example.org:6379']`. */
      readonly addresses: readonly string[];
      /** The set that the Sentinels watch; undefined for a server alone. */
      readonly sentinelSet: string | undefined;
      readonly password: SecretRef | undefined;
      readonly tls: boolean;
    };

/** Databases of Redis by who uses them, as Harbor's chart numbers them. */
export const REDIS_DATABASES = {
  core: 0,
  jobservice: 1,
  registry: 2,
  trivy: 5,
  harbor: 6,
  cache: 7,
} as const;
