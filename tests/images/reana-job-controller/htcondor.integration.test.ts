import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { HtcondorPool } from '../../../constructs/batch/htcondor-pool';
import { freePorts } from '../../../sandbox/control-plane/components';
import { RealPool, type PodFiles } from '../../constructs/batch/real-pool';
import { pool, textsOf, withExecute } from '../../constructs/batch/support';
import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { chartFor, Synthesized } from '../../support/synth';
import { Driver, type Step } from './drive';

const DAEMONS = ['manager', 'submit', 'execute'] as const;
/** Somebody with a group in the pool, and somebody without one. */
const PEOPLE = ['anna', 'eve'] as const;

/** A pool of ours with the tokens that REANA could get from it. */
function rendered(): Synthesized {
  const chart = chartFor('okd 4.21');
  const props = { ...pool, ...withExecute({ cores: 2, memoryGiB: 1, shares: [] }) };
  const made = new HtcondorPool(chart, 'Pool', props);
  for (const name of PEOPLE) {
    made.token({
      scope: chart,
      name,
      identity: `${name}@pool.example.org`,
      authorizations: ['READ', 'WRITE'],
    });
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

jest.setTimeout(300_000);

describeWith(['htcondor', 'reana-backends'], 'HTCondor as a back end of REANA', (pathOf) => {
  const workspace = mkdtempSync(join(tmpdir(), 'beamline-reana-'));
  let real: RealPool;
  let token = '';
  let collector = '';

  const driver = (credential = token): Driver => {
    const settings = {
      htcondor: {
        collector,
        schedd: 'condor-submit-0@',
        token: { name: 'reana-htcondor', key: 'token' },
        containers: 'none',
        defaults: { cores: 1, memory_mib: 64, minutes: 5 },
      },
    };
    return new Driver(join(pathOf('reana-backends'), 'bin/python'), settings, credential);
  };
  const step = (command: string, over: Partial<Step> = {}): Step => ({
    name: 'fit data',
    command: `cd ${workspace} ; ${command}`,
    image: 'docker.io/reanahub/reana-env-root6:6.18.04',
    workspace,
    ...over,
  });

  async function submitted(command: string, over: Partial<Step> = {}): Promise<string> {
    const number = await driver().call('submit', step(command, over));
    expect(number).toMatch(/^\d+$/);
    return String(number);
  }

  async function becomes(number: string, status: string): Promise<void> {
    const right = async (): Promise<boolean> => {
      const last = JSON.stringify(await driver().call('outcome', number, workspace));
      return last.includes(`"status":"${status}"`);
    };
    await until(right, `job ${number} never was ${status}`, 180_000);
  }

  beforeAll(async () => {
    const [manager = 0, submit = 0, execute = 0] = await freePorts(3);
    collector = `127.0.0.1:${manager}`;
    real = new RealPool(pathOf('htcondor'), { manager, submit, execute });
    const made = rendered();
    for (const daemon of DAEMONS) real.lay(daemon, filesOf(made, daemon));
    // A client's files are only laid to have its token signed.
    for (const name of PEOPLE) {
      real.lay(name, { config: {}, tokens: textsOf(made.one('Secret', name)), keys: {} });
    }
    token = real.tokenOf('anna');
    for (const daemon of DAEMONS) real.start(daemon);
    mkdirSync(join(workspace, 'inputs'));
    writeFileSync(join(workspace, 'inputs/data.txt'), 'events\n');
    await until(
      async () =>
        JSON.stringify(await driver().call('outcome', '1', workspace)).includes('"unknown"'),
      'the schedd never answered',
      180_000,
    );
  }, 400_000);

  afterAll(() => {
    real.end();
    rmSync(workspace, { recursive: true, force: true });
  });

  test('a job gets the files of the workspace, and what it wrote comes back to it', async () => {
    const command = `mkdir plots; cat $REANA_WORKSPACE/inputs/data.txt; echo "$GREETING" > ${workspace}/plots/fit.txt; echo oops >&2`;
    const number = await submitted(command, {
      env: { GREETING: `it's "me" $HOME`, REANA_WORKSPACE: workspace },
    });
    // Somebody else changes what the job only read.
    writeFileSync(join(workspace, 'inputs/data.txt'), 'more events\n');
    await becomes(number, 'finished');
    expect(await driver().call('watch', number, workspace)).toEqual({
      told: [['1', 'finished', 'oops\nevents\n']],
      deleted: true,
    });
    expect(readFileSync(join(workspace, 'plots/fit.txt'), 'utf8')).toBe(`it's "me" $HOME\n`);
    expect(readFileSync(join(workspace, 'inputs/data.txt'), 'utf8')).toBe('more events\n');
    expect(readdirSync(workspace).filter((name) => name.endsWith('.tar.gz'))).toEqual([]);
  });

  test('a job whose files got lost on their way leaves the queue, and a second one takes its place', async () => {
    const answer = await driver().call('submit after an interruption', step('echo there'));
    const { number } = z.object({ number: z.string() }).parse(answer);
    expect(answer).toMatchObject({ before: expect.stringMatching(/^removed: /) });
    await becomes(number, 'finished');
    expect(await driver().call('watch', number, workspace)).toMatchObject({ deleted: true });
  });

  test('a job that is running says so, and can be removed', async () => {
    const number = await submitted('sleep 600');
    await becomes(number, 'running');
    expect(await driver().call('watch', number, workspace)).toEqual({ told: [], deleted: false });
    expect(await driver().call('stop', number)).toBeNull();
    await becomes(number, 'failed');
    expect(await driver().call('outcome', number, workspace)).toMatchObject({
      reason: expect.stringMatching(/^removed: /),
    });
  });

  test('a job that fails is said to have failed, with its exit code', async () => {
    const number = await submitted('echo wrong >&2; exit 3');
    await becomes(number, 'failed');
    expect(await driver().call('watch', number, workspace)).toEqual({
      told: [['1', 'failed', 'wrong\n\n[here] exit code 3\n']],
      deleted: true,
    });
  });

  test.each<[string, Partial<Step>, readonly unknown[], string]>([
    [
      "a flavour of CERN's",
      {},
      ['longlunch'],
      "htcondor_max_runtime must be seconds, got 'longlunch'",
    ],
    [
      'memory that is none',
      { memory: 'much' },
      [],
      "memory must be as Kubernetes writes it, such as '4Gi', got 'much'",
    ],
  ])('%s is refused', async (_, over, args, message) => {
    expect(await driver().call('submit', step('true', over), ...args)).toContain(message);
  });

  test('a file that HTCondor cannot name is refused', async () => {
    writeFileSync(join(workspace, 'a,b'), '');
    try {
      expect(await driver().call('submit', step('true'))).toContain(
        "HTCondor cannot transfer 'a,b'",
      );
    } finally {
      rmSync(join(workspace, 'a,b'));
    }
  });

  test('what the pool refuses is said in its words', async () => {
    expect(await driver(real.tokenOf('eve')).call('submit', step('true'))).toMatch(
      /^RuntimeError: the pool took no job: .*AssignAccountingGroup not met/s,
    );
  });

  test('without a token that the pool knows no job is taken', async () => {
    const [head, body] = token.split('.');
    const forged = driver(`${head}.${body}.${Buffer.from('forged').toString('base64url')}`);
    expect(await forged.call('submit', step('true'))).toMatch(/^(RuntimeError|Unreachable): /);
  });
});
