import { reportSchema } from '../../review/report/schema';
import { CHECKOUT } from '../support/tree';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded, type Outcome } from './support/site';

/** Plain `pulumi` with our policy pack: what it stops, what it lets pass, and what it says. */
const NAME = 'guarded';
const PASSWORD = 'correct-horse-battery-staple';
let site: Site;
const here = (): Site => site;

const pulumi = (
  verb: 'preview' | 'up',
  variant: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> => {
  const yes = verb === 'up' ? ['--yes', '--skip-preview'] : [];
  return site.pulumi([verb, '--stack', NAME, '--non-interactive', ...yes], { variant, env });
};
const everything = ({ stdout, stderr }: Outcome): string => `${stdout}${stderr}`;
const claim = (): Promise<string> => site.live('pvc', 'data', '{.metadata.name}', NAME);

beforeAll(async () => {
  site = new Site(NAME, 'guarded.ts');
  // Makes the state, and says that a secret is missing.
  await site.beamline(['up', NAME]);
  const setting = ['--secret', 'beamline:guardedPassword', PASSWORD];
  succeeded(await site.pulumi(['config', 'set', '--stack', NAME, ...setting]));
}, LIMIT_MS);
afterAll(() => site.clear(), LIMIT_MS);

scenario(here, "'beamline env' names the pack, so that plain pulumi needs no flag", async () => {
  const { stdout } = succeeded(await site.beamline(['env', NAME]));
  expect(stdout).toContain(`export PULUMI_OPTION_POLICY_PACK='${CHECKOUT}/cli/policy-pack'`);
});

scenario(here, 'a clean environment passes, and what is to be read is told', async () => {
  const said = everything(succeeded(await pulumi('up', 'first')));
  expect(said).toContain('image/unlocked: guarded: 1 images are named by tag alone');
  expect(said).toMatch(/\[advisory\] +warnings/);
  expect(said).not.toMatch(/\[mandatory\]/);
  expect(await claim()).toBe('data');
});

scenario(here, 'a change that loses data is stopped in the preview', async () => {
  const outcome = await pulumi('preview', 'without');
  const said = everything(outcome);
  expect(outcome.exitCode).not.toBe(0);
  expect(said).toMatch(/\[mandatory\] +data-loss +\(pulumi:pulumi:Stack: beamline-guarded\)/);
  expect(said).toContain('critical: delete guarded/persistentvolumeclaim/data');
  expect(said).toMatch(/lost: .+\n +instead: .+/);
});

scenario(here, 'and in an update without a preview, before anything is done', async () => {
  expect((await pulumi('up', 'without')).exitCode).not.toBe(0);
  expect(await claim()).toBe('data');
});

scenario(here, 'an error of the check is stopped, at its object, with what to do', async () => {
  const outcome = await pulumi('preview', 'closed');
  const said = everything(outcome);
  expect(outcome.exitCode).not.toBe(0);
  expect(said).toMatch(
    /\[mandatory\] +errors +\(kubernetes:core\/v1:Service: guarded\/service\/web\)/,
  );
  expect(said).toContain('port/closed: guarded/service/web: port 80 leads to 9090');
  expect(said).toContain('fix: Name a port of the container as targetPort');
  expect(said).toContain('made by Guarded/Service');
  expect(everything(await pulumi('up', 'closed'))).toContain(
    'nothing is deployed, because of guarded/service/web; ',
  );
  const port = '{.spec.ports[0].targetPort}';
  expect(await site.live('service', 'web', port, NAME)).toBe('8080');
});

scenario(here, 'what the environment accepts passes, until its last day', async () => {
  succeeded(await pulumi('preview', 'accepted'));
  const expired = await pulumi('preview', 'expired');
  expect(expired.exitCode).not.toBe(0);
  expect(everything(expired)).toContain('was accepted until 2020-01-31');
});

scenario(here, 'no secret is in what it says, whatever changes', async () => {
  const said = everything(await pulumi('preview', 'renamed'));
  expect(said).toContain('guarded/secret/passwords');
  for (const secret of [PASSWORD, Buffer.from(PASSWORD).toString('base64')]) {
    expect(said).not.toContain(secret);
  }
});

scenario(here, 'an approval of another preview does not count', async () => {
  const outcome = await pulumi('up', 'without', { BEAMLINE_APPROVED: '0123456789abcdef' });
  expect(outcome.exitCode).not.toBe(0);
  expect(await claim()).toBe('data');
});

scenario(here, 'what was approved in its preview is deployed', async () => {
  const preview = await site.beamline(['preview', NAME, '--format', 'json'], {
    variant: 'without',
  });
  expect(preview.exitCode).toBe(3);
  const { fingerprint } = reportSchema.parse(JSON.parse(preview.stdout));
  succeeded(await pulumi('up', 'without', { BEAMLINE_APPROVED: fingerprint }));
  expect(await claim()).toBe('');
});

/** The fingerprint of what a variant would do now, as a reviewer approves it. */
async function approvalOf(variant: string): Promise<string> {
  const { stdout } = await site.beamline(['preview', NAME, '--format', 'json'], { variant });
  return reportSchema.parse(JSON.parse(stdout)).fingerprint;
}
const upExpecting = (variant: string, fingerprint: string): Promise<Outcome> =>
  site.beamline(['up', NAME, '--expect', fingerprint], { variant });

scenario(here, 'of two approvals from the same state, only the first is deployed', async () => {
  const [first, second] = [await approvalOf('first'), await approvalOf('renamed')];
  succeeded(await upExpecting('first', first));
  const { exitCode, stderr } = await upExpecting('renamed', second);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /is not what was approved: the preview's fingerprint is \w{16}, not \w{16}/,
  );
  const url = await site.live('secret', 'passwords', '{.data.database}', NAME);
  expect(Buffer.from(url, 'base64').toString()).toContain('@db.example.org/');
});

scenario(here, 'the same approval twice at once is deployed once', async () => {
  const approved = await approvalOf('renamed');
  const both = await Promise.all([
    upExpecting('renamed', approved),
    upExpecting('renamed', approved),
  ]);
  const deployed = both.filter(({ stdout }) => stdout.includes('1 updated'));
  expect(deployed).toHaveLength(1);
  const [other] = both.filter((outcome) => !deployed.includes(outcome));
  expect(`${other?.stdout}${other?.stderr}`).toMatch(
    /is locked|nothing to do|not what was approved/,
  );
});

scenario(here, 'an approval of a commit that has changed since is refused', async () => {
  const approved = await approvalOf('first');
  const { exitCode, stderr } = await upExpecting('without', approved);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('is not what was approved')]);
  expect(await claim()).toBe('data');
});
