import type { ExportTiming } from '../../../../constructs/cvmfs/export-props';
import type { RenderedTier } from './rendered';

/** What all replicas of a trial have in common. */
export interface Settings {
  /** Everything that is written is below it. */
  readonly folder: string;
  readonly rendered: RenderedTier;
  /** Where the repository is mounted. */
  readonly mount: string;
  /** Networks that may mount. */
  readonly clients: readonly string[];
  readonly ports: { readonly nfs: number; readonly health: number };
  /** What is to be different from what the construct renders. */
  readonly timing: ExportTiming;
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
