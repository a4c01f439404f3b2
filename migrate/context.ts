import type { Through } from '../constructs/migration/crossing-props';
import type { Target } from '../constructs/targets';
import type { Manifest } from '../plan/model';
import type { Report } from '../upstream/progress';
import type { MigrationCluster } from './cluster';
import type { Patience } from './until';

/** What every part of a migration works with. */
export interface MigrationContext {
  readonly cluster: MigrationCluster;
  readonly target: Target;
  readonly report: Report;
  readonly signal: AbortSignal;
  /**
   * The cluster that the claims go to.
   *
   * @default - they stay in theirs
   */
  readonly destination?: Destination | undefined;
}

/** The other cluster of a migration between two: that of another environment. */
export interface Destination {
  readonly environment: string;
  readonly cluster: MigrationCluster;
  /** UID of its `kube-system` namespace. */
  readonly clusterId: string;
  readonly target: Target;
  /** The objects of its environment's plan: namespaces and claims are made as these say. */
  readonly objects: readonly Manifest[];
  readonly through: Through;
  /** Host name or address at which pods of the source reach it; undefined when its Service or node says so. */
  readonly at: string | undefined;
}

/** Which claims, and how. */
export interface MigrationRequest {
  /** Class that the claims have. */
  readonly from: string;
  /** Class that they are to have. */
  readonly to: string;
  /** Namespaces of the claims. */
  readonly namespaces: readonly string[];
  /** Why copies may run as root; undefined where they may not. */
  readonly asRoot: string | undefined;
  /** Megabytes a second that a copy is taken to reach, as long as nothing was measured. */
  readonly rate: number;
}

const SHORT_MS = 600_000;
const COPY_MS = 31 * 24 * 3600_000;

/** Patience for what the cluster does by itself: binding, deleting, ending pods. */
export function shortly({ signal }: MigrationContext): Patience {
  return { limitMs: SHORT_MS, signal };
}

/** Patience for a copy. */
export function forACopy({ signal }: MigrationContext): Patience {
  return { limitMs: COPY_MS, signal };
}
