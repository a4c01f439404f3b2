import type { Report } from '../upstream/progress';
import type { Part } from './options';
import { figureOf, type Figure, type Results } from './results';
import type { Workspace } from './workspace';

/** One run of the bench: where it works, and what it found so far. */
export class Bench {
  constructor(
    readonly workspace: Workspace,
    readonly results: Results,
    readonly report: Report,
    readonly signal: AbortSignal,
  ) {}

  record(figure: Figure): void {
    this.results.figures.push(figure);
  }

  /** Something that could not be measured. The rest still is. */
  problem(message: string): void {
    this.results.problems.push(message);
    this.report.note(message);
  }

  figure(part: Part, what: string, tool: string): number | undefined {
    return figureOf(this.results, part, what, tool);
  }
}
