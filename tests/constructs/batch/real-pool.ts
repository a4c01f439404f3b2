import { execFile, spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { secretsIn, revealSecrets, type SecretValue } from '../../../constructs/kit/secret-value';
import { lookupIn } from '../../../deploy/secrets';
import { familyOf, killFamily } from '../../integration/support/processes';

/** A UID as OKD allots it, which no passwd file knows, and the group that the pods name. */
const UID = 1_000_680_000;
const GID = 64;

/** The files of a pod's volumes, as the kubelet would lay them. */
export interface PodFiles {
  readonly config: Readonly<Record<string, string>>;
  readonly tokens: Readonly<Record<string, string>>;
  readonly keys: Readonly<Record<string, string>>;
}

/** What a command came to. */
export interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

const MOUNTS = {
  config: 'etc/beamline-condor',
  tokens: 'etc/beamline-condor-tokens',
  keys: 'etc/beamline-condor-keys',
  srv: 'srv',
} as const;

/**
 * Pods of HTCondor without a kubelet: each with a name of its own, in mount and process namespaces, with its first process the one of the container,
 * under a UID that no file knows. They share loopback, so each listens on a port of its own, which the environment says.
 */
export class RealPool {
  private readonly folder = mkdtempSync(join(tmpdir(), 'beamline-condor-'));
  private readonly running = new Map<string, ChildProcess>();

  constructor(
    private readonly root: string,
    private readonly ports: Readonly<Record<string, number>>,
  ) {
    chmodSync(this.folder, 0o755);
  }

  /** Lays the files of a pod. */
  public lay(pod: string, files: PodFiles): void {
    for (const kind of ['config', 'tokens', 'keys'] as const) {
      mkdirSync(join(this.folder, pod, kind), { recursive: true });
      for (const [file, text] of Object.entries(files[kind])) {
        const path = join(this.folder, pod, kind, file);
        writeFileSync(path, revealed(text));
        chownSync(path, 0, GID);
        chmodSync(path, 0o440);
      }
    }
    writeFileSync(join(this.folder, pod, 'hosts'), `127.0.0.1 ${nameOf(pod)} localhost\n`);
    for (const volume of ['condor', 'condor-spool', 'condor-execute']) {
      const path = join(this.folder, pod, 'srv', volume);
      mkdirSync(path, { recursive: true });
      chownSync(path, UID, GID);
    }
  }

  /** The token that was laid for a pod. */
  public tokenOf(pod: string): string {
    const folder = join(this.folder, pod, 'tokens');
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('');
  }

  /** Starts a pod as its container would. */
  public start(pod: string): void {
    const child = spawn(
      'unshare',
      this.inside(pod, ['/bin/bash', '/etc/beamline-condor/start.sh']),
      {
        env: this.environment(pod),
        stdio: 'ignore',
      },
    );
    this.running.set(pod, child);
  }

  /** Kills a pod with everything in it. */
  public kill(pod: string): void {
    const pid = this.running.get(pod)?.pid;
    if (pid !== undefined) killFamily(pid);
    this.running.delete(pod);
  }

  /** Asks a pod to stop, as the kubelet does, and waits. Answers its exit code. */
  public async stop(pod: string): Promise<number | null> {
    const child = this.running.get(pod);
    if (child?.pid === undefined) throw new Error(`'${pod}' does not run`);
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const [, first] = familyOf(child.pid);
    process.kill(first ?? child.pid, 'SIGTERM');
    this.running.delete(pod);
    return ended;
  }

  /** Runs a command with a pod's files. */
  public async run(pod: string, command: readonly string[]): Promise<Answer> {
    return new Promise((resolve) => {
      const options = { env: this.environment(pod), timeout: 60_000 };
      execFile('unshare', this.inside(pod, command), options, (error, out, err) => {
        resolve({ ok: error === null, text: `${out}${err}` });
      });
    });
  }

  public end(): void {
    for (const pod of [...this.running.keys()]) this.kill(pod);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private inside(pod: string, command: readonly string[]): string[] {
    const mounts = Object.entries(MOUNTS).map(
      ([kind, at]) => `mount --bind ${join(this.folder, pod, kind)} ${join(this.root, at)}`,
    );
    const script = [
      ...mounts,
      // HTCondor tells sessions apart by host, process and second: with one name for all, somebody else's would be taken for one's own.
      `hostname ${nameOf(pod)}`,
      `mount --bind ${join(this.folder, pod, 'hosts')} ${join(this.root, 'etc/hosts')}`,
      `mount -t proc proc ${join(this.root, 'proc')}`,
      `mount --bind /dev ${join(this.root, 'dev')}`,
      `mount -t tmpfs -o mode=1777 tmpfs ${join(this.root, 'tmp')}`,
      `exec chroot --userspec=${UID}:${GID} ${this.root} "$@"`,
    ].join(' && ');
    const spaces = ['--mount', '--pid', '--uts', '--fork', '--kill-child'];
    return [...spaces, '--', 'sh', '-c', script, 'sh', ...command];
  }

  private environment(pod: string): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      CONDOR_CONFIG: '/etc/beamline-condor/condor_config',
      POD_NAME: nameOf(pod),
      _CONDOR_NETWORK_INTERFACE: '127.0.0.1',
      _CONDOR_CONDOR_HOST: '127.0.0.1',
      _CONDOR_COLLECTOR_HOST: `127.0.0.1:${this.ports['manager']}`,
      _CONDOR_SHARED_PORT_PORT: String(this.ports[pod] ?? 0),
      // A minute between two rounds is for pools of thousands.
      _CONDOR_NEGOTIATOR_INTERVAL: '5',
      _CONDOR_NEGOTIATOR_CYCLE_DELAY: '2',
      _CONDOR_SCHEDD_INTERVAL: '5',
    };
  }
}

function nameOf(pod: string): string {
  return `condor-${pod}-0`;
}

/** A text with its secrets as a deployment would put them: keys are their names, long enough. */
export function revealed(text: string): string {
  const known = new Map<string, string>();
  for (const secret of secretsIn(text)) {
    if (secret.from !== 'idtoken' && secret.from !== 'generated') continue;
    const { name, length, rotation } = secret;
    const source: SecretValue = { from: 'generated', name, length, rotation };
    known.set(
      JSON.stringify(source),
      `${name}${rotation}`.replaceAll(/\W/g, 'x').padEnd(length, 'k'),
    );
  }
  return revealSecrets(text, lookupIn(known));
}
