import { freePorts } from '../../../sandbox/control-plane/components';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { RealPool, type Answer, type PodFiles } from './real-pool';
import { renderedWith, RunningTokens } from './running-tokens';
import { pool, textsOf, withExecute } from './support';

const DAEMONS = ['manager', 'submit', 'execute'] as const;
const made = renderedWith({
  ...pool,
  ...withExecute({ cores: 2, memoryGiB: 1, shares: [] }),
  key: { rotation: 2, acceptPrevious: true },
});

function filesOf(daemon: (typeof DAEMONS)[number]): PodFiles {
  return {
    config: textsOf(made.batch.one('ConfigMap', `condor-${daemon}`)),
    tokens: textsOf(made.batch.one('Secret', `condor-${daemon}-token`)),
    keys: daemon === 'execute' ? {} : textsOf(made.batch.one('Secret', 'condor-keys')),
  };
}

/** A session: HTCondor's programs as the environment of a session sets them. */
function session(token: string): PodFiles {
  const config = [
    'include : /etc/condor/condor_config',
    'LOCAL_CONFIG_DIR =',
    'SEC_DEFAULT_AUTHENTICATION_METHODS = IDTOKENS',
    'SEC_TOKEN_DIRECTORY = /srv/condor',
    'SEC_TOKEN_SYSTEM_DIRECTORY = /srv/condor',
  ];
  const job =
    'executable = /bin/sh\narguments = "-c \'echo ran\'"\noutput = out\nlog = log\n' +
    'request_memory = 64\nrequest_disk = 1\ntransfer_executable = false\nshould_transfer_files = YES\nqueue\n';
  return { config: { condor_config: `${config.join('\n')}\n`, job }, tokens: { token }, keys: {} };
}

describeWith(['htcondor', 'jupyterhub'], 'sessions of a real hub at a real pool', (pathOf) => {
  let real: RealPool;
  let service: RunningTokens;

  const as = (who: string, command: string): Promise<Answer> =>
    real.run(who, [
      '/bin/sh',
      '-c',
      `umask 077; cat /etc/beamline-condor-tokens/* > /srv/condor/token; cd /srv/condor; ${command}`,
    ]);

  /** Gets a token of the pool in the session of somebody, as the page about HTCondor says. */
  async function enter(who: string): Promise<void> {
    const authorization = `token ${await service.sessionToken(who)}`;
    const { status, text } = await service.ask({ authorization });
    expect({ status, text }).toMatchObject({ status: 200 });
    real.lay(who, session(text));
  }

  beforeAll(async () => {
    const [manager = 0, submit = 0, execute = 0] = await freePorts(3);
    real = new RealPool(pathOf('htcondor'), { manager, submit, execute });
    for (const daemon of DAEMONS) real.lay(daemon, filesOf(daemon));
    for (const daemon of DAEMONS) real.start(daemon);
    service = await RunningTokens.start(pathOf('jupyterhub'), made, 3600);
    await enter('anna');
    await enter('ben');
    const ready = async (): Promise<boolean> => {
      const { text } = await as('anna', 'condor_status -any');
      return ['Scheduler', 'Machine'].every((kind) => text.includes(kind));
    };
    await until(ready, 'the pool never was there', 180_000);
  }, 400_000);

  afterAll(async () => {
    real.end();
    await service.stop();
  });

  const SUBMIT = 'condor_submit -spool -name condor-submit-0@ /etc/beamline-condor/job';
  const QUEUE = 'condor_q -name condor-submit-0@ -allusers -af JobStatus User';

  test('a job that somebody hands in from their session is theirs, and runs', async () => {
    expect(await as('anna', SUBMIT)).toMatchObject({ ok: true });
    let last = '';
    const done = async (): Promise<boolean> => {
      last = (await as('anna', QUEUE)).text;
      return /^4 .*anna@pool\.example\.org$/m.test(last);
    };
    await until(done, () => `the job never ended: ${last}`, 180_000);
  }, 240_000);

  test('nobody removes the job of somebody else, or rules the pool', async () => {
    const removed = await as('ben', 'condor_rm -name condor-submit-0@ anna@pool.example.org');
    expect(removed.text).not.toMatch(/have been marked for removal|marked for removal\.$/m);
    expect((await as('anna', QUEUE)).text).toContain('anna@pool.example.org');
    expect((await as('ben', 'condor_off -name condor-submit-0@ -daemon schedd')).text).toMatch(
      /Can't|denied|fail|error/i,
    );
    expect((await as('anna', QUEUE)).text).toContain('anna@pool.example.org');
  }, 120_000);

  test.each<[string, () => Promise<Record<string, string>>]>([
    ['no token', () => Promise.resolve({})],
    ['a token that the hub did not give', () => Promise.resolve({ authorization: 'token x' })],
    [
      'the token of a service of the hub',
      () => Promise.resolve({ authorization: 'token the-token-of-the-test-itself' }),
    ],
    [
      'a token that is not good for this service',
      async () => ({
        authorization: `token ${await service.sessionToken('anna', { scopes: ['read:users:name!user'] })}`,
      }),
    ],
    [
      'a token of somebody in place of another’s name',
      async () => ({
        authorization: `token ${await service.sessionToken('operator')}`,
      }),
    ],
    [
      'a name that only differs in its letters’ size',
      async () => ({
        authorization: `token ${await service.sessionToken('Manager')}`,
      }),
    ],
    [
      'a name with another domain',
      async () => ({
        authorization: `token ${await service.sessionToken('anna@example.com')}`,
      }),
    ],
  ])('%s gets none', async (_, headers) => {
    const { status, text } = await service.ask(await headers());
    expect(status).toBe(403);
    expect(text).not.toMatch(/^ey/);
  });

  test('a name that is asked for counts for nothing', async () => {
    const authorization = `token ${await service.sessionToken('ben')}`;
    const { text } = await service.ask({ authorization, 'x-user': 'anna' });
    const claims: unknown = JSON.parse(
      Buffer.from(text.split('.')[1] ?? '', 'base64url').toString(),
    );
    expect(claims).toMatchObject({
      sub: 'ben@pool.example.org',
      iss: 'pool.example.org',
      scope: 'condor:/READ condor:/WRITE',
    });
    expect((await service.ask({ authorization }, 'GET')).status).toBe(405);
  });

  test('a token that is over opens nothing', async () => {
    const short = await RunningTokens.start(pathOf('jupyterhub'), made, 1);
    try {
      const authorization = `token ${await short.sessionToken('ben')}`;
      const { text } = await short.ask({ authorization });
      real.lay('late', session(text));
      let last = '';
      const over = async (): Promise<boolean> => {
        last = (await as('late', SUBMIT)).text;
        // The collector tells nobody who comes with it where the schedd is.
        return /AUTHENTICATE|Failed to connect|expired|Can't find address of schedd/i.test(last);
      };
      await until(over, () => `it opened the pool: ${last}`, 60_000);
      // The pool itself is there.
      expect(await as('anna', SUBMIT)).toMatchObject({ ok: true });
    } finally {
      await short.stop();
    }
  }, 240_000);
});
