import type { ExportConfig } from '../../../../constructs/cvmfs/export-config';
import type { ExportedRepository } from '../../../../constructs/cvmfs/ganesha-conf';

/** What all replicas of a trial have in common. */
export interface Settings {
  /** Everything that is written is below it. */
  readonly folder: string;
  readonly repository: ExportedRepository;
  /** Networks that may mount. */
  readonly clients: readonly string[];
  readonly scope: string;
  readonly ports: { readonly nfs: number; readonly health: number };
  /** The settings that the construct renders. */
  readonly export: Pick<
    ExportConfig,
    | 'leaseSeconds'
    | 'graceSeconds'
    | 'drainSeconds'
    | 'checkIntervalSeconds'
    | 'statTimeoutSeconds'
    | 'revisionToleranceSeconds'
  >;
  /** The readiness probe of the construct, which the balancer runs. */
  readonly probe: { readonly periodSeconds: number; readonly failureThreshold: number };
  /** Directory that replicas share. */
  readonly shared: string;
  /** Where a replica has its content from. */
  readonly treeOf: (replica: string) => string;
  /** Where a replica has its inode numbers from. */
  readonly mapOf: (replica: string) => string;
  /** Shell command that brings the revision in the file `$0` up to date. */
  readonly refresh: string;
  readonly parts: {
    readonly supervisor: string;
    readonly ganesha: string;
    readonly guard: string;
    readonly mapfs: string;
    readonly reader: string;
    readonly haproxy: string;
  };
}
