import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';
import { z } from 'zod';

import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { synth } from '../../support/synth';
import { PASSWORD, RealDatabase } from './real-database';
import { variablesOf } from './rendered-pods';
import { minimal } from './support';

const LIMIT_MS = 300_000;
const files = z.object({ data: z.record(z.string(), z.string()) });

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
