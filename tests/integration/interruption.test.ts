import { killFamily, until } from './support/processes';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

const NAMESPACE = 'many';
const KINDS = 'configmap,secret,deployment.apps,service';

describe('a run that is cut short', () => {
  let site: Site;
  beforeAll(() => {
    site = new Site('many', 'many');
  });
  afterAll(() => site.clear(), LIMIT_MS);
  const story = (sentence: string, steps: () => Promise<void>): void =>
    scenario(() => site, sentence, steps);

  /** UID of each object with our mark, by kind and name. */
  async function uids(): Promise<Map<string, string>> {
    const template = '{range .items[*]}{.kind}/{.metadata.name} {.metadata.uid}{"\\n"}{end}';
    const text = await site.kubectl([
      'get',
      KINDS,
      '-n',
      NAMESPACE,
      '-l',
      'beamline/environment=many',
      '-o',
      `jsonpath=${template}`,
    ]);
    return new Map(
      text
        .split('\n')
        .filter(Boolean)
        .map((line): [string, string] => [line.split(' ')[0] ?? '', line.split(' ')[1] ?? '']),
    );
  }

  async function changedConfigs(): Promise<number> {
    const text = await site.kubectl([
      'get',
      'configmap',
      '-n',
      NAMESPACE,
      '-l',
      'beamline/environment=many',
      '-o',
      'jsonpath={.items[*].data.variant}',
    ]);
    return text.split(' ').filter((value) => value === 'changed').length;
  }

  /** Starts a command and kills it and all it started, once the condition holds. */
  async function killedWhen(
    args: readonly string[],
    variant: string,
    condition: () => Promise<boolean>,
  ): Promise<void> {
    const run = site.start(args, { variant });
    const pid = run.pid;
    if (pid === undefined) throw new Error('the command did not start');
    await until(
      async () => run.exitCode !== null || (await condition()),
      'the moment to kill never came',
    );
    expect(run.exitCode).toBeNull();
    killFamily(pid);
    await run;
  }

  async function expectWhole(variant: string): Promise<void> {
    expect((await uids()).size).toBe(51);
    expect(await site.beamline(['preview', 'many', '--refresh'], { variant })).toMatchObject({
      exitCode: 0,
      stdout: 'many: 52 unchanged',
    });
  }

  // The moments are drawn anew at each run; the message of a failure names them.
  const moments = [1, 2, 3].map((third) => Math.floor(Math.random() * 14) + (third - 1) * 15 + 1);
  for (const moment of moments) {
    story(
      `is picked up after kill -9 with ${moment} objects made: nothing lost, nothing doubled`,
      async () => {
        await killedWhen(['up', 'many'], 'first', async () => (await uids()).size >= moment);
        const before = await uids();
        const password = await site.live('secret', 'password', '{.data.password}', NAMESPACE);
        succeeded(await site.beamline(['up', 'many']));
        const after = await uids();
        for (const [object, uid] of before)
          expect([object, after.get(object)]).toEqual([object, uid]);
        if (password !== '')
          expect(await site.live('secret', 'password', '{.data.password}', NAMESPACE)).toBe(
            password,
          );
        await expectWhole('first');
        succeeded(await site.beamline(['down', 'many']));
        expect((await uids()).size).toBe(0);
      },
    );
  }

  story('is picked up after kill -9 in the middle of changing every object', async () => {
    succeeded(await site.beamline(['up', 'many']));
    const before = await uids();
    await killedWhen(['up', 'many'], 'changed', async () => (await changedConfigs()) >= 8);
    succeeded(await site.beamline(['up', 'many'], { variant: 'changed' }));
    expect(await uids()).toEqual(before);
    expect(await changedConfigs()).toBe(30);
    await expectWhole('changed');
  });

  story('is picked up after kill -9 in the middle of removing everything', async () => {
    await killedWhen(['down', 'many'], 'changed', async () => (await uids()).size < 40);
    succeeded(await site.beamline(['down', 'many'], { variant: 'changed' }));
    expect(await site.live('namespace', NAMESPACE, '{.metadata.name}')).toBe('');
  });

  story('stops at Ctrl-C in a state that the next run picks up', async () => {
    const run = site.start(['up', 'many']);
    await until(async () => run.exitCode !== null || (await uids()).size >= 10, 'nothing was made');
    run.kill('SIGINT');
    const { exitCode, stderr } = await run;
    expect({
      exitCode,
      interrupted: stderr.includes(
        "'up' of 'many' was interrupted; what was done is recorded, run it again to go on",
      ),
    }).toEqual({ exitCode: 1, interrupted: true });
    const before = await uids();
    succeeded(await site.beamline(['up', 'many']));
    const after = await uids();
    for (const [object, uid] of before) expect([object, after.get(object)]).toEqual([object, uid]);
    await expectWhole('first');
  });

  story('locks others out, and says who, since when, and how to clear it', async () => {
    const first = site.start(['up', 'many'], { variant: 'stuck' });
    await until(
      async () => (await site.live('pod', 'stuck', '{.metadata.name}', NAMESPACE)) !== '',
      'the first run made nothing',
    );
    const second = await site.beamline(['up', 'many'], { variant: 'changed' });
    expect(second.stderr).toMatch(
      /error: environment 'many' is locked: \S+@\S+ \(process \d+\) has been working on it since \d{4}-\S+; wait for it, or, if that run is dead, clear the lock with 'pulumi cancel many'/,
    );
    expect(second.exitCode).toBe(1);
    first.kill('SIGINT');
    await first;
    expect(await changedConfigs()).toBe(0);
    succeeded(await site.beamline(['up', 'many']));
  });
});
