import { execa, type ExecaChildProcess } from 'execa';

/** A real program that runs until it is stopped, and what it printed. */
export class Program {
  log = '';

  private constructor(private readonly child: ExecaChildProcess) {}

  static start(
    path: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    cwd: string,
  ): Program {
    const child = execa(path, args, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, PYTHONUNBUFFERED: '1', ...env },
      extendEnv: false,
      reject: false,
      buffer: false,
      all: true,
    });
    const program = new Program(child);
    child.all?.setEncoding('utf8').on('data', (text: string) => (program.log += text));
    return program;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get running(): boolean {
    return this.child.exitCode === null;
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.child;
  }
}
