import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { CvmfsProxy } from '../../../../constructs/cvmfs/proxy';
import { dataOf } from '../../../constructs/cvmfs/support/tier';
import { synth } from '../../../support/synth';
import { until } from '../../support/processes';
import { placed, proxyUser, STRATUM_1, type Origin, type Proxy } from './squid';

const podSchema = z.object({
  template: z.object({
    spec: z.object({ containers: z.tuple([z.object({ command: z.array(z.string()) })]) }),
  }),
});

/** A Varnish with the VCL and the command line that the construct renders, at an address of its own. */
export class Varnish implements Proxy {
  readonly port = 3128;
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-varnish-'));
  readonly #vcl = join(this.folder, 'beamline.vcl');
  readonly #command: readonly string[];
  #process: ChildProcess | undefined;

  constructor(
    readonly address: string,
    clients: string,
    origin: Origin,
  ) {
    const objects = synth(
      CvmfsProxy,
      {
        program: 'varnish',
        clients: [clients],
        namespaces: ['cvmfs'],
        destinations: [STRATUM_1],
        destinationPorts: [origin.port],
        scale: { replicas: 2 },
        cache: { sizeGiB: 1 },
        memoryMiB: 64,
      },
      'okd 4.21',
      'proxies',
    );
    // The name of the server is known here alone.
    const host = `.host = "${STRATUM_1}"`;
    const rendered = dataOf(objects, 'cvmfs-proxy')['beamline.vcl'] ?? '';
    writeFileSync(this.#vcl, placed(rendered, [[host, `.host = "${origin.address}"`]]));
    const spec = podSchema.parse(objects.one('StatefulSet')['spec']);
    this.#command = placed(spec.template.spec.containers[0].command.join('\n'), [
      ['/etc/varnish/beamline.vcl', this.#vcl],
      ['/var/lib/varnish', join(this.folder, 'work')],
      ['/var/cache/varnish', join(this.folder, 'cache')],
      ['proxy=:3128', `proxy=${address}:${this.port}`],
      ['819M', '64M'], // the machine of a test has other things to hold
    ]).split('\n');
  }

  /** Has Varnish compile its VCL; answers what it complains of. */
  async complaints(): Promise<string[]> {
    await this.#own();
    // In a directory of its own: another may be at work in the one that is rendered.
    const compile = ['-j', 'none', '-n', join(this.folder, 'compile'), '-C'];
    const { stderr, exitCode } = await this.#run([...compile, '-f', this.#vcl]);
    return exitCode === 0 ? [] : [stderr];
  }

  async start(): Promise<void> {
    await this.#own();
    const [program = '', ...args] = this.#command;
    this.#process = spawn(program, args, { ...(await proxyUser()), stdio: 'ignore' });
    await until(() => this.#listens(), 'varnishd did not start', 30_000);
  }

  /** Ends what serves and what would start it anew, as the end of a container does. */
  kill(): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    this.#process = undefined;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    for (const one of [pid, ...children.filter((text) => text !== '').map(Number)])
      process.kill(one, 'SIGKILL');
  }

  remove(): void {
    this.kill();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #listens(): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect({ host: this.address, port: this.port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }

  async #own(): Promise<void> {
    const { uid, gid } = await proxyUser();
    chmodSync(this.folder, 0o755);
    for (const name of ['work', 'cache', 'compile']) {
      const path = join(this.folder, name);
      mkdirSync(path, { recursive: true });
      if (uid !== undefined && gid !== undefined) await execa('chown', [`${uid}:${gid}`, path]);
    }
  }

  async #run(args: readonly string[]): Promise<{ stderr: string; exitCode: number }> {
    const [program = ''] = this.#command;
    const options = { ...(await proxyUser()), reject: false, timeout: 30_000 };
    const { stderr, exitCode } = await execa(program, args, options);
    return { stderr, exitCode };
  }
}
