import fc from 'fast-check';

import { MUTATIONS, type Mutation } from './fixtures/mutations';
import { LIMIT_MS, scenario } from './support/scenario';
import { Site, succeeded } from './support/site';

/** Sets of changes that are tried beside each change by itself; every one costs a preview by the engine. */
const SAMPLES = 8;

interface EngineStep {
  readonly op: string;
  readonly urn: string;
}

describe("the preview's verdict", () => {
  let site: Site;
  beforeAll(() => {
    site = new Site('verdict', 'verdict');
  });
  afterAll(() => site.clear(), LIMIT_MS);

  /** What the engine's own preview would do, by object. */
  async function engines(variant: string): Promise<Map<string, string>> {
    const { exitCode, stdout, stderr } = await site.pulumi(
      ['preview', '--stack', 'verdict', '--json', '--non-interactive'],
      // What it would do is asked here, not whether the policies let it.
      { variant, env: { PULUMI_OPTION_POLICY_PACK: '' } },
    );
    const { steps, diagnostics }: { steps?: EngineStep[]; diagnostics?: object[] } = JSON.parse(
      stdout === '' ? '{}' : stdout,
    );
    if (exitCode !== 0 || steps === undefined)
      throw new Error(`the engine's preview failed: ${JSON.stringify(diagnostics)}${stderr}`);
    const verdicts = new Map<string, string>();
    for (const { op, urn } of steps) {
      const [, , type = '', id = ''] = urn.split('::');
      if (!type.startsWith('kubernetes:') || op === 'same') continue;
      verdicts.set(id, /replace/.test(op) ? 'replace' : op);
    }
    return verdicts;
  }

  async function ours(variant: string): Promise<Map<string, string>> {
    const { stdout, stderr } = await site.beamline(['preview', 'verdict', '--format', 'json'], {
      variant,
    });
    const { changes }: { changes?: { id: string; operation: string }[] } = JSON.parse(
      stdout === '' ? '{}' : stdout,
    );
    if (changes === undefined) throw new Error(`our preview failed: ${stderr}`);
    return new Map(changes.map(({ id, operation }) => [id, operation]));
  }

  async function expectSame(mutations: readonly Mutation[]): Promise<void> {
    const variant = mutations.join(',');
    const [engine, own] = [await engines(variant), await ours(variant)];
    expect([variant, Object.fromEntries([...own].sort())]).toEqual([
      variant,
      Object.fromEntries([...engine].sort()),
    ]);
  }

  scenario(
    () => site,
    'is that nothing changes right after a deployment',
    async () => {
      succeeded(await site.beamline(['up', 'verdict']));
      await expectSame([]);
    },
  );

  scenario(
    () => site,
    'is the same as the engine gives, for all changes at once',
    () => expectSame([...MUTATIONS]),
  );

  scenario(
    () => site,
    'is the same as the engine gives, for sets of changes drawn at random',
    async () => {
      const sets = fc.sample(fc.subarray([...MUTATIONS], { minLength: 1, maxLength: 12 }), SAMPLES);
      for (const set of sets) await expectSame(set);
    },
  );

  scenario(
    () => site,
    'is the same as the engine gives after somebody changed things by hand and a refresh',
    async () => {
      await site.kubectl([
        'patch',
        'configmap',
        'config',
        '-n',
        'verdict',
        '-p',
        '{"data":{"level":"by-hand"}}',
      ]);
      await site.kubectl(['delete', 'configmap', 'other', '-n', 'verdict']);
      succeeded(await site.beamline(['refresh', 'verdict']));
      await expectSame([]);
      await expectSame(['config-data', 'service-port']);
    },
  );
});
