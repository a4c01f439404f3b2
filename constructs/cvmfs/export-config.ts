import type { ExportedRepository } from './ganesha-conf';

/** Which program serves NFS. */
export type NfsServer = 'ganesha' | 'kernel';

/**
 * The contract with the export image: `/etc/beamline/export.json`, which `/usr/bin/beamline-cvmfs-export` reads when
 * it starts.
 */
export interface ExportConfig {
  readonly repositories: readonly ExportedRepository[];
  readonly server: NfsServer;
  /** TCP port of NFS. */
  readonly nfsPort: number;
  /** TCP port of `/ready`, `/live`, `/metrics` and `/drain`. */
  readonly healthPort: number;
  readonly leaseSeconds: number;
  readonly graceSeconds: number;
  /** Where the shared maps are: `CVMFS_NFS_SHARED`. Undefined for a single replica with maps of its own. */
  readonly sharedDirectory: string | undefined;
  /** Name of the service, identical on every replica: scope of the kernel server. Ganesha has it in its own file. */
  readonly serverScope: string;
  /** Seconds between becoming unready and stopping the NFS server when asked to drain. */
  readonly drainSeconds: number;
  /** Seconds between two looks at the mounts. */
  readonly checkIntervalSeconds: number;
  /** Seconds after which a mount that does not answer `stat` is sick. */
  readonly statTimeoutSeconds: number;
  /** Seconds that a replica may serve an older revision than the newest it knows of before it counts as unready. */
  readonly revisionToleranceSeconds: number;
  /** Paths that are walked once before the replica is ready, so that the shared maps know them. */
  readonly prewarm: readonly string[];
}

/** The text of `export.json`. */
export function exportConfig(config: ExportConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
