import { DiskProblem } from './cache';
import { WrongChecksum } from './checksum';
import { messageOf } from './errors';

/** One way to get a file. */
export interface Way {
  /** Where it looks, for the error: `the mirror BEAMLINE_TOOLCHAIN`. */
  readonly name: string;
  /** Brings the file, or throws an error whose message says why not. */
  readonly run: () => Promise<void>;
}

/**
 * Tries each way in order until one works. A wrong checksum or a full disk stops at once: the first is
 * for a person to judge, the second is the same for every way.
 *
 * @throws NothingWorked, which lists every way and why it failed.
 */
export async function firstThatWorks(
  subject: string,
  ways: readonly Way[],
  advice: string,
): Promise<void> {
  const failures: string[] = [];
  for (const way of ways) {
    try {
      await way.run();
      return;
    } catch (error) {
      if (error instanceof WrongChecksum || error instanceof DiskProblem) throw error;
      failures.push(`${way.name}: ${messageOf(error)}`);
    }
  }
  throw new NothingWorked(subject, failures, advice);
}

/** Nothing brought the file. */
export class NothingWorked extends Error {
  constructor(
    readonly subject: string,
    readonly failures: readonly string[],
    advice: string,
  ) {
    super(`cannot get ${subject}; tried in this order:\n  - ${failures.join('\n  - ')}\n${advice}`);
    this.name = 'NothingWorked';
  }
}
