import { execa } from 'execa';

import { describeWith } from '../../parts/need';
import { RealDatabase } from './real-database';

const LIMIT_MS = 300_000;

describeWith(['postgresql', 'reana'], 'the setup Job against a real database', (pathOf) => {
  const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));

  beforeAll(() => database.start(), LIMIT_MS);
  afterAll(() => database.stop(), LIMIT_MS);

  test(
    "the admin has the Secret's token, a second run changes nothing, another token takes its place",
    async () => {
      const first = await database.setup('first-token');
      expect(first).toMatchObject({ exitCode: 0 });
      expect(first.all).not.toMatch(/first-token|made-by-upstream/);
      const made = await database.read();
      expect(made).toEqual(['admin@example.org', 'first-token', 2, 2]);

      const second = await database.setup('first-token');
      expect(second).toMatchObject({ exitCode: 0 });
      expect(second.all).toContain('the admin has the token of the Secret');
      expect(await database.read()).toEqual(made);

      expect(await database.setup('second-token')).toMatchObject({ exitCode: 0 });
      expect(await database.read()).toEqual(['admin@example.org', 'second-token', 3, 2]);
    },
    LIMIT_MS,
  );

  test(
    'a setup that was cut short after the tables is finished by the next one',
    async () => {
      await database.sql('drop table __reana.alembic_version');
      expect(await database.setup('second-token')).toMatchObject({ exitCode: 0 });
      const { stdout } = await execa('reana-db', ['alembic', 'current'], { env: database.env });
      expect(stdout).not.toBe('');
    },
    LIMIT_MS,
  );

  test(
    'a password that was changed in the server alone is said to be that, with what to do',
    async () => {
      await database.sql("alter user reana password 'another'");
      const { exitCode, all } = await database.setup('second-token');
      expect(exitCode).toBe(1);
      expect(all).toContain(`the database at 127.0.0.1:${database.port} does not take 'reana'`);
      expect(all).toContain('give the server that of the Secret with ALTER USER reana PASSWORD');
      expect(all).not.toMatch(/Traceback|another/);
    },
    LIMIT_MS,
  );
});
