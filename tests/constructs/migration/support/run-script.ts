import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { scriptOf, type CopyTask } from '../../../../constructs/migration/scripts';

/** The directories of a task. */
export interface Places {
  readonly source: string;
  readonly target: string;
}

/** How a task is run. */
export interface HowToRun {
  /** The shell and what it is told before the script. */
  readonly shell?: readonly string[];
  /** As whom; the test's own user otherwise. */
  readonly user?: number;
  /** Size of the target in bytes. */
  readonly size?: number;
  /** Where programs are looked for. */
  readonly path?: string;
}

/** What a task came to. */
export interface TaskOutcome {
  readonly exitCode: number | undefined;
  readonly report: string;
  readonly stderr: string;
}

/** A task under way on local directories. */
export interface RunningTask {
  readonly pid: number;
  readonly ended: Promise<TaskOutcome>;
}

/** Starts the very script that a pod of a migration runs. */
export function startTask(
  task: CopyTask,
  { source, target }: Places,
  { shell = ['/bin/sh'], user, size = 1e12, path }: HowToRun = {},
): RunningTask {
  const scratch = mkdtempSync(join(tmpdir(), 'beamline-task-'));
  chmodSync(scratch, 0o777);
  const report = join(scratch, 'report');
  const args = ['-c', scriptOf(task), task, source, target, report, scratch, String(size)];
  const as =
    user === undefined ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups'];
  const [program = '', ...rest] = [...as, ...shell, ...args];
  const child = execa(program, rest, {
    reject: false,
    ...(path === undefined ? {} : { env: { PATH: path }, extendEnv: false }),
  });
  if (child.pid === undefined) throw new Error(`${program} did not start`);
  const ended = child.then(({ exitCode, stderr }) => {
    const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
    rmSync(scratch, { recursive: true, force: true });
    return { exitCode, stderr, report: text };
  });
  return { pid: child.pid, ended };
}

/** Runs a task to its end. */
export function runTask(task: CopyTask, places: Places, how?: HowToRun): Promise<TaskOutcome> {
  return startTask(task, places, how).ended;
}
