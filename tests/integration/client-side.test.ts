import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

const NAME = 'client-side';

describe('a target without server-side apply', () => {
  let site: Site;
  beforeAll(() => {
    site = new Site(NAME, 'client-side');
  });
  afterAll(() => site.clear(), LIMIT_MS);

  scenario(
    () => site,
    'is deployed by client-side apply, and nothing differs afterwards',
    async () => {
      expect(succeeded(await site.beamline(['up', NAME])).stdout).toBe('client-side: 3 created');
      const preview = await site.beamline(['preview', NAME, '--refresh']);
      expect(preview).toMatchObject({ exitCode: 0, stdout: 'client-side: 3 unchanged' });
      const flags = ['--stack', NAME, '--non-interactive', '--expect-no-changes'];
      succeeded(await site.pulumi(['preview', ...flags]));
    },
  );

  scenario(
    () => site,
    'changes what changes and nothing else',
    async () => {
      const variant = 'changed';
      const preview = await site.beamline(['preview', NAME], { variant });
      expect(preview.stdout).toMatch(
        /^~ client-side\/configmap\/config .*\n {4}data\.level: info → debug\n\nclient-side: 1 to update, 2 unchanged \(1 low\)$/,
      );
      succeeded(await site.beamline(['up', NAME], { variant }));
      expect(await site.live('configmap', 'config', '{.data.level}', NAME)).toBe('debug');
      succeeded(await site.beamline(['down', NAME], { variant }));
      expect(await site.live('namespace', NAME, '{.metadata.name}')).toBe('');
    },
  );
});
