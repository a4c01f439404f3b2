import { loadavg } from 'node:os';

import { execa } from 'execa';

import { watchTree, type Usage } from './process-tree';

/** A command to measure. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /**
   * Variables beside those of this process.
   *
   * @default {}
   */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Exit codes that are good: a diff that finds something is no failure.
   *
   * @default [0]
   */
  readonly good?: readonly number[];
}

/** What a command took. */
export interface Taken extends Usage {
  readonly seconds: number;
  /** Load average of the last minute when it began: what else the machine was doing. */
  readonly load: number;
  readonly output: string;
}

/** No single command may take longer. */
const LIMIT_MS = 600_000;

/** Runs a command and measures it with all processes it starts. @throws Error with its last words when it fails. */
export async function measure(command: Command, signal: AbortSignal): Promise<Taken> {
  const load = loadavg()[0] ?? 0;
  const begun = performance.now();
  const run = execa(command.file, command.args, {
    cwd: command.cwd,
    env: { ...command.env },
    reject: false,
    stdin: 'ignore',
    timeout: LIMIT_MS,
    signal,
    maxBuffer: 1 << 28,
  });
  const watching = watchTree(run.pid ?? process.pid);
  const result = await run;
  const usage = watching.end();
  const seconds = (performance.now() - begun) / 1000;
  if (!(command.good ?? [0]).includes(result.exitCode)) {
    const words = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-25).join('\n');
    throw new Error(
      `'${command.file} ${command.args.join(' ')}' failed after ${seconds.toFixed(0)} s with ` +
        `${result.timedOut ? 'the time limit' : `exit code ${result.exitCode}`}:\n${words}`,
    );
  }
  return { ...usage, seconds, load, output: result.stdout };
}

/** Repeats a command and keeps the fastest: what else the machine does only ever makes it slower. */
export async function fastestOf(
  times: number,
  command: Command,
  signal: AbortSignal,
): Promise<Taken> {
  let best = await measure(command, signal);
  for (let time = 1; time < times; time += 1) {
    const next = await measure(command, signal);
    if (next.seconds < best.seconds) best = next;
  }
  return best;
}

/** The middle one of some figures. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
