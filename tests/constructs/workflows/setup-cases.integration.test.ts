import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { killFamily, until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { Authority } from '../../support/authority';
import { RealDatabase } from './real-database';

const LIMIT_MS = 600_000;
/** What a password may have that an address has as well. */
const ODD = `p@ss:w'o/r d?#&+`;

describeWith(
  ['postgresql', 'reana', 'openssl'],
  'the setup Job against databases that others made',
  (pathOf) => {
    const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));

    /** A database, and somebody who is no superuser; `owns` says whether it is his. */
    async function made(
      name: string,
      owns = true,
      password = ODD,
    ): Promise<Record<string, string>> {
      await database.sql(`create role "${name}" login password '${password.replace("'", "''")}'`);
      await database.sql(`create database "${name}"${owns ? ` owner "${name}"` : ''}`);
      return { REANA_DB_NAME: name, REANA_DB_USERNAME: name, REANA_DB_PASSWORD: password };
    }

    beforeAll(() => database.start(), LIMIT_MS);
    afterAll(() => database.stop(), LIMIT_MS);

    test(
      'two at once, by an owner who may do no more, with a dash in its name and an odd password',
      async () => {
        const env = await made('reana-lab');
        // Somebody holds the lock, so that both are there before either begins.
        const lock = database.run(
          database.program('psql'),
          ['-Atqc', 'select pg_advisory_lock(5312025)', '-c', 'select pg_sleep(600)'],
          { ...database.postgresEnv, PGDATABASE: 'reana-lab' },
        );
        const both = [database.setup('the-token', env), database.setup('the-token', env)];
        const waiting = `select count(*) from pg_locks where locktype = 'advisory' and not granted`;
        await until(async () => (await database.sql(waiting)) === '2', 'they do not wait');
        await database.sql(
          `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(600)'`,
        );
        await lock;
        for (const { exitCode, all } of await Promise.all(both)) {
          expect(all).toContain('another setup is at work in this database');
          expect(exitCode).toBe(0);
        }
        expect(await database.read(env)).toEqual(['admin@example.org', 'the-token', 2, 2]);
      },
      LIMIT_MS,
    );

    test(
      'one that is killed at any step is finished by the next',
      async () => {
        const env = await made('killed');
        const points = [
          `select to_regclass('__reana.user_') is not null`,
          `select to_regclass('__reana.alembic_version') is not null`,
          'select count(*) = 2 from __reana.resource',
          'select count(*) = 1 from __reana.user_',
        ];
        for (const point of points) {
          const running = database.setup('the-token', env);
          await until(
            async () => (await database.sql(point, 'killed').catch(() => '')) === 't',
            () => `never came to: ${point}`,
            LIMIT_MS,
          );
          if (running.pid !== undefined) killFamily(running.pid);
          await running;
        }
        expect(await database.setup('the-token', env)).toMatchObject({ exitCode: 0 });
        expect(await database.read(env)).toEqual(['admin@example.org', 'the-token', 2, 2]);
      },
      LIMIT_MS,
    );

    test(
      'an address that is not the admin’s, or is of another user, is refused with what to do',
      async () => {
        const env = { ...(await made('mail')), REANA_ADMIN_EMAIL: 'ada@example.org' };
        expect(await database.setup('the-token', env)).toMatchObject({ exitCode: 0 });
        const changed = await database.setup('the-token', {
          ...env,
          REANA_ADMIN_EMAIL: 'bob@example.org',
        });
        expect(changed).toMatchObject({ exitCode: 1 });
        expect(changed.all).toContain(
          "the admin in the database is ada@example.org, and not bob@example.org; an account keeps its address: give 'admin.email' back 'ada@example.org'",
        );
        const other = `set id_ = '00000000-0000-0000-0000-000000000001'`;
        await database.sql('delete from __reana.user_token', 'mail');
        await database.sql('delete from __reana.user_resource', 'mail');
        await database.sql(`update __reana.user_ ${other}`, 'mail');
        const taken = await database.setup('the-token', env);
        expect(taken).toMatchObject({ exitCode: 1 });
        expect(taken.all).toContain('ada@example.org is a user already, and not the admin');
        expect(taken.all).not.toContain('Traceback');
      },
      LIMIT_MS,
    );

    const refused: [string, () => Promise<Record<string, string>>, string][] = [
      [
        'is somebody else’s',
        () => made('theirs', false),
        `'theirs' may not make REANA's schema in the database 'theirs' at 127.0.0.1:PORT: ALTER DATABASE "theirs" OWNER TO theirs`,
      ],
      [
        'has a schema public that is closed',
        async () => {
          const env = await made('closed', false);
          await database.sql('grant create on database closed to closed');
          return env;
        },
        `'closed' may not make tables in the schema public of the database 'closed' at 127.0.0.1:PORT: GRANT CREATE ON SCHEMA public TO closed`,
      ],
      [
        'can only be read',
        async () => {
          const env = await made('standby');
          await database.sql('alter database standby set default_transaction_read_only = on');
          return env;
        },
        `the database 'standby' at 127.0.0.1:PORT can only be read: give 'database.host'`,
      ],
      [
        'is not there',
        async () => ({ ...(await made('there')), REANA_DB_NAME: 'not-there' }),
        `database "not-there" does not exist; make it with CREATE DATABASE "not-there" OWNER there`,
      ],
      [
        'has no TLS, where it is asked for',
        async () => ({ ...(await made('plain')), PGSSLMODE: 'require' }),
        `server does not support SSL, but SSL was required; give the server a certificate, or say 'database.tls' is 'disable'`,
      ],
      [
        'has a password with a percent sign',
        () => made('percent', true, 'a%41b'),
        `the password of 'percent' at 127.0.0.1:PORT has a '%', which REANA takes for the beginning of another character`,
      ],
    ];

    test.each(refused)(
      'says so where the database %s',
      async (_, given, message) => {
        const { exitCode, all } = await database.setup('the-token', await given());
        expect(all).toContain(message.replace('PORT', String(database.port)));
        expect(all?.split('\n')).toHaveLength(1);
        expect(exitCode).toBe(1);
      },
      LIMIT_MS,
    );

    /** From now on the server takes nobody without TLS. */
    async function takesTlsAlone(authority: Authority): Promise<void> {
      const { certificate, key } = await authority.sign('127.0.0.1');
      for (const [name, text] of Object.entries({ 'server.crt': certificate, 'server.key': key })) {
        const path = join(database.data, name);
        writeFileSync(path, text, { mode: 0o600 });
        if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
      }
      writeFileSync(
        join(database.data, 'pg_hba.conf'),
        'hostssl all all 127.0.0.1/32 scram-sha-256\n',
      );
      await database.sql('alter system set ssl = on');
      await database.sql('select pg_reload_conf()');
      const plain = { ...database.postgresEnv, PGSSLMODE: 'disable' };
      const ask = (): Promise<{ exitCode: number }> =>
        database.run(database.program('psql'), ['-c', 'select 1'], plain);
      await until(async () => (await ask()).exitCode !== 0, 'it takes whom it should not');
    }

    test(
      'a server that takes TLS alone says so, is held against its authority, and is set up',
      async () => {
        const [own, other] = [
          await Authority.make(pathOf('openssl')),
          await Authority.make(pathOf('openssl')),
        ];
        const env = await made('secure');
        const by = (authority: Authority): Record<string, string> => {
          const file = join(database.folder, 'authority.crt');
          writeFileSync(file, authority.certificate);
          return { ...env, PGSSLMODE: 'verify-full', PGSSLROOTCERT: file };
        };
        await takesTlsAlone(own);
        const plain = await database.setup('the-token', { ...env, PGSSLMODE: 'disable' });
        expect(plain.all).toContain(
          "no encryption; the server takes TLS only: leave 'database.tls' at 'require'",
        );
        const mistrusted = await database.setup('the-token', by(other));
        expect(mistrusted.all).toContain(
          "certificate verify failed; the authority in 'database.tls' did not sign the server's certificate",
        );
        expect(await database.setup('the-token', by(own))).toMatchObject({ exitCode: 0 });
        expect(await database.read(by(own))).toEqual(['admin@example.org', 'the-token', 2, 2]);
        for (const authority of [own, other]) authority.clear();
      },
      LIMIT_MS,
    );
  },
);
