import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';

import { familyOf, killFamily, until } from '../../support/processes';
import type { Settings } from './settings';

/** Nothing that a tier does by itself takes longer, on whatever machine. */
export const LIMIT_MS = 120_000;

/** One export server, as its container would run it: the supervisor in a mount namespace of its own. */
export class Replica {
  readonly folder: string;
  #process: ChildProcess | undefined;
  #ended: Promise<number> = Promise.resolve(0);

  constructor(
    readonly settings: Settings,
    readonly name: string,
    /** A loopback address, its pod's. */
    readonly address: string,
  ) {
    this.folder = join(settings.folder, name);
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.#file('revision'), '5\n');
  }

  /** Starts it and answers once it is ready. As the kubelet does, it starts it again where it ends, twice. */
  async start(): Promise<void> {
    for (let left = 2; ; left -= 1) {
      this.begin();
      try {
        await this.becomes(true);
        return;
      } catch (error) {
        if (this.running() || left === 0) throw error;
      }
    }
  }

  /** Starts it. */
  begin(): void {
    const { parts, ports, rendered, mount, clients, timing, shared } = this.settings;
    writeFileSync(
      this.#file('ganesha.conf'),
      rendered.ganeshaConf({
        address: this.address,
        port: ports.nfs,
        mount,
        recovery: this.#file('recovery'),
        clients,
      }),
    );
    const config = {
      ...rendered.config,
      ...timing,
      repositories: rendered.config.repositories.map((one) => ({ ...one, mount })),
      nfsPort: ports.nfs,
      healthPort: ports.health,
      sharedDirectory: shared,
      prewarm: [mount],
    };
    // What only a trial outside the image has to say is put on top of what the construct renders.
    const programs = {
      mount: [
        parts.mapfs,
        this.settings.treeOf(this.name),
        this.settings.mapOf(this.name),
        this.#file('revision'),
        this.#file('mapfs.pid'),
        '{mount}',
      ],
      refresh: ['/bin/sh', '-c', this.settings.refresh, this.#file('revision')],
      ganesha: [
        ...[parts.ganesha, '-F', '-L', this.#file('ganesha.log')],
        ...['-f', this.#file('ganesha.conf'), '-p', this.#file('ganesha.pid')],
      ],
      guard: parts.guard,
    };
    const text = JSON.stringify({ ...config, address: this.address, programs });
    writeFileSync(this.#file('export.json'), text);
    const log = openSync(this.#file('supervisor.log'), 'a');
    const child = spawn(
      'unshare',
      ['--mount', '--propagation', 'private', parts.supervisor, 'run'],
      {
        env: { PATH: process.env['PATH'], BEAMLINE_EXPORT_CONFIG: this.#file('export.json') },
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    this.#process = child;
    this.#ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        // Its number may be another process's by the next moment.
        if (this.#process === child) this.#process = undefined;
        resolve(code ?? (signal === 'SIGKILL' ? 137 : 128));
      });
    });
  }

  /** Reasons for which it is not ready; undefined when it does not answer at all. */
  async reasons(): Promise<readonly string[] | undefined> {
    const answer = await this.#ask('GET', '/ready').catch(() => undefined);
    if (answer === undefined) return undefined;
    const { reasons }: { reasons: string[] } = JSON.parse(answer.text);
    if ((answer.status === 200) !== (reasons.length === 0))
      throw new Error('status and reasons differ');
    return reasons;
  }

  /** What Prometheus would collect. */
  async metrics(): Promise<string> {
    return (await this.#ask('GET', '/metrics')).text;
  }

  async becomes(ready: boolean): Promise<void> {
    const became = (how: string): string => `${this.name} ${how}:\n${this.log()}`;
    await until(
      async () => {
        // Nobody else would start it again.
        if (ready && this.#process === undefined)
          throw new Error(became(`ended with ${await this.#ended} instead of becoming ready`));
        return ((await this.reasons())?.length === 0) === ready;
      },
      () => became(`did not become ${ready ? 'ready' : 'unready'}`),
      LIMIT_MS,
    );
  }

  /** Whether it was started and has not ended since. */
  running(): boolean {
    return this.#process !== undefined;
  }

  /** The exit code, once it has ended. */
  ended(): Promise<number> {
    return this.#ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal);
  }

  /** Ends the NFS server at once. */
  killServer(): void {
    process.kill(this.#pidOf('ganesha.nfsd'), 'SIGKILL');
  }

  /** Stops the NFS server without ending it: connections stay, answers do not come. */
  stopServer(): void {
    process.kill(this.#pidOf('ganesha.nfsd'), 'SIGSTOP');
  }

  /** The program behind the mount hangs: whoever asks the file system waits. */
  hangMount(): void {
    process.kill(Number(readFileSync(this.#file('mapfs.pid'), 'utf8')), 'SIGSTOP');
  }

  /** The program behind the mount dies: whoever asks the file system gets an error. */
  killMount(): void {
    process.kill(Number(readFileSync(this.#file('mapfs.pid'), 'utf8')), 'SIGKILL');
  }

  /** The supervisor gets a signal, not the first process of the container. */
  signalSupervisor(signal: NodeJS.Signals): void {
    const found = this.family().find((pid) => argumentsOf(pid).at(1) === 'supervise');
    if (found === undefined) throw new Error(`${this.name} has no supervisor:\n${this.log()}`);
    process.kill(found, signal);
  }

  /** The whole container ends at once. */
  killAll(): void {
    if (this.#process?.pid !== undefined) killFamily(this.#process.pid);
  }

  /** What the preStop hook runs, and then the kubelet's signal. */
  async drain(): Promise<number> {
    const { status, text } = await this.#ask('POST', '/drain');
    if (status !== 200) throw new Error(`draining ${this.name}: ${status} ${text}`);
    this.signal('SIGTERM');
    return this.#ended;
  }

  setRevision(revision: number): void {
    writeFileSync(this.#file('revision'), `${revision}\n`);
  }

  log(): string {
    const read = (file: string): string => {
      try {
        return readFileSync(this.#file(file), 'utf8').split('\n').slice(-15).join('\n');
      } catch {
        return '';
      }
    };
    return `${read('supervisor.log')}\n${read('ganesha.log')}`;
  }

  /** Processes that it is made of. */
  family(): number[] {
    return this.#process?.pid === undefined ? [] : familyOf(this.#process.pid);
  }

  /** On a connection of its own: one that is kept may be to a process that has ended since. */
  #ask(method: 'GET' | 'POST', path: string): Promise<{ status: number; text: string }> {
    const { address: host } = this;
    const { health: port } = this.settings.ports;
    return new Promise((resolve, reject) => {
      const asking = request({ host, port, method, path, agent: false }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.once('error', reject);
      });
      asking.once('error', reject);
      asking.end();
    });
  }

  #pidOf(command: string): number {
    const found = this.family().find((pid) => commandOf(pid) === command);
    if (found === undefined) throw new Error(`${this.name} runs no ${command}:\n${this.log()}`);
    return found;
  }

  #file(name: string): string {
    return join(this.folder, name);
  }
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
