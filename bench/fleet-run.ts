import type { Command } from './measure';
import type { Part, ToolUnderTest } from './options';

/** One thing that a tool does to the fleet. */
export interface Step {
  /** The part whose figure it is. */
  readonly part: Part;
  readonly what: string;
  readonly command: Command;
  /**
   * How many Deployments of the fleet are changed while it runs.
   *
   * @default 0
   */
  readonly changed?: number;
  /**
   * How often it is done; the fastest counts. Only for what changes nothing.
   *
   * @default 1
   */
  readonly times?: number;
  /**
   * A step whose time counts into this one's, because this one only waits for what that one began.
   *
   * @default - it stands for itself
   */
  readonly after?: string;
}

/** A tool that deploys the fleet on a control plane of its own. */
export interface FleetTool {
  readonly name: ToolUnderTest;
  /**
   * What it needs once, not measured.
   *
   * @default - nothing
   */
  readonly before?: Command;
  /** Deploys the fleet for the first time. */
  readonly first: Step;
  /** What is measured afterwards, in order. */
  readonly then: readonly Step[];
}

/** The names of what is done, the same for every tool. */
export const DEED = {
  first: 'first time',
  settled: 'first time, and all ready',
  nothing: 'nothing changed',
  ten: 'ten changed',
  drift: 'nothing changed, asking the cluster',
  down: 'down',
  program: 'program, peak',
  tree: 'all processes, peak',
} as const;
