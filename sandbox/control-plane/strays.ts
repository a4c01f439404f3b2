import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { execa } from 'execa';

import { layoutOf } from './layout';
import { simulatorOf } from './simulator-process';

/**
 * Ends processes of a control plane that no pid file names. They are left when a start is killed between
 * starting a process and writing its number, or while kwokctl, which then goes on alone, lays it out.
 */
export async function killStrays(directory: string): Promise<void> {
  const marks = [
    `${layoutOf(directory).cluster}/bin/`,
    ` ${join(directory, 'kwokctl.yaml')} `,
    simulatorOf(directory).mark,
  ];
  // kwokctl comes first in a start: while it lives, it makes more of them.
  for (;;) {
    const strays = (await processes()).filter(({ command }) =>
      marks.some((mark) => ` ${command} `.includes(mark)),
    );
    if (strays.length === 0) return;
    for (const { pid } of strays) kill(pid);
    await sleep(20);
  }
}

interface Process {
  readonly pid: number;
  readonly command: string;
}

async function processes(): Promise<Process[]> {
  if (existsSync('/proc/self/cmdline')) {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map((entry) => ({ pid: Number(entry), command: commandLine(entry) }));
  }
  const { stdout } = await execa('ps', ['-axo', 'pid=,command=']);
  return stdout.split('\n').map((line) => {
    const [, pid = '0', command = ''] = /^\s*(\d+)\s(.*)$/.exec(line) ?? [];
    return { pid: Number(pid), command };
  });
}

function commandLine(entry: string): string {
  try {
    return readFileSync(join('/proc', entry, 'cmdline'), 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // It ended in between.
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
