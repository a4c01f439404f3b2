import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { execa } from 'execa';

/** One background process of a control plane. */
export interface Background {
  readonly name: string;
  readonly binary: string;
  readonly args: readonly string[];
  /** Directory with `pids/` and `logs/`. */
  readonly home: string;
  /**
   * Variables beside the ones of this process.
   *
   * @default {}
   */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Working directory.
   *
   * @default - `home`
   */
  readonly cwd?: string;
  /** A text of its command line that no other process has: after a reboot its pid may be a stranger's. */
  readonly mark: string;
}

/** Where a process writes what it has to say. */
export function logFile(process: Background): string {
  return join(process.home, 'logs', `${process.name}.log`);
}

/** Where its process id is written. */
export function pidFile(process: Pick<Background, 'home' | 'name'>): string {
  return join(process.home, 'pids', `${process.name}.pid`);
}

/** The process id, if it runs and is the one we started. */
export async function pidOf(process: Background): Promise<number | undefined> {
  const path = pidFile(process);
  if (!existsSync(path)) return undefined;
  const pid = Number(readFileSync(path, 'utf8').trim());
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  return (await commandLine(pid)).includes(process.mark) ? pid : undefined;
}

/** Whether it was started and runs no more. */
export async function hasDied(process: Background): Promise<boolean> {
  return existsSync(pidFile(process)) && (await pidOf(process)) === undefined;
}

/** The command line of a process; empty when there is none, or when it is a zombie. */
async function commandLine(pid: number): Promise<string> {
  if (existsSync('/proc/self/cmdline')) {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  }
  const { stdout } = await execa('ps', ['-o', 'command=', '-p', String(pid)], { reject: false });
  return stdout;
}

/** Starts a process that outlives this one. */
export function launch(background: Background): void {
  const log = logFile(background);
  mkdirSync(dirname(log), { recursive: true });
  mkdirSync(dirname(pidFile(background)), { recursive: true });
  const output = openSync(log, 'a');
  try {
    const child = spawn(background.binary, background.args, {
      cwd: background.cwd ?? background.home,
      env: { ...process.env, ...background.env },
      detached: true,
      stdio: ['ignore', output, output],
    });
    child.on('error', () => undefined); // A binary that cannot run is seen as a dead process, with its log.
    child.unref();
    if (child.pid !== undefined) writeFileSync(pidFile(background), String(child.pid));
  } finally {
    closeSync(output);
  }
}

/** Asks a process to end, and ends it after three seconds. */
export async function stop(background: Background): Promise<void> {
  const pid = await pidOf(background);
  if (pid !== undefined) {
    signal(pid, 'SIGTERM');
    const deadline = Date.now() + 3_000;
    while ((await pidOf(background)) !== undefined) {
      signal(pid, Date.now() > deadline ? 'SIGKILL' : 0);
      await sleep(20);
    }
  }
  rmSync(pidFile(background), { force: true });
}

function signal(pid: number, name: NodeJS.Signals | 0): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in between.
  }
}

/** The last lines of a log, for an error. */
export function logTail(background: Background, lines = 8): string {
  const path = logFile(background);
  if (!existsSync(path)) return '(no log)';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
