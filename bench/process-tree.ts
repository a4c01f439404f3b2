import { readdirSync, readFileSync } from 'node:fs';

/** What a process tree used, sampled from `/proc`. */
export interface Usage {
  /** CPU seconds of every process that was seen. */
  readonly cpuSeconds: number;
  /** Highest sum of the resident memory of all processes at one moment, in MB. */
  readonly treeMB: number;
  /** Highest resident memory of the node process that runs the Pulumi program, in MB; 0 where there was none. */
  readonly programMB: number;
}

const SAMPLE_MS = 200;
const TICKS_PER_SECOND = 100;
/** What runs a program: the script of Pulumi's language host, or our own command. */
const PROGRAM = /@pulumi\/pulumi\/cmd\/run|cli\/beamline\.cjs/;

/** Watches a process and everything it starts, until `end` is called. */
export function watchTree(root: number): { end(): Usage } {
  const ticks = new Map<number, number>();
  let treeMB = 0;
  let programMB = 0;
  const sample = (): void => {
    let sum = 0;
    for (const pid of treeOf(root)) {
      const { residentMB, highestMB, usedTicks, program } = look(pid);
      sum += residentMB;
      if (usedTicks > 0) ticks.set(pid, usedTicks);
      if (program) programMB = Math.max(programMB, highestMB);
    }
    treeMB = Math.max(treeMB, sum);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  sample();
  return {
    end: () => {
      clearInterval(timer);
      const used = [...ticks.values()].reduce((sum, one) => sum + one, 0);
      return { cpuSeconds: used / TICKS_PER_SECOND, treeMB, programMB };
    },
  };
}

/** Resident memory of a process and everything it started, in MB: now, and the sum of what each had at most. */
export function residentOf(root: number): { readonly now: number; readonly highest: number } {
  const looks = treeOf(root).map(look);
  return {
    now: looks.reduce((sum, { residentMB }) => sum + residentMB, 0),
    highest: looks.reduce((sum, { highestMB }) => sum + highestMB, 0),
  };
}

/** CPU seconds that a process and what it started used so far. */
export function cpuSecondsOf(root: number): number {
  const ticks = treeOf(root).reduce((sum, pid) => sum + look(pid).usedTicks, 0);
  return ticks / TICKS_PER_SECOND;
}

/** A process and its descendants. A process group of its own changes nothing about whose child it is. */
function treeOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const parent = Number(statOf(pid)[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function look(pid: number): {
  residentMB: number;
  highestMB: number;
  usedTicks: number;
  program: boolean;
} {
  const status = read(`/proc/${pid}/status`);
  const stat = statOf(pid);
  return {
    residentMB: megabytes(status, 'VmRSS'),
    highestMB: megabytes(status, 'VmHWM'),
    usedTicks: Number(stat[11] ?? 0) + Number(stat[12] ?? 0),
    program: PROGRAM.test(read(`/proc/${pid}/cmdline`)),
  };
}

/** The fields of `/proc/<pid>/stat` behind the name, which may hold blanks: state, parent, ... */
function statOf(pid: number): string[] {
  return (
    read(`/proc/${pid}/stat`)
      .split(/\) (?=[A-Z] )/)
      .at(-1)
      ?.split(' ') ?? []
  );
}

function megabytes(status: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1000;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // It ended in between.
  }
}
