import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, type ChildProcess } from 'node:child_process';
import { get, createServer, type Server } from 'node:http';
import { randomBytes, randomInt } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';

import { CvmfsProxy } from '../../../../constructs/cvmfs/proxy';
import { dataOf } from '../../../constructs/cvmfs/support/tier';
import { synth } from '../../../support/synth';
import { until } from '../../support/processes';

export const STRATUM_1 = 's1.example.org';

/** A Stratum-1 server that has every object, and counts how often it is asked. */
export class Origin {
  readonly asked = new Map<string, number>();
  private constructor(
    readonly server: Server,
    readonly address: string,
    readonly port: number,
  ) {}

  static async start(address: string): Promise<Origin> {
    const server = createServer((request, response) => {
      const path = request.url ?? '';
      origin.asked.set(path, (origin.asked.get(path) ?? 0) + 1);
      // As Stratum-1 servers answer for objects that are named after their content.
      response.setHeader('Cache-Control', 'max-age=259200');
      response.end(contentOf(path));
    });
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    const port = portOf(server.address());
    const origin = new Origin(server, address, port);
    return origin;
  }

  get total(): number {
    return [...this.asked.values()].reduce((sum, times) => sum + times, 0);
  }

  urlOf(object: number | string): string {
    return `http://${STRATUM_1}:${this.port}/cvmfs/sw.example.org/data/${object}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** What an object holds: nothing that another one holds. */
export function contentOf(path: string): string {
  return `${path}\n`.repeat(1 + (path.length % 7) * 40);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A network of loopback addresses that nobody else uses. */
export function loopbackNetwork(): string {
  return `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
}

/** Where a client asks. */
export interface Proxy {
  readonly address: string;
  readonly port: number;
}

/** A proxy that runs what the construct renders, at an address of its own. */
export class Squid implements Proxy {
  #process: ChildProcess | undefined;
  /** Its memory is named after it, for which two of one name on a machine would fight. In a pod there is one. */
  readonly #name = `beamline${randomBytes(6).toString('hex')}`;
  readonly folder: string;
  readonly conf: string;
  readonly port = 3128;

  constructor(
    private readonly program: string,
    readonly address: string,
    clients: string,
    origin: Origin,
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'beamline-squid-'));
    const objects = synth(
      CvmfsProxy,
      {
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
    const rendered = dataOf(objects, 'cvmfs-proxy')['squid.conf'] ?? '';
    writeFileSync(join(this.folder, 'hosts'), `${origin.address} ${STRATUM_1}\n`);
    mkdirSync(join(this.folder, 'cache'));
    this.conf = join(this.folder, 'squid.conf');
    writeFileSync(
      this.conf,
      [
        placed(rendered, [
          ['http_port 3128', `http_port ${address}:${this.port}`],
          ['/var/cache/squid', join(this.folder, 'cache')],
          ['/run', this.folder],
        ]),
        // The name of the server is known here alone.
        `hosts_file ${join(this.folder, 'hosts')}`,
        '',
      ].join('\n'),
    );
  }

  /** Has Squid read the configuration; answers what it complains of. */
  async complaints(): Promise<string[]> {
    const { stderr, exitCode } = await this.#run(['-k', 'parse']);
    const lines = stderr.split('\n').filter((line) => /FATAL|ERROR|WARNING/.test(line));
    return exitCode === 0 ? lines : [...lines, `exit code ${exitCode}`];
  }

  async start(): Promise<void> {
    const made = await this.#run(['-z', '-N']);
    if (made.exitCode !== 0) throw new Error(`squid -z: ${made.stderr}`);
    const ids = await proxyUser();
    this.#process = spawn(this.program, ['-n', this.#name, '-N', '-f', this.conf], {
      ...ids,
      stdio: 'ignore',
    });
    await until(
      () =>
        new Promise((resolve) => {
          get({ host: this.address, port: this.port, path: '/' })
            .once('response', (response) => {
              response.resume();
              resolve(true);
            })
            .once('error', () => resolve(false));
        }),
      'squid did not start',
      20_000,
    );
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  remove(): void {
    this.kill();
    for (const memory of readdirSync('/dev/shm').filter((name) => name.startsWith(this.#name)))
      rmSync(join('/dev/shm', memory), { force: true });
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #run(args: string[]): Promise<{ stderr: string; exitCode: number }> {
    const { uid, gid } = await proxyUser();
    if (uid !== undefined && gid !== undefined)
      for (const path of ['', 'cache', 'hosts', 'squid.conf'])
        chownSync(join(this.folder, path), uid, gid);
    const { stderr, exitCode } = await execa(
      this.program,
      ['-n', this.#name, ...args, '-f', this.conf],
      {
        ...(uid === undefined || gid === undefined ? {} : { uid, gid }),
        reject: false,
        timeout: 20_000,
      },
    );
    return { stderr, exitCode };
  }
}

/** Unprivileged, as in the cluster: root's Squid runs as the user that the package made. */
export async function proxyUser(): Promise<{ uid?: number; gid?: number }> {
  if (userInfo().uid !== 0) return {};
  const id = async (flag: string): Promise<number> =>
    Number((await execa('id', [flag, 'proxy'])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

/** A text with its places filled with those of this machine. */
export function placed(text: string, places: readonly (readonly [string, string])[]): string {
  return places.reduce((rest, [from, to]) => {
    if (!rest.includes(from)) throw new Error(`there is no '${from}':\n${rest}`);
    return rest.replaceAll(from, to);
  }, text);
}

/** What a request came to. */
export interface Fetched {
  readonly status: number;
  readonly body: string;
}

/** Fetches through a proxy, from an address of this machine. Throws when the connection fails. */
export function fetchThrough(proxy: Proxy, url: string, from: string): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const request = get(
      { host: proxy.address, port: proxy.port, path: url, localAddress: from, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.once('end', () =>
          response.complete
            ? resolve({ status: response.statusCode ?? 0, body })
            : reject(new Error('cut off')),
        );
        response.once('error', reject);
      },
    );
    request.once('error', reject);
  });
}
