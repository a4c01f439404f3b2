import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { freePorts } from '../../../sandbox/control-plane/components';
import { killFamily, until } from '../../integration/support/processes';

/** One node of Slurm with its submit host, on loopback and in a directory of its own. All of it is one user's. */
export class RealSlurm {
  public readonly folder = mkdtempSync(join(tmpdir(), 'beamline-slurm-'));
  /** The workspaces as the nodes see them. */
  public readonly nodes = join(this.folder, 'nodes');
  /** The same files as REANA sees them. */
  public readonly reana = join(this.folder, 'reana');
  public readonly user = userInfo().username;
  public port = 0;
  private readonly running: ChildProcess[] = [];

  public async start(): Promise<void> {
    const [controller = 0, node = 0, ssh = 0] = await freePorts(3);
    this.port = ssh;
    for (const name of ['nodes', 'state', 'spool', 'munge']) mkdirSync(join(this.folder, name));
    symlinkSync(this.nodes, this.reana);
    this.write('munge/key', randomBytes(128));
    this.write('slurm.conf', this.slurmConf(controller, node));
    for (const key of ['host', 'user', 'other']) {
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.folder, key)]);
    }
    this.write('sshd_config', this.sshdConf(ssh));
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });

    const munge = ['key-file', 'log-file', 'pid-file', 'seed-file'].map(
      (what) => `--${what}=${join(this.folder, 'munge', what.replace('-file', ''))}`,
    );
    this.run('/usr/sbin/munged', ['--foreground', '--force', `--socket=${this.socket}`, ...munge]);
    await until(
      () => Promise.resolve(this.says('munge', ['-n', '-S', this.socket])),
      'munged did not start',
    );
    this.run('/usr/sbin/slurmctld', ['-D']);
    this.run('/usr/sbin/slurmd', ['-D', '-N', 'node']);
    this.run('/usr/sbin/sshd', ['-D', '-e', '-f', join(this.folder, 'sshd_config')]);
    try {
      await until(
        () => Promise.resolve(this.says('sinfo', ['--noheader', '--format=%T'], /^idle$/m)),
        'the node never was idle',
      );
    } catch (error) {
      throw new Error(this.logs(), { cause: error });
    }
  }

  /** Public key of the submit host. */
  public get hostKey(): string {
    return readFileSync(join(this.folder, 'host.pub'), 'utf8').trim();
  }

  public privateKey(of: 'user' | 'other'): string {
    return readFileSync(join(this.folder, of), 'utf8');
  }

  public async end(): Promise<void> {
    // Jobs are no children of the daemons that started them.
    this.says('scancel', [`--user=${this.user}`]);
    await until(() => Promise.resolve(!this.says('squeue', ['--noheader'])), 'jobs did not end');
    for (const { pid } of this.running) if (pid !== undefined) killFamily(pid);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The ends of what the daemons wrote. */
  public logs(): string {
    return ['slurmctld', 'slurmd', 'sshd']
      .map((name) => readFileSync(join(this.folder, `${name}.log`), 'utf8').slice(-1500))
      .join('\n');
  }

  private get socket(): string {
    return join(this.folder, 'munge', 'socket');
  }

  private write(file: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, file), content, { mode: 0o600 });
  }

  private run(program: string, args: readonly string[]): void {
    const log = join(this.folder, `${program.split('/').at(-1)}.log`);
    const line = [program, ...args].map((word) => `'${word}'`).join(' ');
    this.running.push(
      spawn('sh', ['-c', `exec ${line} > '${log}' 2>&1`], {
        env: this.environment,
        stdio: 'ignore',
      }),
    );
  }

  private says(program: string, args: readonly string[], pattern = /./): boolean {
    try {
      const options = { env: this.environment, encoding: 'utf8', stdio: 'pipe' } as const;
      return pattern.test(execFileSync(program, args, options));
    } catch {
      return false;
    }
  }

  private get environment(): NodeJS.ProcessEnv {
    return {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      SLURM_CONF: join(this.folder, 'slurm.conf'),
    };
  }

  /** No cgroups: a container of a build has none to give. */
  private slurmConf(controller: number, node: number): string {
    return `${[
      'ClusterName=test',
      `SlurmctldHost=${hostname()}(127.0.0.1)`,
      `SlurmctldPort=${controller}`,
      `SlurmdPort=${node}`,
      `SlurmUser=${this.user}`,
      `SlurmdUser=${this.user}`,
      `AuthInfo=socket=${this.socket}`,
      `StateSaveLocation=${join(this.folder, 'state')}`,
      `SlurmdSpoolDir=${join(this.folder, 'spool')}`,
      `SlurmctldPidFile=${join(this.folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${join(this.folder, 'slurmd.pid')}`,
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'JobAcctGatherType=jobacct_gather/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_Core_Memory',
      'SlurmdParameters=config_overrides',
      'MailProg=/bin/true',
      'SchedulerParameters=sched_interval=2',
      `NodeName=node NodeHostname=${hostname()} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000`,
      'PartitionName=batch Nodes=node Default=YES State=UP',
    ].join('\n')}\n`;
  }

  private sshdConf(port: number): string {
    return `${[
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${join(this.folder, 'host')}`,
      `AuthorizedKeysFile ${join(this.folder, 'user.pub')}`,
      `PidFile ${join(this.folder, 'sshd.pid')}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'StrictModes no',
      'UsePAM no',
      `SetEnv SLURM_CONF=${join(this.folder, 'slurm.conf')}`,
    ].join('\n')}\n`;
  }
}
