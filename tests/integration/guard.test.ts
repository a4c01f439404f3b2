import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

describe('an environment pinned to a cluster', () => {
  let site: Site;
  let server = '';
  let clusterId = '';
  let context = '';
  beforeAll(async () => {
    site = new Site('pinned', 'pinned');
    server = (
      await site.kubectl(['config', 'view', '-o', 'jsonpath={.clusters[0].cluster.server}'])
    ).trim();
    context = (await site.kubectl(['config', 'current-context'])).trim();
    clusterId = await site.live('namespace', 'kube-system', '{.metadata.uid}');
  }, LIMIT_MS);
  afterAll(async () => {
    await site.beamline(['down', 'pinned'], { env: pinned(), variant: 'disposable' });
    await site.clear();
  }, LIMIT_MS);
  const story = (sentence: string, steps: () => Promise<void>): void =>
    scenario(() => site, sentence, steps);
  const pinned = (overrides: Readonly<Record<string, string>> = {}): Record<string, string> => ({
    KUBECONFIG: site.kubeconfig,
    BEAMLINE_TEST_CONTEXT: context,
    BEAMLINE_TEST_SERVER: server,
    BEAMLINE_TEST_CLUSTER: clusterId,
    PULUMI_CONFIG_PASSPHRASE: 'correct horse',
    ...overrides,
  });
  const up = (
    overrides: Readonly<Record<string, string>>,
    variant?: string,
  ): ReturnType<Site['beamline']> =>
    site.beamline(['up', 'pinned'], {
      env: pinned(overrides),
      ...(variant === undefined ? {} : { variant }),
    });
  const nothing = async (): Promise<void> =>
    expect(await site.live('namespace', 'pinned', '{.metadata.name}')).toBe('');

  story('rejects a kubeconfig without its context', async () => {
    const { exitCode, stderr } = await up({ BEAMLINE_TEST_CONTEXT: 'elsewhere' });
    expect(stderr).toContain(
      `environment 'pinned' wants the kubeconfig context 'elsewhere'; the kubeconfig has '${context}'`,
    );
    expect(exitCode).toBe(1);
  });

  story('rejects another API server, and says which one it found', async () => {
    const { exitCode, stderr } = await up({ BEAMLINE_TEST_SERVER: 'https://api.example.org:6443' });
    expect(stderr).toContain(
      `environment 'pinned' is pinned to the API server https://api.example.org:6443, but context '${context}' leads to ${server}, the cluster ${clusterId}; nothing was deployed`,
    );
    expect(exitCode).toBe(1);
    await nothing();
  });

  story(
    'rejects another cluster behind the same address, and says which one it found',
    async () => {
      const other = '11111111-2222-4333-8444-555555555555';
      const { exitCode, stderr } = await up({ BEAMLINE_TEST_CLUSTER: other });
      expect(stderr).toContain(
        `environment 'pinned' is pinned to the cluster ${other}, but ${server} is the cluster ${clusterId}; nothing was deployed`,
      );
      expect(exitCode).toBe(1);
      await nothing();
    },
  );

  story('rejects another cluster in plain pulumi as well', async () => {
    const env = pinned();
    succeeded(await site.beamline(['up', 'pinned'], { env, variant: 'disposable' }));
    const { exitCode, stdout, stderr } = await site.pulumi(
      ['up', '--stack', 'pinned', '--yes', '--skip-preview', '--non-interactive'],
      {
        env: { ...env, BEAMLINE_TEST_CLUSTER: '11111111-2222-4333-8444-555555555555' },
      },
    );
    expect(`${stdout}${stderr}`).toContain(
      `but ${server} is the cluster ${clusterId}; nothing was deployed`,
    );
    expect(exitCode).not.toBe(0);
  });

  story('rejects a wrong passphrase, and says how the right one is given', async () => {
    const { exitCode, stderr } = await up({ PULUMI_CONFIG_PASSPHRASE: 'wrong' });
    expect(stderr).toContain(
      "error: the passphrase of environment 'pinned' is wrong; set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE to the one its secrets were encrypted with",
    );
    expect(exitCode).toBe(1);
  });

  story('keeps data: rejects to remove what is protected, and names it', async () => {
    succeeded(await up({}));
    const { exitCode, stderr } = await site.beamline(['down', 'pinned'], { env: pinned() });
    expect(stderr).toContain(
      "environment 'pinned' keeps its data, so 2 objects are protected; nothing was removed.",
    );
    expect(stderr).toContain('\n  - _/namespace/pinned\n  - pinned/persistentvolumeclaim/data');
    expect(exitCode).toBe(1);
    expect(await site.live('pvc', 'data', '{.metadata.name}', 'pinned')).toBe('data');
  });

  story('lets data go once the environment says that it is disposable', async () => {
    succeeded(await up({}, 'disposable'));
    succeeded(await site.beamline(['down', 'pinned'], { env: pinned(), variant: 'disposable' }));
    expect(await site.live('namespace', 'pinned', '{.metadata.name}')).toBe('');
  });

  story('gives up on an unreachable cluster at once, in words', async () => {
    const dead = (await site.kubectl(['config', 'view', '--raw'])).replace(
      server,
      'https://127.0.0.1:1',
    );
    const kubeconfig = site.write('dead.kubeconfig', dead);
    const { exitCode, stderr } = await up({
      KUBECONFIG: kubeconfig,
      BEAMLINE_TEST_SERVER: 'https://127.0.0.1:1',
    });
    expect(stderr).toContain(
      "the API server https://127.0.0.1:1 of environment 'pinned' cannot be reached: connect ECONNREFUSED 127.0.0.1:1",
    );
    expect(exitCode).toBe(1);
  });
});

describe("objects that are somebody else's", () => {
  let site: Site;
  beforeAll(async () => {
    site = new Site('foreign', 'foreign');
    await site.kubectl(['create', 'namespace', 'foreign']);
    await site.kubectl([
      'create',
      'configmap',
      'taken',
      '-n',
      'foreign',
      '--from-literal=owner=somebody',
    ]);
  }, LIMIT_MS);
  afterAll(() => site.clear(), LIMIT_MS);

  scenario(
    () => site,
    'are refused, each by name, and left as they are',
    async () => {
      const { exitCode, stderr } = await site.beamline(['up', 'foreign']);
      expect(stderr).toContain(
        "environment 'foreign' would take over objects that are not its own; rename ours, remove theirs, or list them under 'adopt' in the environment:\n" +
          "  - '_/namespace/foreign' belongs to somebody else\n  - 'foreign/configmap/taken' belongs to somebody else",
      );
      expect(exitCode).toBe(1);
      expect(await site.live('configmap', 'taken', '{.data.owner}', 'foreign')).toBe('somebody');
    },
  );

  scenario(
    () => site,
    'are taken over when the environment lists them',
    async () => {
      const uid = await site.live('configmap', 'taken', '{.metadata.uid}', 'foreign');
      succeeded(await site.beamline(['up', 'foreign'], { variant: 'adopting' }));
      expect(
        await site.live('configmap', 'taken', '{.metadata.uid} {.data.owner}', 'foreign'),
      ).toBe(`${uid} us`);
    },
  );
});
