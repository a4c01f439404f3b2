import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

const NAMESPACE = 'lifecycle';
const API_KEY = 'k3y-that-must-never-show-8c1f';

describe('an environment, from its first deployment to its removal', () => {
  let site: Site;
  let generated = '';
  beforeAll(() => {
    site = new Site('lifecycle', 'lifecycle');
  });
  afterAll(() => site.clear(), LIMIT_MS);
  const story = (sentence: string, steps: () => Promise<void>): void =>
    scenario(() => site, sentence, steps);
  const level = (name = 'settings'): Promise<string> =>
    site.live('configmap', name, '{.data.level}', NAMESPACE);
  const password = async (key: string): Promise<string> =>
    Buffer.from(
      await site.live('secret', 'passwords', `{.data.${key}}`, NAMESPACE),
      'base64',
    ).toString();

  story(
    'names the encrypted settings that are missing, and the command that sets them',
    async () => {
      const { exitCode, stderr } = await site.beamline(['up', 'lifecycle']);
      expect(stderr).toContain(
        "environment 'lifecycle' needs encrypted settings that are not set:\n  - pulumi config set --secret beamline:apiKey -s lifecycle",
      );
      expect(exitCode).toBe(1);
      expect(await site.live('namespace', NAMESPACE, '{.metadata.name}')).toBe('');
    },
  );

  story('deploys everything and waits until it is ready', async () => {
    const set = ['config', 'set', '--secret', 'beamline:apiKey', API_KEY, '--stack', 'lifecycle'];
    succeeded(await site.pulumi(set));
    expect(succeeded(await site.beamline(['up', 'lifecycle'])).stdout).toBe(
      'lifecycle: 10 created',
    );
    expect(await site.live('deployment', 'web', '{.status.availableReplicas}', NAMESPACE)).toBe(
      '1',
    );
    expect(await site.live('widgets.lifecycle.example.org', 'one', '{.spec.size}', NAMESPACE)).toBe(
      '1',
    );
    generated = await password('generated');
    expect(generated).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(await password('url')).toBe(`postgresql://app:${API_KEY}@db.example.org/app`);
  });

  story(
    'finds nothing to do afterwards, in its own preview, in up, and in the engine',
    async () => {
      const preview = await site.beamline(['preview', 'lifecycle', '--refresh']);
      expect(preview).toMatchObject({ exitCode: 0, stdout: 'lifecycle: 10 unchanged' });
      const again = await site.beamline(['up', 'lifecycle']);
      expect(again).toMatchObject({
        exitCode: 0,
        stdout: 'lifecycle: nothing to do, 10 objects are as planned',
      });
      const engine = await site.pulumi([
        'preview',
        '--stack',
        'lifecycle',
        '--non-interactive',
        '--expect-no-changes',
      ]);
      expect(engine).toMatchObject({ exitCode: 0 });
    },
  );

  story('shows the fields that change and changes them', async () => {
    const preview = await site.beamline(['preview', 'lifecycle'], { variant: 'changed' });
    expect(preview.stdout.split('\n')).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^~ lifecycle\/configmap\/settings /),
        '    data.level: info → debug',
        expect.stringMatching(/^~ lifecycle\/deployment\.apps\/web /),
        '    spec.replicas: 1 → 2',
        expect.stringMatching(/^~ lifecycle\/widget\.lifecycle\.example\.org\/one /),
        '    spec.size: 1 → 2',
        expect.stringMatching(/^lifecycle: 3 to update, 7 unchanged /),
      ]),
    );
    expect(preview.exitCode).toBe(2);
    expect(await level()).toBe('info');
    succeeded(await site.beamline(['up', 'lifecycle'], { variant: 'changed' }));
    expect(await level()).toBe('debug');
    expect(await site.live('deployment', 'web', '{.status.availableReplicas}', NAMESPACE)).toBe(
      '2',
    );
    expect(await password('generated')).toBe(generated);
  });

  story('follows a rename listed under moved as one replacement', async () => {
    const preview = await site.beamline(['preview', 'lifecycle', '--format', 'json'], {
      variant: 'renamed',
    });
    const { changes }: { changes: { id: string; operation: string }[] } = JSON.parse(
      preview.stdout,
    );
    expect(changes).toContainEqual(
      expect.objectContaining({ id: 'lifecycle/configmap/options', operation: 'replace' }),
    );
    expect(changes.map(({ id }) => id)).not.toContain('lifecycle/configmap/settings');
    succeeded(await site.beamline(['up', 'lifecycle'], { variant: 'renamed' }));
    expect(await level('settings')).toBe('');
    expect(await level('options')).toBe('info');
    succeeded(await site.beamline(['up', 'lifecycle']));
  });

  story('replaces what cannot be changed in place, deleting first', async () => {
    const preview = await site.beamline(['preview', 'lifecycle'], { variant: 'class' });
    expect(preview.stdout).toMatch(
      /^± _\/storageclass\.storage\.k8s\.io\/lifecycle .*(\n .*)*\n {4}reclaimPolicy: Delete → Retain/m,
    );
    succeeded(await site.beamline(['up', 'lifecycle'], { variant: 'class' }));
    expect(await site.live('storageclass', 'lifecycle', '{.reclaimPolicy}')).toBe('Retain');
  });

  story('makes a new value of a generated secret when its rotation is raised', async () => {
    succeeded(await site.beamline(['up', 'lifecycle'], { variant: 'rotated' }));
    const rotated = await password('generated');
    expect(rotated).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(rotated).not.toBe(generated);
  });

  story('removes what left the plan', async () => {
    const preview = await site.beamline(['preview', 'lifecycle'], { variant: 'smaller' });
    expect(preview.stdout).toMatch(/^- lifecycle\/deployment\.apps\/extra /m);
    succeeded(await site.beamline(['up', 'lifecycle'], { variant: 'smaller' }));
    expect(await site.live('deployment', 'extra', '{.metadata.name}', NAMESPACE)).toBe('');
    expect(await site.live('service', 'extra', '{.metadata.name}', NAMESPACE)).toBe('');
  });

  story(
    'sees what somebody changed by hand, records it on refresh, and puts it right',
    async () => {
      const variant = 'smaller';
      await site.kubectl([
        'patch',
        'configmap',
        'settings',
        '-n',
        NAMESPACE,
        '-p',
        '{"data":{"level":"by-hand"}}',
      ]);
      succeeded(await site.beamline(['preview', 'lifecycle'], { variant }));
      const drift = await site.beamline(['preview', 'lifecycle', '--refresh'], { variant });
      expect(drift).toMatchObject({
        exitCode: 2,
        stdout: expect.stringContaining('    data.level: by-hand → info'),
      });
      succeeded(await site.beamline(['refresh', 'lifecycle'], { variant }));
      expect((await site.beamline(['preview', 'lifecycle'], { variant })).stdout).toContain(
        '    data.level: by-hand → info',
      );
      succeeded(await site.beamline(['up', 'lifecycle'], { variant }));
      expect(await level()).toBe('info');
    },
  );

  story(
    'keeps every secret out of the state, the settings, the logs and what it prints',
    async () => {
      const printed = [
        await site.beamline(['render', 'lifecycle']),
        await site.beamline(['preview', 'lifecycle', '--format', 'json']),
        await site.pulumi(['stack', 'export', '--stack', 'lifecycle']),
        await site.pulumi(['preview', '--stack', 'lifecycle', '--non-interactive', '--diff'], {
          variant: 'rotated',
        }),
      ].flatMap(({ stdout, stderr }) => [stdout, stderr]);
      const now = await password('generated');
      const secrets = [API_KEY, generated, now].flatMap((value) => [
        value,
        Buffer.from(value).toString('base64'),
      ]);
      const texts = [...printed, ...site.everyFile()];
      expect(texts.length).toBeGreaterThan(20);
      for (const value of secrets) expect(texts.filter((text) => text.includes(value))).toEqual([]);
    },
  );

  story('works with plain pulumi as with its own command', async () => {
    const up = await site.pulumi(
      ['up', '--stack', 'lifecycle', '--yes', '--skip-preview', '--non-interactive'],
      { variant: 'changed' },
    );
    expect(up).toMatchObject({ exitCode: 0 });
    expect(await level()).toBe('debug');
    succeeded(await site.beamline(['preview', 'lifecycle'], { variant: 'changed' }));
  });

  story('removes everything, and deploys it again', async () => {
    succeeded(await site.beamline(['down', 'lifecycle']));
    expect(await site.live('namespace', NAMESPACE, '{.metadata.name}')).toBe('');
    expect(await site.live('crd', 'widgets.lifecycle.example.org', '{.metadata.name}')).toBe('');
    succeeded(await site.beamline(['up', 'lifecycle']));
    expect(await level()).toBe('info');
  });
});
