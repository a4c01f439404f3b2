import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';
import { z } from 'zod';

import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { synth, type Rendered } from '../../support/synth';
import { PASSWORD, RealDatabase } from './real-database';
import { disk, minimal } from './support';

const LIMIT_MS = 300_000;

const container = z.object({
  command: z.array(z.string()).optional(),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
  readinessProbe: z.object({ exec: z.object({ command: z.array(z.string()) }) }).optional(),
});
const pod = z.object({ spec: z.object({ containers: z.tuple([container], container) }) });
const workload = z.object({ spec: z.object({ template: pod }) });
const cronJob = z.object({
  spec: z.object({ jobTemplate: z.object({ spec: z.object({ template: pod }) }) }),
});
const files = z.object({ data: z.record(z.string(), z.string()) });

function containerOf(object: Rendered): z.infer<typeof container> {
  const { template } =
    object.kind === 'CronJob'
      ? cronJob.parse(object).spec.jobTemplate.spec
      : workload.parse(object).spec;
  return template.spec.containers[0];
}

/** Plain variables of the first container. */
function variablesOf(object: Rendered): Record<string, string> {
  const { env } = containerOf(object);
  return Object.fromEntries(
    env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}

const withBackup: ReanaProps = {
  ...minimal,
  database: {
    kind: 'inside',
    class: disk,
    size: '20Gi',
    backup: { schedule: '0 1 * * *', keepDays: 14, size: '20Gi', class: disk },
  },
};

describeWith(['postgresql', 'reana'], 'the database of REANA', (pathOf) => {
  const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));
  const rendered = synth(Reana, withBackup);
  const dumps = (): string => join(database.folder, 'dumps');

  /** The very command that a CronJob runs. */
  const run = (name: string) => {
    const [shell = '', ...args] = containerOf(rendered.one('CronJob', name)).command ?? [];
    const env = { ...database.postgresEnv, BACKUP_FOLDER: dumps(), KEEP_DAYS: '14' };
    return database.run(shell, args, env);
  };

  beforeAll(async () => {
    await database.start();
    mkdirSync(dumps());
    expect(await database.setup('the-token')).toMatchObject({ exitCode: 0 });
  }, LIMIT_MS);
  afterAll(() => database.stop(), LIMIT_MS);

  test(
    'a dump brings back users and their encrypted tokens, also after everything was lost',
    async () => {
      const before = await database.read();
      await database.sql("create table account (mail text); insert into account values ('a@b.c')");
      expect(await run('reana-backup')).toMatchObject({ exitCode: 0 });
      await database.sql(
        'drop schema __reana cascade; drop table account; create table later (id int)',
      );
      expect(await run('reana-restore')).toMatchObject({ exitCode: 0 });
      expect(await database.read()).toEqual(before);
      expect(await database.sql("select mail, to_regclass('later') is null from account")).toBe(
        'a@b.c|t',
      );
      // What was restored is a database that the next setup takes for one of its own.
      const again = await database.setup('the-token');
      expect(again).toMatchObject({ exitCode: 0 });
      expect(again.all).toContain('the admin has the token of the Secret');
      expect(await run('reana-backup')).toMatchObject({ exitCode: 0 });
      expect(await run('reana-restore')).toMatchObject({ exitCode: 0 });
    },
    LIMIT_MS,
  );

  test(
    'nothing is restored while a program is connected',
    async () => {
      const guest = execa(database.program('psql'), ['-c', 'select pg_sleep(60)'], {
        env: database.postgresEnv,
        reject: false,
      });
      const others =
        "select count(*) from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";
      await until(async () => (await database.sql(others)) === '1', 'nobody connected');
      const refused = await run('reana-restore');
      guest.kill();
      await guest;
      await database.sql(others.replace('count(*)', 'pg_terminate_backend(pid)'));
      expect(refused.exitCode).toBe(1);
      expect(refused.all).toContain('scale server and workflow controller');
    },
    LIMIT_MS,
  );

  test(
    'its pod is ready for the password of the Secret, and no longer once that was changed in the server alone',
    async () => {
      const { readinessProbe } = containerOf(rendered.one('StatefulSet', 'reana-db'));
      const [shell = '', ...args] = readinessProbe?.exec.command ?? [];
      const env = {
        PATH: database.env['PATH'] ?? '',
        POD_IP: '127.0.0.1',
        PGPORT: String(database.port),
        POSTGRES_USER: 'reana',
        POSTGRES_PASSWORD: PASSWORD,
        POSTGRES_DB: 'reana',
      };
      expect(await database.run(shell, args, env)).toMatchObject({ exitCode: 0 });
      await database.sql("alter user reana password 'another'");
      const refused = await database.run(shell, args, env);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.all).toContain('password authentication failed for user "reana"');
    },
    LIMIT_MS,
  );
});

