import { spawn, type ChildProcess } from 'node:child_process';
import { createConnection } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../../support/processes';
import { LIMIT_MS, type Replica } from './replica';
import type { Settings } from './settings';

/**
 * What a Service does, with haproxy: a connection goes to any replica whose readiness probe is good, at random, and stays there.
 * As with kube-proxy nothing is sent again elsewhere and nothing is cut when a replica becomes unready.
 */
export class Balancer {
  #process: ChildProcess | undefined;
  readonly #socket: string;

  constructor(
    private readonly settings: Settings,
    readonly address: string,
    private readonly replicas: readonly Replica[],
  ) {
    this.#socket = join(settings.folder, 'haproxy.socket');
  }

  async start(): Promise<void> {
    const { ports, rendered, folder, parts } = this.settings;
    const { httpGet, periodSeconds, timeoutSeconds, failureThreshold } = rendered.readiness;
    const file = join(folder, 'haproxy.cfg');
    writeFileSync(
      file,
      [
        'global',
        `  stats socket ${this.#socket} level admin`,
        '  maxconn 1000',
        'defaults',
        '  mode tcp',
        '  timeout connect 1s',
        `  timeout check ${timeoutSeconds}s`,
        '  timeout client 1h',
        '  timeout server 1h',
        '  retries 0',
        'listen nfs',
        `  bind ${this.address}:${ports.nfs}`,
        '  balance random(1)',
        `  option httpchk GET ${httpGet.path}`,
        `  default-server inter ${periodSeconds}s fall ${failureThreshold} rise 1`,
        ...this.replicas.map(
          ({ name, address }) =>
            `  server ${name} ${address}:${ports.nfs} check port ${ports.health}`,
        ),
        '',
      ].join('\n'),
    );
    this.#process = spawn(parts.haproxy, ['-db', '-q', '-f', file], { stdio: 'ignore' });
    await until(async () => (await this.#stat()) !== undefined, 'haproxy did not start', LIMIT_MS);
  }

  stop(): void {
    this.#process?.kill('SIGKILL');
  }

  /** Waits until a replica is, or is no longer, among those that get connections. */
  async sees(replica: Replica, up: boolean): Promise<void> {
    await until(
      async () => ((await this.#line(replica))?.['status'] === 'UP') === up,
      `the balancer did not see ${replica.name} go ${up ? 'up' : 'down'}`,
      LIMIT_MS,
    );
  }

  /** How many clients are connected to a replica. */
  async connections(replica: Replica): Promise<number> {
    return Number((await this.#line(replica))?.['scur'] ?? 0);
  }

  async #line(replica: Replica): Promise<Record<string, string> | undefined> {
    return (await this.#stat())?.find(({ svname }) => svname === replica.name);
  }

  async #stat(): Promise<Record<string, string>[] | undefined> {
    const text = await ask(this.#socket, 'show stat\n').catch(() => undefined);
    if (text === undefined) return undefined;
    const [head = '', ...rows] = text.replace(/^# /, '').trim().split('\n');
    const names = head.split(',');
    return rows.map((row) => {
      const values = row.split(',');
      return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
    });
  }
}

function ask(path: string, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = createConnection(path);
    let text = '';
    connection.setEncoding('utf8');
    connection.on('data', (chunk: string) => (text += chunk));
    connection.once('end', () => resolve(text));
    connection.once('error', reject);
    connection.write(words);
  });
}
