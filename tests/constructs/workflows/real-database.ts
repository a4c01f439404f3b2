import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';

import {
  ADMIN_CHECK,
  ADMIN_TOKEN,
  CONNECT,
  SETUP,
} from '../../../constructs/workflows/setup-scripts';
import { until } from '../../integration/support/processes';

/** What `flask reana-admin create-admin-user` of reana-server 0.9.4 does to REANA's own tables; the server is in no registry. */
const FLASK = `import sys
from reana_db.database import Session
from reana_db.models import User
email = sys.argv[sys.argv.index("--email") + 1]
admin = "00000000-0000-0000-0000-000000000000"
if not User.query.filter_by(id_=admin, email=email).first():
    Session.add(User(id_=admin, email=email, access_token="made-by-upstream"))
    Session.commit()
    print("made-by-upstream")
`;

/** Reads the admin as REANA does: by its own models, which decrypt the token. */
const READ = `import json
from reana_db.database import Session
from reana_db.models import Resource, User, UserToken
admin = Session.query(User).filter_by(id_="00000000-0000-0000-0000-000000000000").one()
counts = [Session.query(table).count() for table in (UserToken, Resource)]
print(json.dumps([admin.email, admin.access_token, *counts]))
`;

export const PASSWORD = 'the password of the Secret';

/** A PostgreSQL that asks for passwords, and the real `reana-db` beside it, with what a pod of REANA would have. */
export class RealDatabase {
  readonly folder = mkdtempSync(join(tmpdir(), 'beamline-reana-'));
  readonly data = join(this.folder, 'data');
  readonly #bin = join(this.folder, 'bin');
  readonly #asPostgres = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  #server: ExecaChildProcess | undefined;
  port = 0;

  /** `postgresql` is its server; `reana` the Python environment. */
  constructor(
    private readonly postgresql: string,
    private readonly reana: string,
  ) {}

  get python(): string {
    return join(this.reana, 'bin', 'python');
  }

  program(name: string): string {
    return join(dirname(this.postgresql), name);
  }

  /** What every program of REANA is told of the database. */
  get env(): Record<string, string> {
    return {
      PATH: [
        this.#bin,
        join(this.reana, 'bin'),
        dirname(this.postgresql),
        process.env['PATH'],
      ].join(':'),
      REANA_DB_HOST: '127.0.0.1',
      REANA_DB_PORT: String(this.port),
      REANA_DB_NAME: 'reana',
      REANA_DB_USERNAME: 'reana',
      REANA_DB_PASSWORD: PASSWORD,
      REANA_SECRET_KEY: 'a-key-of-the-test',
      REANA_ADMIN_EMAIL: 'admin@example.org',
      REANA_ADMIN_PASSWORD: 'password',
    };
  }

  /** What PostgreSQL's own programs are told of it. */
  get postgresEnv(): Record<string, string> {
    return {
      PATH: this.env['PATH'] ?? '',
      PGHOST: '127.0.0.1',
      PGPORT: String(this.port),
      PGUSER: 'reana',
      PGPASSWORD: PASSWORD,
      PGDATABASE: 'reana',
    };
  }

  async start(): Promise<void> {
    mkdirSync(this.data);
    mkdirSync(this.#bin);
    chmodSync(this.folder, 0o755);
    const password = join(this.folder, 'password');
    writeFileSync(password, `${PASSWORD}\n`);
    if ('uid' in this.#asPostgres) await execa('chown', ['65534:65534', this.data]);
    // As the image makes it, but that it asks on loopback as well: `host all all all scram-sha-256`.
    await execa(
      this.program('initdb'),
      ['-D', this.data, '-U', 'reana', '--auth', 'scram-sha-256', '--pwfile', password],
      this.#asPostgres,
    );
    this.port = await getPort();
    const args = ['-D', this.data, '-p', String(this.port), '-k', this.data, '-h', '127.0.0.1'];
    this.#server = execa(this.program('postgres'), [...args, '-c', 'fsync=off'], {
      ...this.#asPostgres,
      reject: false,
    });
    await until(
      async () => (await this.run(this.program('pg_isready'), [], this.postgresEnv)).exitCode === 0,
      'PostgreSQL does not answer',
    );
    // As the image of the database does for POSTGRES_DB.
    await execa(this.program('createdb'), ['reana'], {
      env: { ...this.postgresEnv, PGDATABASE: 'postgres' },
    });
    this.#putScripts();
  }

  async stop(): Promise<void> {
    this.#server?.kill('SIGTERM');
    await this.#server;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs the very setup of the Job, with `token` in the Secret. */
  setup(token: string, env: Readonly<Record<string, string>> = {}): ExecaChildProcess {
    const variables = { ...this.env, ADMIN_ACCESS_TOKEN: token, ...env };
    const [connect = '', script = ''] = ['connect.py', 'setup.sh'].map((name) =>
      join(this.folder, name),
    );
    return this.run(this.python, [connect, '/bin/sh', script], variables);
  }

  /** Address and token of the admin, and how many tokens and resources there are. */
  async read(env: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const { stdout } = await execa(this.python, ['-c', READ], { env: { ...this.env, ...env } });
    return JSON.parse(stdout);
  }

  async sql(statement: string, name = 'reana'): Promise<string> {
    const { stdout } = await execa(this.program('psql'), ['-Atqc', statement], {
      env: { ...this.postgresEnv, PGDATABASE: name },
    });
    return stdout;
  }

  run(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): ExecaChildProcess {
    return execa(program, args, { env, extendEnv: false, all: true, reject: false });
  }

  #putScripts(): void {
    const put = (name: string, text: string): void => writeFileSync(join(this.folder, name), text);
    put('flask.py', FLASK);
    put('admin_check.py', ADMIN_CHECK);
    put('admin_token.py', ADMIN_TOKEN);
    put('connect.py', CONNECT);
    const own = `#!/bin/sh\nexec '${this.python}' '${join(this.folder, 'flask.py')}' "$@"\n`;
    writeFileSync(join(this.#bin, 'flask'), own, { mode: 0o755 });
    writeFileSync(join(this.#bin, 'invenio'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    // What is another on this machine than in a pod: where the scripts and scratch files are.
    const script = SETUP.replaceAll('/etc/reana', this.folder);
    // Each of two at once has a scratch of its own, as two pods would.
    put(
      'setup.sh',
      script.replaceAll('/tmp/created', () => `${join(this.folder, 'created')}.$$`),
    );
  }
}