describeWith(
  ['postgresql', 'reana', 'pgbouncer', 'openssl'],
  'a database elsewhere that takes TLS only',
  (pathOf) => {
    const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));
    const external = (port: number): ReanaProps => ({
      ...minimal,
      database: {
        kind: 'external',
        host: '127.0.0.1',
        port,
        database: 'reana',
        username: { name: 'db', key: 'user' },
        password: { name: 'db', key: 'password' },
      },
      pooler: { clients: 400, connections: 2 },
    });
    let pooler: ExecaChildProcess | undefined;

    beforeAll(async () => {
      await database.start();
      expect(await database.setup('the-token')).toMatchObject({ exitCode: 0 });
      const [key, cert] = ['server.key', 'server.crt'].map((name) => join(database.data, name));
      const request = [
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-subj',
        '/CN=db',
        '-days',
        '2',
      ];
      await execa(pathOf('openssl'), [...request, '-keyout', key ?? '', '-out', cert ?? '']);
      const owner = await execa('stat', ['-c', '%u:%g', database.data]);
      await execa('chown', [owner.stdout, key ?? '', cert ?? '']);
      writeFileSync(
        join(database.data, 'pg_hba.conf'),
        'hostssl all all 127.0.0.1/32 scram-sha-256\n',
      );
      await database.sql('alter system set ssl = on');
      await database.sql('select pg_reload_conf()');
      const plain = { ...database.postgresEnv, PGSSLMODE: 'disable' };
      await until(
        async () =>
          (await database.run(database.program('psql'), ['-c', 'select 1'], plain)).exitCode !== 0,
        'PostgreSQL takes those who come without TLS',
      );
    }, LIMIT_MS);

    afterAll(async () => {
      pooler?.kill('SIGTERM');
      await pooler;
      await database.stop();
    }, LIMIT_MS);

    test(
      'REANA reaches it with the rendered settings, and without TLS it is refused',
      async () => {
        const { pooler: _none, ...direct } = external(database.port);
        const variables = variablesOf(synth(Reana, direct).one('Deployment', 'reana-server'));
        const { PGSSLMODE = '', REANA_DB_HOST = '', REANA_DB_PORT = '' } = variables;
        expect(PGSSLMODE).toBe('require');
        const settings = { PGSSLMODE, REANA_DB_HOST, REANA_DB_PORT };
        expect(await database.read(settings)).toEqual(['admin@example.org', 'the-token', 2, 2]);
        await expect(database.read({ PGSSLMODE: 'disable' })).rejects.toThrow('no encryption');
      },
      LIMIT_MS,
    );

    test(
      'many share a few connections by a real PgBouncer with the rendered configuration',
      async () => {
        const rendered = synth(Reana, external(database.port));
        const { data } = files.parse(rendered.one('ConfigMap', 'reana-pgbouncer'));
        const port = await getPort();
        // What is another on this machine than in a pod: the port, and where its files are.
        const here = (text: string): string =>
          text
            .replace('listen_port = 6432', `listen_port = ${port}`)
            .replace('listen_addr = *', 'listen_addr = 127.0.0.1')
            .replaceAll('/etc/reana', database.folder)
            .replaceAll('/tmp/userlist.txt', join(database.folder, 'userlist.txt'));
        for (const [name, text] of Object.entries(data)) {
          writeFileSync(join(database.folder, name), here(text));
        }
        const owner = (await execa('stat', ['-c', '%u %g', database.data])).stdout
          .split(' ')
          .map(Number);
        const [uid = 0, gid = 0] = owner;
        await execa('chmod', ['0777', database.folder]);
        pooler = execa('/bin/sh', [join(database.folder, 'start.sh')], {
          ...(process.getuid?.() === 0 ? { uid, gid } : {}),
          env: {
            PGBOUNCER: pathOf('pgbouncer'),
            REANA_DB_USERNAME: 'reana',
            REANA_DB_PASSWORD: PASSWORD,
          },
          reject: false,
          all: true,
        });
        const variables = variablesOf(rendered.one('Deployment', 'reana-server'));
        expect(variables).toMatchObject({
          PGSSLMODE: 'disable',
          REANA_DB_HOST: 'reana-pgbouncer.test',
          REANA_DB_PORT: '6432',
        });
        const settings = { PGSSLMODE: 'disable', REANA_DB_PORT: String(port) };
        const through = { ...database.postgresEnv, PGPORT: String(port), PGSSLMODE: 'disable' };
        await until(
          async () =>
            (await database.run(database.program('psql'), ['-c', 'select 1'], through)).exitCode ===
            0,
          'PgBouncer does not answer',
        );
        const readers = Array.from({ length: 4 }, () => database.read(settings));
        expect(await Promise.all(readers)).toEqual(
          readers.map(() => ['admin@example.org', 'the-token', 2, 2]),
        );
        const open =
          "select count(*) <= 2 from pg_stat_activity where datname = 'reana' and pid <> pg_backend_pid()";
        expect(await database.sql(open)).toBe('t');
        const wrong = { ...through, PGPASSWORD: 'wrong' };
        const refused = await database.run(database.program('psql'), ['-c', 'select 1'], wrong);
        expect(refused.exitCode).not.toBe(0);
        expect(readFileSync(join(database.folder, 'userlist.txt'), 'utf8')).toBe(
          `"reana" "${PASSWORD}"\n`,
        );
      },
      LIMIT_MS,
    );
  },
);
