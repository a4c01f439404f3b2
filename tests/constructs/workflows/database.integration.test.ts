import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { execa } from 'execa';

import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { synth } from '../../support/synth';
import { PASSWORD, RealDatabase } from './real-database';
import { containerOf } from './rendered-pods';
import { backup, inside, minimal } from './support';

const LIMIT_MS = 300_000;

const withBackup: ReanaProps = { ...minimal, database: { ...inside, backup } };

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
      const [shell = '', ...args] = readinessProbe?.exec?.command ?? [];
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
