import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { until } from '../../integration/support/processes';
import { freePorts } from '../../constructs/edge/real/backends';

const event = z.union([
  z.strictObject({ operation: z.string(), status: z.number() }),
  z.strictObject({ broken: z.string() }),
]);

/** An operation that was asked for and answered as published, or how the contract was broken. */
export type ContractEvent = z.infer<typeof event>;

/**
 * `server.py` as a process: a stand-in of reana-server 0.9.4, which is in no registry. It is held to the OpenAPI specification that reana-commons
 * carries, and speaks to a real database by REANA's own models.
 */
export class ContractServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-reana-server-'));
  readonly events: ContractEvent[] = [];
  #end: () => Promise<unknown> = () => Promise.resolve();
  port = 0;
  #log = '';

  /** `env` is that of the server's pod, and of the database. */
  async start(
    python: string,
    address: string,
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const [port = 0] = await freePorts(1);
    this.port = port;
    const running = execa(python, [join(__dirname, 'server.py'), String(port)], {
      env: {
        ...env,
        LISTEN: address,
        // As the volume is mounted elsewhere here.
        SHARED_VOLUME_PATH: this.folder,
        WORKSPACE_PATHS: (env['WORKSPACE_PATHS'] ?? '').replaceAll('/var/reana', this.folder),
      },
      extendEnv: false,
      reject: false,
      buffer: false,
    });
    let rest = '';
    running.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      this.events.push(...lines.map((line) => event.parse(JSON.parse(line))));
    });
    running.stderr?.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.#end = async () => {
      running.kill('SIGTERM');
      await running;
    };
    await until(
      () => this.#answers(address),
      () => `the server does not answer: ${this.#log}`,
      60_000,
    );
  }

  async stop(): Promise<void> {
    await this.#end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Whether anything is said, whatever it is: under this name it refuses. */
  #answers(host: string): Promise<boolean> {
    return new Promise((told) => {
      const asked = request({ host, port: this.port, timeout: 1000 }, (answer) => {
        answer.resume();
        told(answer.statusCode === 400);
      });
      asked.on('error', () => told(false)).on('timeout', () => asked.destroy());
      asked.end();
    });
  }
}
