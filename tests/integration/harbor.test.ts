import { reportSchema } from '../../review/report/schema';
import { harborContract } from '../../sandbox/harbor/contract';
import { HarborStandIn } from '../../sandbox/harbor/harbor-stand-in';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

/** What is inside a Harbor, through the engine and our provider. The Harbor is a mock that holds requests to Harbor's own contract. */
let site: Site;
const standIn = new HarborStandIn(harborContract, true);
const harbor = standIn.harbor('site');
const here = (): Site => site;
const NAME = 'harbor-story';

const beamline = (verb: string, ...more: string[]) => withVariant('first', verb, ...more);
const withVariant = (variant: string, verb: string, ...more: string[]) =>
  site.beamline([verb, NAME, ...more], {
    variant,
    env: { BEAMLINE_TEST_HARBOR: standIn.connection('site').url },
  });
const theProject = () => {
  const [project] = harbor.all('projects').values();
  if (project === undefined) throw new Error('there is no project');
  return project;
};

beforeAll(async () => {
  await standIn.start();
  site = new Site(NAME, 'harbor.ts');
}, LIMIT_MS);

afterAll(async () => {
  await site.beamline(['down', NAME], {
    env: { BEAMLINE_TEST_HARBOR: standIn.connection('site').url },
  });
  await site.clear();
  await standIn.stop();
}, LIMIT_MS);

scenario(here, 'a deployment makes what is to be inside', async () => {
  succeeded(await beamline('up'));
  expect(theProject()).toMatchObject({ name: 'cms', metadata: { prevent_vul: 'true' } });
  expect([...harbor.all('robots').values()]).toMatchObject([{ name: 'robot$cms+puller' }]);
  expect(standIn.problems).toEqual([]);
});

scenario(here, 'the pull Secret holds the token that Harbor was given, twice', async () => {
  const data = await site.live('secret', 'pull-cms-puller', '{.data.\\.dockerconfigjson}', NAME);
  const config: unknown = JSON.parse(Buffer.from(data, 'base64').toString('utf8'));
  const [token = ''] = harbor.tokens.values();
  const auth = Buffer.from(`robot$cms+puller:${token}`).toString('base64');
  expect(config).toEqual({
    auths: { 'registry.example.org': { username: 'robot$cms+puller', password: token, auth } },
  });
});

scenario(here, 'a second deployment changes nothing', async () => {
  standIn.takeChanges();
  const { stdout } = succeeded(await beamline('up'));
  expect(stdout).toContain('nothing to do');
  expect(standIn.takeChanges()).toEqual([]);
});

scenario(here, 'a change is previewed, and arrives', async () => {
  const preview = await withVariant('grown', 'preview', '--format', 'json');
  expect(preview.exitCode).toBe(2);
  expect(preview.stdout).toContain('quotaGiB');
  succeeded(await withVariant('grown', 'up'));
  expect([...harbor.all('quotas').values()]).toMatchObject([
    { hard: { storage: 300 * 1024 ** 3 } },
  ]);
  succeeded(await beamline('up'));
});

scenario(here, 'the end of a project is the worst that a preview can say', async () => {
  const { exitCode, stdout } = await withVariant('emptied', 'preview', '--format', 'json');
  expect(exitCode).toBe(3);
  const { changes } = reportSchema.parse(JSON.parse(stdout));
  expect(changes.map(({ id, operation, severity }) => [id, operation, severity])).toEqual(
    expect.arrayContaining([
      ['harbor-story/harborproject.harbor.beamline/cms', 'delete', 'critical'],
      ['harbor-story/harborrobot.harbor.beamline/cms.puller', 'delete', 'high'],
    ]),
  );
});

scenario(here, 'drift by hand is seen, with and without a refresh, and repaired', async () => {
  const project = theProject();
  const metadata = { public: 'true', auto_scan: 'true', prevent_vul: 'true', severity: 'critical' };
  harbor.all('projects').set(Number(project['project_id']), { ...project, metadata });
  const drifted = await beamline('drift');
  expect(drifted.exitCode).toBe(2);
  expect(drifted.stdout).toMatch(
    /~ harbor-story\/harborproject\.harbor\.beamline\/cms changed .*\n +spec\.public: false → true\n/,
  );
  const seen = await beamline('preview', '--refresh', '--format', 'json');
  expect(seen).toMatchObject({ exitCode: 2 });
  expect(seen.stdout).toContain('harborproject.harbor.beamline/cms');
  succeeded(await beamline('refresh'));
  expect((await beamline('preview')).exitCode).toBe(2);
  succeeded(await beamline('up'));
  expect(theProject()).toMatchObject({ metadata: { public: 'false' } });
});

scenario(here, 'what was deleted by hand is made again', async () => {
  harbor.all('robots').clear();
  succeeded(await beamline('refresh'));
  succeeded(await beamline('up'));
  expect(harbor.all('robots').size).toBe(1);
});

scenario(here, 'neither a token nor the password of admin is in any file or output', async () => {
  const { stdout, stderr } = await beamline('preview', '--refresh', '--format', 'json');
  const texts = [...site.everyFile(), stdout, stderr];
  const secrets = [...harbor.tokens.values(), ...standIn.passwords];
  expect(secrets.length).toBeGreaterThan(1);
  for (const secret of secrets.filter((value) => !value.startsWith('('))) {
    const encoded = Buffer.from(secret).toString('base64');
    expect(texts.filter((text) => text.includes(secret) || text.includes(encoded))).toEqual([]);
  }
});

scenario(here, 'removing the environment clears what was inside', async () => {
  succeeded(await beamline('down'));
  expect(harbor.all('projects').size).toBe(0);
  expect(harbor.all('robots').size).toBe(0);
  expect(standIn.problems).toEqual([]);
});
