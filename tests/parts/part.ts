import type { Report } from '../../upstream/progress';

/** A real program that tests run against, and how it comes to this machine. */
export interface Part {
  /** What a reader calls it: `nfs-ganesha 4`. */
  readonly title: string;
  /**
   * Brings it, or finds it there, and answers where: a directory or a program.
   * Throws an Error with the reason when it cannot be had here; the tests that need it then count as skipped.
   */
  ensure(report: Report): Promise<string>;
}
