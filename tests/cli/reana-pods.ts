import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { execa } from 'execa';
import { stringify } from 'yaml';
import { z } from 'zod';

import type { RealDatabase } from '../constructs/workflows/real-database';
import { ExecServer } from '../support/exec-server';

const CHECKOUT = resolve(__dirname, '..', '..');
const LIMIT_MS = 300_000;

/** The API server stands in; what it runs in the server's pod is run for real, by `reana-db` on a real PostgreSQL. */
export class ReanaPods {
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-users-'));
  readonly secrets = new Map<string, object>();
  /** Path of every exec. */
  readonly execs: string[] = [];
  ready = true;

  readonly #server = new ExecServer({
    request: (method, path, body) => {
      const [, secret] = /\/secrets\/([^?]+)/.exec(path) ?? [];
      if (path === '/api/v1/namespaces/kube-system') {
        return [200, { metadata: { uid: '00000000-0000-4000-8000-000000000007' } }];
      }
      if (path.startsWith('/api/v1/namespaces/reana/pods?')) {
        const status = { conditions: [{ type: 'Ready', status: this.ready ? 'True' : 'False' }] };
        return [200, { items: [{ metadata: { name: 'reana-server-1' }, status }] }];
      }
      if (secret !== undefined && method === 'PATCH') {
        const object: unknown = JSON.parse(body);
        this.secrets.set(secret, z.looseObject({}).parse(object));
        return [200, {}];
      }
      const found = secret === undefined ? undefined : this.secrets.get(secret);
      return found === undefined
        ? [404, { reason: 'NotFound', message: 'not found' }]
        : [200, found];
    },
    exec: async (path, [program = '', ...args]) => {
      this.execs.push(path);
      const { python, env } = this.database;
      const ran = await execa(program === 'python3' ? python : program, args, {
        env,
        reject: false,
      });
      return { exitCode: ran.exitCode, stdout: ran.stdout, stderr: ran.stderr };
    },
  });

  /** `name` is that of the environment. */
  constructor(
    private readonly database: RealDatabase,
    private readonly name = 'users',
  ) {}

  /** What `beamline` is told, by its environment. */
  get env(): Record<string, string> {
    return {
      BEAMLINE_HOME: join(this.folder, 'home'),
      BEAMLINE_ENVIRONMENTS: join(this.folder, 'environments'),
      BEAMLINE_TEST_SERVER: this.#server.url,
      BEAMLINE_TEST_NAME: this.name,
      KUBECONFIG: join(this.folder, 'kubeconfig'),
      NO_COLOR: '1',
    };
  }

  async start(): Promise<void> {
    await this.#server.start();
    mkdirSync(join(this.folder, 'environments', this.name), { recursive: true });
    const module = join(CHECKOUT, 'tests', 'integration', 'fixtures', 'reana.ts');
    writeFileSync(
      join(this.folder, 'environments', this.name, 'index.ts'),
      `export { environment } from '${module}';\n`,
    );
    const cluster = { server: this.#server.url, 'insecure-skip-tls-verify': true };
    const kubeconfig = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'users',
      // The library takes plain HTTP only from somebody who says that it may.
      clusters: [{ name: 'users', cluster }],
      users: [{ name: 'users', user: { token: 'any' } }],
      contexts: [{ name: 'users', context: { cluster: 'users', user: 'users' } }],
    };
    writeFileSync(join(this.folder, 'kubeconfig'), stringify(kubeconfig));
  }

  async stop(): Promise<void> {
    await this.#server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** `beamline reana user` with the arguments. */
  async user(
    args: readonly string[],
    variant = 'one',
  ): Promise<{ exitCode: number; stdout: string; stderr: string }> {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [join(CHECKOUT, 'cli', 'beamline.cjs'), 'reana', 'user', ...args],
      {
        cwd: CHECKOUT,
        env: { ...this.env, BEAMLINE_TEST_VARIANT: variant },
        reject: false,
        timeout: LIMIT_MS,
      },
    );
    return { exitCode, stdout, stderr };
  }
}
