import { mkdirSync, readFileSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { join } from 'node:path';

import { until } from '../../integration/support/processes';
import { describeWith } from '../../parts/need';
import { Driver, type Step } from './drive';
import { RealSlurm } from './real-slurm';

jest.setTimeout(180_000);

describeWith(['slurm', 'sshd'], 'Slurm as a back end of REANA', () => {
  const slurm = new RealSlurm();
  const workspace = join(slurm.reana, 'users/ada/workflows/1');
  const settings = (over: object = {}): object => ({
    slurm: {
      host: '127.0.0.1',
      port: slurm.port,
      host_keys: [slurm.hostKey],
      user: slurm.user,
      key: { name: 'slurm', key: 'id' },
      partition: 'batch',
      path: slurm.nodes,
      containers: 'none',
      defaults: { cores: 1, memory_mib: 200, minutes: 5 },
      ...over,
    },
  });
  const driver = (over: object = {}, key: 'user' | 'other' = 'user'): Driver =>
    new Driver('python3', settings(over), slurm.privateKey(key), {
      SHARED_VOLUME_PATH: slurm.reana,
    });
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
    let last: unknown;
    const right = async (): Promise<boolean> => {
      last = await driver().call('outcome', number, workspace);
      return JSON.stringify(last).includes(`"status":"${status}"`);
    };
    await until(right, `job ${number} never was ${status}: ${JSON.stringify(last)}`);
  }

  beforeAll(async () => {
    await slurm.start();
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, 'data.txt'), 'events\n');
  }, 300_000);

  afterAll(() => slurm.end(), 120_000);

  test('a job reads and writes the workspace, and ends with its logs and its status told to REANA', async () => {
    const command = `cat $REANA_WORKSPACE/data.txt; echo "$GREETING" > ${workspace}/result.txt; echo oops >&2`;
    const number = await submitted(command, {
      env: { GREETING: `it's "me" $HOME`, REANA_WORKSPACE: workspace },
    });
    await becomes(number, 'finished');
    expect(readFileSync(join(workspace, 'result.txt'), 'utf8')).toBe(`it's "me" $HOME\n`);
    expect(await driver().call('watch', number, workspace)).toEqual({
      told: [['1', 'finished', 'oops\nevents\n']],
      deleted: true,
    });
  });

  test('a job that is running says so, and can be stopped', async () => {
    const number = await submitted('sleep 600');
    await becomes(number, 'running');
    expect(await driver().call('watch', number, workspace)).toEqual({ told: [], deleted: false });
    expect(await driver().call('stop', number)).toBeNull();
    await becomes(number, 'failed');
    expect(await driver().call('outcome', number, workspace)).toMatchObject({
      reason: expect.stringContaining('CANCELLED'),
    });
    expect(await driver().call('stop', number)).toBeNull();
  });

  test('a job that fails is said to have failed, with its exit code', async () => {
    const number = await submitted('echo wrong >&2; exit 3');
    await becomes(number, 'failed');
    const { told } = JSON.parse(JSON.stringify(await driver().call('watch', number, workspace)));
    expect(told).toEqual([['1', 'failed', 'wrong\n\n[here] FAILED, exit code 3:0\n']]);
  });

  test("Yadage's commands, hidden in base 64, find the workspace too", async () => {
    const hidden = Buffer.from(`cat ${workspace}/data.txt`).toString('base64');
    const number = await submitted('', { command: `echo ${hidden}|base64 -d|bash` });
    await becomes(number, 'finished');
    expect(await driver().call('logs', number, workspace)).toBe('events\n');
  });

  test('a container runner gets the image, and the workspace where REANA has it', async () => {
    const runner = join(slurm.folder, 'apptainer');
    writeFileSync(runner, '#!/bin/bash\nprintf "%s\\n" "$@"\n');
    chmodSync(runner, 0o755);
    const number = await driver({ containers: runner }).call('submit', step('root -b'));
    await becomes(String(number), 'finished');
    expect(await driver().call('logs', String(number), workspace)).toBe(
      [
        'exec',
        '--bind',
        `${slurm.nodes}/users/ada/workflows/1:${workspace}`,
        '--pwd',
        workspace,
        'docker://docker.io/reanahub/reana-env-root6:6.18.04',
        'bash',
        '-c',
        `cd ${workspace} ; root -b`,
        '',
      ].join('\n'),
    );
  });

  test('a job that Slurm forgot is known by what it left, or lost after some rounds', async () => {
    writeFileSync(join(workspace, 'reana_job.999999.exit'), '0\n');
    expect(await driver().call('outcome', '999999', workspace)).toMatchObject({
      status: 'finished',
    });
    writeFileSync(join(workspace, 'reana_job.999999.exit'), '2\n');
    expect(await driver().call('outcome', '999999', workspace)).toMatchObject({
      status: 'failed',
      reason: 'exit code 2',
    });
    rmSync(join(workspace, 'reana_job.999999.exit'));
    expect(await driver().call('outcome', '999999', workspace)).toMatchObject({
      status: 'unknown',
    });
  });

  test.each<[string, Partial<Step>, readonly unknown[], string]>([
    ['a partition that is none', {}, ['gpu'], 'invalid partition specified: gpu'],
    [
      'a partition that is a command',
      {},
      ['x; rm -rf ~'],
      "slurm_partition must be the name of a partition, got 'x; rm -rf ~'",
    ],
    [
      'a time that is none',
      {},
      [null, 'soon'],
      "slurm_time must be as sbatch takes it, such as '60' or '1-12:00:00', got 'soon'",
    ],
    [
      'memory that is none',
      { memory: 'much' },
      [],
      "memory must be as Kubernetes writes it, such as '4Gi', got 'much'",
    ],
    [
      'more memory than a node has',
      { memory: '1Ti' },
      [],
      'Memory specification can not be satisfied',
    ],
    [
      'a workspace that nodes do not see',
      { workspace: '/etc' },
      [],
      "workspace '/etc' is not below",
    ],
    [
      'a variable with a strange name',
      { env: { 'A;B': '1' } },
      [],
      "variables cannot be called 'A;B'",
    ],
  ])('%s is refused', async (_, over, args, message) => {
    expect(await driver().call('submit', step('true', over), ...args)).toContain(message);
  });

  test.each<[string, () => Driver, string]>([
    ['a key that the host does not know', () => driver({}, 'other'), 'Permission denied'],
    [
      'a host that has another key',
      () => driver({ host_keys: [readFileSync(join(slurm.folder, 'other.pub'), 'utf8').trim()] }),
      'Host key verification failed',
    ],
    ['a host that is not there', () => driver({ port: 1 }), 'Connection refused'],
  ])('%s ends no job: it is asked again later', async (_, made, message) => {
    expect(await made().call('outcome', '1', workspace)).toMatch(
      new RegExp(`^Unreachable: .*${message}`, 's'),
    );
    expect(await made().call('watch', '1', workspace)).toEqual({ told: [], deleted: false });
  });
});
