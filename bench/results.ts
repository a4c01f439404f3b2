import Table from 'cli-table3';

import type { Part } from './options';

/** One thing that was measured. */
export interface Figure {
  readonly part: Part;
  /** What was done: `up, nothing changed`. */
  readonly what: string;
  /** Who did it. */
  readonly tool: string;
  readonly value: number;
  readonly unit: 's' | 'ms' | 'MB' | 'MB/s' | 'per s' | 'times' | 'in all';
  /**
   * CPU seconds of its processes.
   *
   * @default - not measured
   */
  readonly cpuSeconds?: number;
  /** Load average when it began. */
  readonly load: number;
}

/** A goal, and whether this run met it. */
export interface Verdict {
  readonly part: Part;
  readonly goal: string;
  readonly found: string;
  /** Undefined when what it needs was not measured. */
  readonly holds: boolean | undefined;
}

/** Everything that one run of the bench found. */
export interface Results {
  readonly date: string;
  readonly machine: { readonly cores: number; readonly memoryGiB: number; readonly node: string };
  readonly objects: number;
  readonly figures: Figure[];
  readonly problems: string[];
}

/** What was measured, if it was. */
export function figureOf(
  { figures }: Results,
  part: Part,
  what: string,
  tool: string,
): number | undefined {
  return figures.find((one) => one.part === part && one.what === what && one.tool === tool)?.value;
}

/** The figures as a table, one line for each thing done. */
export function figuresTable({ figures }: Results): string {
  const table = new Table({
    head: ['part', 'what', 'tool', 'found', 'cpu', 'load'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { part, what, tool, value, unit, cpuSeconds, load } of figures) {
    const cpu = cpuSeconds === undefined ? '' : `${cpuSeconds.toFixed(1)} s`;
    table.push([part, what, tool, shown(value, unit), cpu, load.toFixed(1)]);
  }
  return table.toString();
}

/** The goals as a table. */
export function verdictsTable(verdicts: readonly Verdict[]): string {
  const table = new Table({
    head: ['part', 'goal', 'found', 'holds'],
    style: { head: [], border: [], compact: true },
  });
  for (const { part, goal, found, holds } of verdicts) {
    table.push([part, goal, found, holds === undefined ? 'not measured' : holds ? 'yes' : 'NO']);
  }
  return table.toString();
}

function shown(value: number, unit: Figure['unit']): string {
  const digits = unit === 'in all' || unit === 'MB' || value >= 100 ? 0 : unit === 'times' ? 2 : 1;
  return `${value.toFixed(digits)} ${unit}`;
}
