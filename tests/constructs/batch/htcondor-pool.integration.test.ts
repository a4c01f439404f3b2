import { HtcondorPool } from '../../../constructs/batch/htcondor-pool';
import type { HtcondorPoolProps } from '../../../constructs/batch/pool-props';
import { freePorts } from '../../../sandbox/control-plane/components';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { chartFor, Synthesized } from '../../support/synth';
import { RealPool, type Answer, type PodFiles } from './real-pool';
import { knobs, pool, textsOf, withExecute } from './support';

const DAEMONS = ['manager', 'submit', 'execute'] as const;
const props: HtcondorPoolProps = {
  ...pool,
  ...withExecute({ cores: 2, memoryGiB: 1, shares: [] }),
  key: { rotation: 2, acceptPrevious: true },
};
/** `condor_q` has one line a job: status (1 idle, 2 running, 4 done) and whose it is. */
const QUEUE = [
  'condor_q',
  '-name',
  'condor-submit-0@',
  '-allusers',
  '-af',
  'JobStatus',
  'AccountingGroup',
];

/** What the construct renders, with tokens for some people. */
function rendered(key: HtcondorPoolProps['key'], ...people: readonly string[]): Synthesized {
  const chart = chartFor('okd 4.21');
  const made = new HtcondorPool(chart, 'Pool', { ...props, key });
  for (const name of people) {
    const identity = `${name}@pool.example.org`;
    made.token({ scope: chart, name, identity, authorizations: ['READ', 'WRITE'] });
  }
  return new Synthesized(chart);
}

function filesOf(made: Synthesized, daemon: (typeof DAEMONS)[number]): PodFiles {
  return {
    config: textsOf(made.one('ConfigMap', `condor-${daemon}`)),
    tokens: textsOf(made.one('Secret', `condor-${daemon}-token`)),
    keys: daemon === 'execute' ? {} : textsOf(made.one('Secret', 'condor-keys')),
  };
}

/** What a client of the pool is told: docs/how-to/htcondor.md. HTCondor wants the token in a file of its owner alone. */
function client(tokens: Readonly<Record<string, string>>): PodFiles {
  const config = [
    'include : /etc/condor/condor_config',
    'LOCAL_CONFIG_DIR =',
    'SEC_DEFAULT_AUTHENTICATION_METHODS = IDTOKENS',
    'SEC_TOKEN_DIRECTORY = /srv/condor',
    'SEC_TOKEN_SYSTEM_DIRECTORY = /srv/condor',
  ];
  const submit = (seconds: number): string =>
    `executable = /bin/sh\narguments = "-c 'sleep ${seconds}; echo ran'"\noutput = out\nlog = log\n` +
    'request_memory = 64\nrequest_disk = 1\ntransfer_executable = false\nshould_transfer_files = YES\nqueue\n';
  return {
    config: { condor_config: `${config.join('\n')}\n`, short: submit(0), long: submit(12) },
    tokens,
    keys: {},
  };
}

