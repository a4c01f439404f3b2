import type { EngineEvent } from './engine-events';

/** Absolute paths of the programs that a deployment runs. */
export interface EngineTools {
  readonly pulumi: string;
  /** Folders of Pulumi's plugins: the language host and the Kubernetes provider. */
  readonly pluginFolders: readonly string[];
}

/** The one deployment that was approved, and what refuses any other. */
export interface Approval {
  /** Of the preview that was approved. */
  readonly fingerprint: string;
  /** Folder of the policies that the engine asks, under its lock and before the first step. */
  readonly policyPack: string;
}

/** What a run of the engine that deploys may be told. */
export interface DeployOptions extends RunOptions {
  /** Tells the engine what there is to be. It runs in this process. */
  readonly program: () => Promise<void>;
  /**
   * Whether the state is written at each step, which takes longer than the steps themselves.
   *
   * @default false - once, at the end
   */
  readonly writesEachStep?: boolean;
}

/** What an engine run may be told. */
export interface RunOptions {
  /** Told of everything the engine does. */
  readonly onEvent: (event: EngineEvent) => void;
  /**
   * URNs of the only resources to work on. The others stay as the state has them, and nobody looks at them.
   *
   * @default - all of them
   */
  readonly targets?: readonly string[];
  /**
   * What was approved. Anything else is refused while the state is locked, so that of two deployments of one environment only one happens.
   *
   * @default - anything goes
   */
  readonly approval?: Approval;
  /**
   * Aborts the run as Ctrl-C does: the engine finishes what it began and writes its state.
   *
   * @default - the run goes on to its end
   */
  readonly signal?: AbortSignal;
}
