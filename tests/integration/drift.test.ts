import { reportSchema } from '../../review/report/schema';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded, type Outcome } from './support/site';

/** What people do to a deployed environment by hand: seen, said whose doing it is, put back or kept; and what the engine says of it. */
const NAME = 'reviewed';
let site: Site;
const here = (): Site => site;

const beamline = (verb: string, variant = 'first', ...more: string[]): Promise<Outcome> =>
  site.beamline([verb, NAME, ...more], { variant });
const byHand = (level: string): Promise<string> =>
  site.kubectl([
    ...['patch', 'configmap', 'settings', '-n', NAME, '--field-manager=night-shift'],
    ...['--type=merge', '-p', JSON.stringify({ data: { level } })],
  ]);
const level = (): Promise<string> => site.live('configmap', 'settings', '{.data.level}', NAME);

beforeAll(() => {
  site = new Site(NAME, 'reviewed.ts');
});
afterAll(() => site.clear(), LIMIT_MS);

scenario(here, 'what was never deployed has not drifted', async () => {
  const { exitCode, stderr } = await beamline('drift');
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining("'reviewed' was never deployed, so there is nothing to drift from"),
  ]);
});

scenario(here, 'nothing has drifted after a deployment', async () => {
  succeeded(await beamline('up'));
  expect(await beamline('drift')).toMatchObject({
    exitCode: 0,
    stdout: 'reviewed: 6 objects are as they were deployed',
  });
});

scenario(here, 'a change by hand: the object, the field, both values and who did it', async () => {
  await byHand('debug');
  const scale = ['scale', 'deployment', 'web', '--replicas=5', '-n', NAME];
  await site.kubectl(scale);
  const { exitCode, stdout } = await beamline('drift');
  expect(exitCode).toBe(2);
  expect(stdout).toMatch(
    /~ reviewed\/configmap\/settings changed .*\n +data\.level: info → debug by night-shift, 20\d\d-\S+Z\n/,
  );
  expect(stdout).toMatch(
    /~ reviewed\/deployment\.apps\/web changed .*\n +spec\.replicas: 2 → 5 by kubectl\b.*\n/,
  );
  expect(stdout).toContain('    repair: beamline drift reviewed --repair\n');
  expect(stdout).toMatch(/ {4}adopt: write the new values into .+, then beamline refresh reviewed/);
  expect(stdout).toContain('reviewed: 2 of 6 objects drifted');
});

scenario(here, 'nothing is put back while the environment has changes of its own', async () => {
  const { exitCode, stderr } = await beamline('drift', 'without', '--repair');
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    "nothing was put back: 2 objects of 'reviewed' were changed in the environment and not deployed yet",
  );
  expect(await level()).toBe('debug');
});

scenario(here, 'a repair puts all of it back', async () => {
  expect(succeeded(await beamline('drift', 'first', '--repair')).stdout).toContain(
    'reviewed: 2 objects put back',
  );
  expect(await level()).toBe('info');
  expect(await site.live('deployment', 'web', '{.spec.replicas}', NAME)).toBe('2');
  expect((await beamline('drift')).exitCode).toBe(0);
});

scenario(here, 'what the environment adopts stays as it was made by hand', async () => {
  await byHand('debug');
  expect((await beamline('drift')).exitCode).toBe(2);
  succeeded(await beamline('refresh', 'adopted'));
  expect(succeeded(await beamline('up', 'adopted')).stdout).toContain('nothing to do');
  expect(await level()).toBe('debug');
  expect((await beamline('drift', 'adopted')).exitCode).toBe(0);
});

scenario(here, 'what was deleted by hand is gone, and made again by a repair', async () => {
  await site.kubectl(['delete', 'service', 'web', '-n', NAME]);
  const { exitCode, stdout } = await beamline('drift', 'adopted', '--json');
  expect(exitCode).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    drift: [{ id: 'reviewed/service/web', what: 'gone', fields: [] }],
  });
  succeeded(await beamline('drift', 'adopted', '--repair'));
  expect(await site.live('service', 'web', '{.metadata.name}', NAME)).toBe('web');
  expect((await beamline('drift', 'adopted')).exitCode).toBe(0);
});

scenario(here, 'a secret changed by hand is seen and not shown', async () => {
  const data = {
    url: Buffer.from('postgresql://app:stolen-Passw0rd@evil.example.org').toString('base64'),
  };
  const patch = ['patch', 'secret', 'database', '-n', NAME, '--type=merge'];
  await site.kubectl([...patch, '-p', JSON.stringify({ data })]);
  const { exitCode, stdout } = await beamline('drift', 'adopted');
  expect(exitCode).toBe(2);
  expect(stdout).toContain('~ reviewed/secret/database changed');
  expect(stdout).not.toMatch(/stolen|evil/);
  expect(stdout).not.toContain(data.url.slice(0, 20));
  succeeded(await beamline('drift', 'adopted', '--repair'));
});

/** The engine's preview of a variant, as JSON. */
async function engineSays(
  variant: string,
  env: Readonly<Record<string, string>>,
): Promise<Outcome> {
  return site.pulumi(['preview', '--stack', NAME, '--json', '--non-interactive'], { variant, env });
}
const UNGUARDED = { PULUMI_OPTION_POLICY_PACK: '' };
const changesIn = ({ stdout }: Outcome) =>
  reportSchema
    .parse(JSON.parse(stdout))
    .changes.map(({ id, operation, severity }) => ({ id, operation, severity }));

scenario(here, "the engine's own preview is ranked as ours is", async () => {
  const { stdout } = succeeded(await engineSays('without', UNGUARDED));
  const file = site.write('preview.json', stdout);
  const ranked = await beamline('preview', 'without', '--from-pulumi', file, '--format', 'json');
  const ours = await beamline('preview', 'without', '--format', 'json');
  expect([ranked.exitCode, ours.exitCode]).toEqual([3, 3]);
  expect(changesIn(ranked)).toEqual(changesIn(ours));
  expect(changesIn(ranked)[0]).toEqual({
    ...{ id: 'reviewed/persistentvolumeclaim/data', operation: 'delete', severity: 'critical' },
  });
});

scenario(here, 'also when a policy stopped it', async () => {
  const stopped = await engineSays('without', {});
  expect(stopped.exitCode).not.toBe(0);
  const file = site.write('stopped.json', stopped.stdout);
  const { exitCode, stdout } = await beamline('preview', 'without', '--from-pulumi', file);
  expect([exitCode, stdout]).toEqual([
    3,
    expect.stringContaining('a policy stopped the preview of the engine'),
  ]);
});

scenario(here, 'a preview that was cut off, or failed, is refused and not ranked', async () => {
  const { stdout } = succeeded(await engineSays('without', UNGUARDED));
  const cut = site.write('cut.json', stdout.slice(0, stdout.length / 2));
  expect(await beamline('preview', 'without', '--from-pulumi', cut)).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(
      /^error: the preview was cut off after \d+ characters or is no JSON/,
    ),
  });
  const failed = await engineSays('broken', UNGUARDED);
  expect(failed.exitCode).not.toBe(0);
  const file = site.write('failed.json', failed.stdout);
  expect(await beamline('preview', 'first', '--from-pulumi', file)).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringContaining("the engine's preview did not come to its end"),
  });
});