describeWith(['htcondor'], 'the real HTCondor with the rendered configuration', (pathOf) => {
  let real: RealPool;

  async function as(who: string, command: string): Promise<Answer> {
    const copy =
      'umask 077; cat /etc/beamline-condor-tokens/* > /srv/condor/token 2>/dev/null; cd /srv/condor; ';
    return real.run(who, ['/bin/sh', '-c', copy + command]);
  }

  const submit = (who: string, file: 'short' | 'long'): Promise<Answer> =>
    as(who, `condor_submit -spool -name condor-submit-0@ /etc/beamline-condor/${file}`);

  async function queueSays(pattern: RegExp): Promise<void> {
    let last = '';
    const right = async (): Promise<boolean> => {
      last = (await as('anna', QUEUE.join(' '))).text;
      return pattern.test(last);
    };
    await until(right, `the queue never said ${pattern}: ${last}`, 120_000);
  }

  async function poolHas(...kinds: readonly string[]): Promise<void> {
    let last = '';
    const right = async (): Promise<boolean> => {
      last = (await as('anna', 'condor_status -any')).text;
      return kinds.every((kind) => last.split('\n').some((line) => line.startsWith(`${kind} `)));
    };
    await until(right, `the pool never had ${kinds.join(', ')}: ${last}`, 120_000);
  }

  beforeAll(async () => {
    const [manager = 0, submitPort = 0, execute = 0] = await freePorts(3);
    real = new RealPool(pathOf('htcondor'), { manager, submit: submitPort, execute });
    const made = rendered(props.key, 'eve');
    for (const daemon of DAEMONS) real.lay(daemon, filesOf(made, daemon));
    // Their tokens are of the key before, which the pool still takes.
    real.lay('anna', client(textsOf(rendered({ rotation: 1 }, 'anna').one('Secret', 'anna'))));
    real.lay('eve', client(textsOf(made.one('Secret', 'eve'))));
    real.lay('nobody', client({}));
    real.lay('forger', client(textsOf(rendered({ rotation: 3 }, 'anna').one('Secret', 'anna'))));
    for (const daemon of DAEMONS) real.start(daemon);
    await poolHas('Scheduler', 'Machine');
  }, 300_000);

  afterAll(() => real.end());

  test.each(DAEMONS)('it reads what we say to the %s', async (daemon) => {
    const made = rendered(props.key);
    const said = knobs(made.one('ConfigMap', `condor-${daemon}`));
    const plain = Object.entries(said).filter(
      ([name, value]) => !/\$/.test(value) && !/^(CONDOR_HOST|SHARED_PORT_PORT)$/.test(name),
    );
    const { ok, text } = await real.run(daemon, ['condor_config_val', '-dump']);
    expect(ok).toBe(true);
    // What is as it would be anyway is dumped as the default is written.
    const lines = text.split('\n').map((line) => line.trim().toLowerCase());
    // A policy may take what we say into an expression of its own.
    const missing = plain.filter(
      ([name, value]) =>
        !lines.some(
          (line) =>
            line.startsWith(`${name} =`.toLowerCase()) && line.includes(value.toLowerCase()),
        ),
    );
    expect(missing).toEqual([]);
  });

  test('a job of somebody with a token runs, in their group, and its output comes back', async () => {
    expect(await submit('anna', 'short')).toMatchObject({ ok: true });
    await queueSays(/^4 group_cms.anna$/m);
    const back = await as('anna', 'condor_transfer_data -name condor-submit-0@ -all; cat out');
    expect(back.text).toContain('ran');
    expect((await as('anna', 'condor_rm -name condor-submit-0@ -all')).ok).toBe(true);
  }, 180_000);

  test.each([
    ['nobody', /AUTHENTICATE|Failed to (fetch|connect)|Error/i],
    ['forger', /AUTHENTICATE|Failed to (fetch|connect)|Error/i],
    ['eve', /Submit requirement AssignAccountingGroup not met/],
  ])('%s is refused', async (who, reason) => {
    const { ok, text } = await submit(who, 'short');
    expect(ok).toBe(false);
    expect(text).toMatch(reason);
  });

  test('a token of an execute pod lets nobody hand in jobs', async () => {
    real.lay('thief', client(filesOf(rendered(props.key), 'execute').tokens));
    expect((await submit('thief', 'short')).ok).toBe(false);
  });

  test('an execute pod that has to go lets its job end', async () => {
    expect(await submit('anna', 'long')).toMatchObject({ ok: true });
    await queueSays(/^2 /m);
    expect(await real.stop('execute')).toBe(0);
    await queueSays(/^4 /m);
    expect(
      (await as('anna', 'condor_q -name condor-submit-0@ -allusers -af NumJobStarts')).text,
    ).toContain('1');
  }, 180_000);

  test('a submit node that is killed has its jobs when it is back, and they run', async () => {
    expect(await submit('anna', 'short')).toMatchObject({ ok: true });
    await queueSays(/^1 /m);
    real.kill('submit');
    real.start('submit');
    await queueSays(/^1 /m);
    real.start('execute');
    await until(
      async () => !/^[12] /m.test((await as('anna', QUEUE.join(' '))).text),
      'the job that outlived its node never ran',
    );
    expect((await as('anna', QUEUE.join(' '))).text).toMatch(/^4 /m);
  }, 300_000);
});
