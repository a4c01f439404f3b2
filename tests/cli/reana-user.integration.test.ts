import { execa } from 'execa';

import { RealDatabase } from '../constructs/workflows/real-database';
import { describeWith } from '../parts/need';
import { ReanaPods } from './reana-pods';

const LIMIT_MS = 300_000;
const ADMIN_TOKEN = 'the-token-of-the-admin';

/** The API server stands in; what it runs in the pod is run for real, by `reana-db` on a real PostgreSQL. */
describeWith(['postgresql', 'reana'], 'beamline reana user', (pathOf) => {
  const database = new RealDatabase(pathOf('postgresql'), pathOf('reana'));
  const pods = new ReanaPods(database);
  const { execs, secrets } = pods;
  const beamline = (args: readonly string[], variant?: string) => pods.user(args, variant);

  beforeAll(async () => {
    await database.start();
    expect(await database.setup(ADMIN_TOKEN)).toMatchObject({ exitCode: 0 });
    await pods.start();
  }, LIMIT_MS);

  afterAll(async () => {
    await pods.stop();
    await database.stop();
  }, LIMIT_MS);

  const tokenOf = (mail: string): Promise<string> =>
    execa(
      database.python,
      [
        '-c',
        `from reana_db.database import Session; from reana_db.models import User; print(User.query.filter_by(email="${mail}").one().access_token)`,
      ],
      { env: database.env },
    ).then(({ stdout }) => stdout);

  test(
    'makes a user once, in a pod of the server',
    async () => {
      const made = await beamline(['add', 'users', 'ada@example.org']);
      expect(made).toMatchObject({ exitCode: 0, stdout: '' });
      expect(made.stderr).toContain("user 'ada@example.org' was made");
      expect(execs).toEqual(['/api/v1/namespaces/reana/pods/reana-server-1/exec']);
      const again = await beamline(['add', 'users', 'ada@example.org']);
      expect(again).toMatchObject({ exitCode: 0 });
      expect(again.stderr).toContain("user 'ada@example.org' is there already");
      expect(await tokenOf('ada@example.org')).toBe('None');
    },
    LIMIT_MS,
  );

  test(
    'gives a token once, and shows it to nobody who does not ask',
    async () => {
      const given = await beamline(['token', 'users', 'ada@example.org']);
      const token = await tokenOf('ada@example.org');
      expect(token.length).toBeGreaterThan(16);
      expect(given).toMatchObject({ exitCode: 0, stdout: '' });
      expect(given.stderr).toContain('has got a token');
      expect(given.stderr).not.toContain(token);
      const shown = await beamline(['token', 'users', 'ada@example.org', '--show']);
      expect(shown).toMatchObject({ exitCode: 0, stdout: token });
      expect(shown.stderr).toContain('has a token already');
      const listed = await beamline(['list', 'users', '--json']);
      expect(listed.stdout).not.toContain(token);
      expect(listed.stdout).not.toContain(ADMIN_TOKEN);
    },
    LIMIT_MS,
  );

  test(
    'replaces a token, and puts it into a Secret that reana-client can use, but into nobody else’s',
    async () => {
      const before = await tokenOf('ada@example.org');
      const put = await beamline([
        'token',
        'users',
        'ada@example.org',
        '--replace',
        '--secret',
        'ada',
      ]);
      expect(put).toMatchObject({ exitCode: 0, stdout: '' });
      const after = await tokenOf('ada@example.org');
      expect(after).not.toBe(before);
      expect(secrets.get('ada')).toMatchObject({
        stringData: { REANA_ACCESS_TOKEN: after, REANA_SERVER_URL: 'https://reana.example.org' },
      });
      secrets.set('theirs', { metadata: { name: 'theirs' } });
      const refused = await beamline(['token', 'users', 'ada@example.org', '--secret', 'theirs']);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain(
        "the Secret 'reana/theirs' is not one that 'beamline reana user' wrote",
      );
      expect(secrets.get('theirs')).toEqual({ metadata: { name: 'theirs' } });
    },
    LIMIT_MS,
  );

  test(
    'sets limits, says what they are, and leaves what is not named',
    async () => {
      const set = await beamline([
        'quota',
        'users',
        'ada@example.org',
        '--cpu-hours',
        '100',
        '--disk-gib',
        '50',
      ]);
      expect(set.stderr).toContain('has got its limits: 0.0 of 100 h CPU, 0.0 of 50 GiB');
      const raw = await database.sql(
        'select quota_limit from __reana.user_resource order by 1 desc',
      );
      expect(raw.split('\n').slice(0, 2)).toEqual([String(50 * 1024 ** 3), '360000000']);
      const again = await beamline(['quota', 'users', 'ada@example.org', '--cpu-hours', '100']);
      expect(again.stderr).toContain('has these limits: 0.0 of 100 h CPU, 0.0 of 50 GiB');
    },
    LIMIT_MS,
  );

  test(
    'revokes a token, and lists who has which',
    async () => {
      const revoked = await beamline(['token', 'users', 'ada@example.org', '--revoke']);
      expect(revoked.stderr).toContain("user 'ada@example.org' has no token any more");
      const again = await beamline(['token', 'users', 'ada@example.org', '--revoke']);
      expect(again.stderr).toContain("user 'ada@example.org' had no token");
      const { stdout } = await beamline(['list', 'users']);
      expect(stdout.split('\n')).toEqual([
        'ada@example.org  token revoked  0.0 of 100 h CPU, 0.0 of 50 GiB',
        'admin@example.org  token active, admin  0.0 of any h CPU, 0.0 of any GiB',
      ]);
      expect(
        await database.sql(
          "select count(*) from __reana.audit_log where action in ('grant_token', 'revoke_token')",
        ),
      ).toBe('3');
    },
    LIMIT_MS,
  );

  test.each<[string, string[], string]>([
    [
      'a user that there is not',
      ['token', 'users', 'bob@example.org'],
      "user 'bob@example.org': there is no such user among the 2 of this REANA; make it with 'user add'",
    ],
    [
      "another token for the admin than the Secret's",
      ['token', 'users', 'admin@example.org', '--replace'],
      "user 'admin@example.org': the token of the admin is the one in the Secret; rotate it there, and deploy",
    ],
    [
      'another namespace',
      ['list', 'users', '--namespace', 'elsewhere'],
      "has no REANA in 'elsewhere'; it has one in 'reana'",
    ],
  ])(
    'refuses %s',
    async (_, args, message) => {
      const { exitCode, stderr, stdout } = await beamline(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(message);
    },
    LIMIT_MS,
  );

  test(
    'refuses an environment without a REANA, asks which of two, and says what to do when no pod is ready',
    async () => {
      expect((await beamline(['list', 'users'], 'none')).stderr).toContain(
        "environment 'users' has no REANA",
      );
      expect((await beamline(['list', 'users'], 'two')).stderr).toContain(
        "name one by --namespace, of 'reana', 'reana-dev'",
      );
      pods.ready = false;
      const { exitCode, stderr } = await beamline(['list', 'users']);
      pods.ready = true;
      expect(exitCode).toBe(1);
      expect(stderr).toContain("no pod of 'reana/reana-server' is ready");
    },
    LIMIT_MS,
  );

  test(
    'says why when the database takes nobody',
    async () => {
      await database.sql("alter user reana password 'another'");
      const { exitCode, stderr } = await beamline(['add', 'users', 'eve@example.org']);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        "user 'eve@example.org': the server's pod 'reana-server-1' ended with 1",
      );
      expect(stderr).toContain('password authentication failed');
    },
    LIMIT_MS,
  );
});
