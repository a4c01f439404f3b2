import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';

import { ADMIN_TOKEN, SETUP } from '../../../constructs/workflows/setup-scripts';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';

const LIMIT_MS = 300_000;

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
admin = Session.query(User).one()
counts = [Session.query(table).count() for table in (UserToken, Resource)]
print(json.dumps([admin.email, admin.access_token, *counts]))
`;

describeWith(['postgresql', 'reana'], 'the setup Job against a real database', (pathOf) => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-reana-'));
  const bin = join(folder, 'bin');
  let server: ExecaChildProcess;
  let env: Record<string, string>;
  const asPostgres = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

  const python = (): string => join(pathOf('reana'), 'bin', 'python');
  const setup = (token: string) =>
    execa('/bin/sh', [join(folder, 'setup.sh')], {
      env: { ...env, ADMIN_ACCESS_TOKEN: token },
      all: true,
      reject: false,
    });
  const read = async (): Promise<unknown> => {
    const { stdout } = await execa(python(), ['-c', READ], { env });
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    const program = (name: string): string => join(dirname(pathOf('postgresql')), name);
    const data = join(folder, 'data');
    mkdirSync(data);
    mkdirSync(bin);
    chmodSync(folder, 0o755);
    if ('uid' in asPostgres) await execa('chown', ['65534:65534', data]);
    await execa(program('initdb'), ['-D', data, '-U', 'reana', '--auth', 'trust'], asPostgres);
    const port = await getPort();
    server = execa(
      program('postgres'),
      ['-D', data, '-p', String(port), '-k', data, '-h', '127.0.0.1'],
      { ...asPostgres, reject: false },
    );
    const ready = ['-h', '127.0.0.1', '-p', String(port)];
    await until(
      async () => (await execa(program('pg_isready'), ready, { reject: false })).exitCode === 0,
      'PostgreSQL does not answer',
    );
    // As the image of the database does for POSTGRES_DB.
    await execa(program('createdb'), [...ready, '-U', 'reana', 'reana']);
    const own = `#!/bin/sh\nexec '${python()}' '${join(folder, 'flask.py')}' "$@"\n`;
    writeFileSync(join(folder, 'flask.py'), FLASK);
    writeFileSync(join(folder, 'admin_token.py'), ADMIN_TOKEN);
    writeFileSync(join(bin, 'flask'), own, { mode: 0o755 });
    writeFileSync(join(bin, 'invenio'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    // What is another on this machine than in a pod: where the scripts and scratch files are.
    const script = SETUP.replaceAll('/etc/reana', folder).replaceAll(
      '/tmp/created',
      join(folder, 'created'),
    );
    writeFileSync(join(folder, 'setup.sh'), script);
    env = {
      PATH: `${bin}:${join(pathOf('reana'), 'bin')}:${process.env['PATH'] ?? ''}`,
      REANA_DB_HOST: '127.0.0.1',
      REANA_DB_PORT: String(port),
      REANA_DB_NAME: 'reana',
      REANA_DB_USERNAME: 'reana',
      REANA_DB_PASSWORD: 'any',
      REANA_SECRET_KEY: 'a-key-of-the-test',
      REANA_ADMIN_EMAIL: 'admin@example.org',
      REANA_ADMIN_PASSWORD: 'password',
    };
  }, LIMIT_MS);

  afterAll(async () => {
    server.kill('SIGTERM');
    await server;
    rmSync(folder, { recursive: true, force: true });
  }, LIMIT_MS);

  test(
    "the admin has the Secret's token, a second run changes nothing, another token takes its place",
    async () => {
      const first = await setup('first-token');
      expect(first).toMatchObject({ exitCode: 0 });
      expect(first.all).not.toMatch(/first-token|made-by-upstream/);
      const made = await read();
      expect(made).toEqual(['admin@example.org', 'first-token', 2, 2]);

      const second = await setup('first-token');
      expect(second).toMatchObject({ exitCode: 0 });
      expect(second.all).toContain('the admin has the token of the Secret');
      expect(await read()).toEqual(made);

      expect(await setup('second-token')).toMatchObject({ exitCode: 0 });
      expect(await read()).toEqual(['admin@example.org', 'second-token', 3, 2]);
    },
    LIMIT_MS,
  );

  test(
    'a setup that was cut short after the tables is finished by the next one',
    async () => {
      const sql =
        "from reana_db.database import engine; engine.execute('drop table __reana.alembic_version')";
      await execa(python(), ['-c', sql], { env });
      expect(await setup('second-token')).toMatchObject({ exitCode: 0 });
      const { stdout } = await execa('reana-db', ['alembic', 'current'], { env });
      expect(stdout).not.toBe('');
    },
    LIMIT_MS,
  );
});
