import { chmodSync, copyFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { execa, type ExecaChildProcess } from 'execa';
import getPort from 'get-port';
import { z } from 'zod';

import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { synth, type Synthesized } from '../../support/synth';
import { PASSWORD, RealDatabase } from './real-database';
import { variablesOf } from './rendered-pods';
import { external, minimal } from './support';

const LIMIT_MS = 300_000;
const files = z.object({ data: z.record(z.string(), z.string()) });

describeWith(
  ['postgresql', 'reana', 'pgbouncer', 'openssl'],
  'a database elsewhere that takes TLS only',
  (pathOf) => {
    const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));
    const poolers: ExecaChildProcess[] = [];

    const elsewhere = (
      tls: 'require' | { authority: { name: string; key: string } },
    ): ReanaProps => ({
      ...minimal,
      database: { ...external, host: '127.0.0.1', port: database.port, tls },
      pooler: { clients: 400, connections: 2 },
    });

    /** A certificate of itself for this machine, as PEM. */
    async function certificate(key: string, cert: string): Promise<void> {
      const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2'];
      const names = ['-subj', '/CN=db', '-addext', 'subjectAltName=IP:127.0.0.1'];
      await execa(pathOf('openssl'), [...request, ...names, '-keyout', key, '-out', cert]);
    }

    /** A PgBouncer with the rendered files, once it listens; answers its port. */
    async function startPooler(rendered: Synthesized, authority?: string): Promise<number> {
      const { data } = files.parse(rendered.one('ConfigMap', 'reana-pgbouncer'));
      const port = await getPort();
      const folder = join(database.folder, `pooler-${port}`);
      mkdirSync(folder);
      chmodSync(folder, 0o777);
      // What is another on this machine than in a pod: the port, and where its files are.
      const here = (text: string): string =>
        text
          .replace('listen_port = 6432', `listen_port = ${port}`)
          .replace('listen_addr = *', 'listen_addr = 127.0.0.1')
          .replaceAll(/\/etc\/reana(-authority)?/g, folder)
          .replaceAll('/tmp/userlist.txt', join(folder, 'userlist.txt'));
      for (const [name, text] of Object.entries(data))
        writeFileSync(join(folder, name), here(text));
      if (authority !== undefined) {
        copyFileSync(authority, join(folder, 'ca.crt'));
        chmodSync(join(folder, 'ca.crt'), 0o644);
      }
      const { uid, gid } = statSync(database.data);
      poolers.push(
        execa('/bin/sh', [join(folder, 'start.sh')], {
          ...(process.getuid?.() === 0 ? { uid, gid } : {}),
          env: {
            PGBOUNCER: pathOf('pgbouncer'),
            REANA_DB_USERNAME: 'reana',
            REANA_DB_PASSWORD: PASSWORD,
          },
          reject: false,
          all: true,
        }),
      );
      await until(
        async () => !(await ask(port)).all.includes('Connection refused'),
        'PgBouncer does not listen',
      );
      expect(readFileSync(join(folder, 'userlist.txt'), 'utf8')).toBe(`"reana" "${PASSWORD}"\n`);
      return port;
    }

    const ask = async (
      port: number,
      password = PASSWORD,
    ): Promise<{ exitCode: number; all: string }> => {
      const env = {
        ...database.postgresEnv,
        PGPORT: String(port),
        PGSSLMODE: 'disable',
        PGPASSWORD: password,
      };
      const { exitCode, all } = await database.run(
        database.program('psql'),
        ['-c', 'select 1'],
        env,
      );
      return { exitCode, all: all ?? '' };
    };

    const ownCertificate = (): string => join(database.data, 'server.crt');

    beforeAll(async () => {
      await database.start();
      chmodSync(database.folder, 0o777);
      expect(await database.setup('the-token')).toMatchObject({ exitCode: 0 });
      const key = join(database.data, 'server.key');
      await certificate(key, ownCertificate());
      const { uid, gid } = statSync(database.data);
      await execa('chown', [`${uid}:${gid}`, key, ownCertificate()]);
      writeFileSync(
        join(database.data, 'pg_hba.conf'),
        'hostssl all all 127.0.0.1/32 scram-sha-256\n',
      );
      await database.sql('alter system set ssl = on');
      await database.sql('select pg_reload_conf()');
      await until(
        async () => (await ask(database.port)).exitCode !== 0,
        'PostgreSQL takes those who come without TLS',
      );
    }, LIMIT_MS);

    afterAll(async () => {
      for (const pooler of poolers) pooler.kill('SIGTERM');
      await Promise.all(poolers);
      await database.stop();
    }, LIMIT_MS);

    test(
      'REANA reaches it with the rendered settings, and without TLS it is refused',
      async () => {
        const { pooler: _none, ...direct } = elsewhere('require');
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
        const rendered = synth(Reana, elsewhere('require'));
        const variables = variablesOf(rendered.one('Deployment', 'reana-server'));
        expect(variables).toMatchObject({
          PGSSLMODE: 'disable',
          REANA_DB_HOST: 'reana-pgbouncer.test',
          REANA_DB_PORT: '6432',
        });
        const port = await startPooler(rendered);
        expect(await ask(port)).toMatchObject({ exitCode: 0 });
        const settings = { PGSSLMODE: 'disable', REANA_DB_PORT: String(port) };
        const readers = Array.from({ length: 4 }, () => database.read(settings));
        expect(await Promise.all(readers)).toEqual(
          readers.map(() => ['admin@example.org', 'the-token', 2, 2]),
        );
        const open =
          "select count(*) <= 2 from pg_stat_activity where datname = 'reana' and pid <> pg_backend_pid()";
        expect(await database.sql(open)).toBe('t');
        expect((await ask(port, 'wrong')).exitCode).not.toBe(0);
      },
      LIMIT_MS,
    );

    test(
      'with an authority, PgBouncer and the setup take the server that it vouches for, and no other',
      async () => {
        const rendered = synth(Reana, elsewhere({ authority: { name: 'db-ca', key: 'ca.pem' } }));
        const other = join(database.folder, 'other.crt');
        await certificate(join(database.folder, 'other.key'), other);
        expect(await ask(await startPooler(rendered, ownCertificate()))).toMatchObject({
          exitCode: 0,
        });
        expect((await ask(await startPooler(rendered, other))).exitCode).not.toBe(0);

        const { PGSSLMODE = '', PGSSLROOTCERT } = variablesOf(
          rendered.one('Job', rendered.names('Job').join()),
        );
        expect([PGSSLMODE, PGSSLROOTCERT]).toEqual(['verify-full', '/etc/reana-authority/ca.crt']);
        const again = (authority: string): ReturnType<RealDatabase['setup']> =>
          database.setup('the-token', { PGSSLMODE, PGSSLROOTCERT: authority });
        expect(await again(ownCertificate())).toMatchObject({ exitCode: 0 });
        const refused = await again(other);
        expect(refused.exitCode).not.toBe(0);
        expect(refused.all).toContain('certificate verify failed');
      },
      LIMIT_MS,
    );
  },
);
