import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { hint } from '../../constructs/kit/hints';
import { environmentNames, loadEnvironment, planEnvironment } from '../../environments/load';
import { objectsOf, type Plan } from '../../plan/model';
import { renderPlan } from '../../plan/render';
import { ensureUpstream } from '../../upstream/fetch';
import { goldenProblems, goldensOf, writeGoldens } from '../support/golden';
import { object, planOfChart } from '../support/plan';
import { CHECKOUT } from '../support/tree';

const GOLDEN = join(CHECKOUT, 'tests', 'golden');
const names = environmentNames();

/** Builds an environment anew and plans it. */
function plan(name: string): Promise<Plan> {
  return planEnvironment(loadEnvironment(name), (pin) => ensureUpstream(pin));
}

test('the neutral pair of sites is here', () => {
  expect(names).toEqual(expect.arrayContaining(['dev', 'production']));
});

test.each(names)(
  '%s is planned as its goldens say',
  async (name) => {
    const now = await plan(name);
    const folder = join(GOLDEN, name);
    if (process.env['BEAMLINE_GOLDEN'] === 'write') writeGoldens(folder, now);
    expect(goldenProblems(folder, now).join('\n')).toBe('');
  },
  120_000,
);

test('no golden is left of an environment that is gone', () => {
  const left = existsSync(GOLDEN)
    ? readdirSync(GOLDEN).filter((name) => name !== 'admission' && !names.includes(name))
    : [];
  expect(left).toEqual([]);
});

test.each(names)(
  '%s is rendered to the same bytes twice, without marks of the deployment',
  async (name) => {
    const text = renderPlan(await plan(name));
    expect(renderPlan(await plan(name))).toBe(text);
    expect(text).not.toContain('pulumi.com/');
    expect(text.match(/^---$/gm)).toHaveLength(objectsOf(await plan(name)).length);
  },
  120_000,
);

describe('goldens', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'beamline-golden-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const example = (level: string): Plan =>
    planOfChart((chart) => {
      object(chart, 'v1 ConfigMap it', { data: { level } });
      const upstream = { name: 'traefik-crds', version: 'v3.6.12' };
      hint(object(chart, 'v1 Namespace theirs', { spec: { text: 'their words' } }), { upstream });
    });

  test('one file a namespace; of what is upstream’s there is a checksum and no text', () => {
    const files = goldensOf(example('info'));
    expect([...files.keys()]).toEqual(['_cluster.yaml', 'ns.yaml']);
    expect(files.get('_cluster.yaml')).toMatch(
      /^---\n# _\/namespace\/theirs is in traefik-crds v3\.6\.12, sha256 [0-9a-f]{64}\n$/,
    );
    expect(files.get('ns.yaml')).toContain('  level: info\n');
  });

  test('what was just written is as planned', () => {
    writeGoldens(folder, example('info'));
    expect(goldenProblems(folder, example('info'))).toEqual([]);
  });

  test('rejects a change, naming the file, the line and what to run', () => {
    writeGoldens(folder, example('info'));
    expect(goldenProblems(folder, example('debug'))).toEqual([
      [
        "tests/golden/test/ns.yaml is not what is planned; if that is meant, run 'npm run golden' and commit what it writes",
        '    line 12:',
        '          app.kubernetes.io/managed-by: beamline',
        '          beamline/environment: test',
        '        name: it',
        '        namespace: ns',
        '      data:',
        '    -   level: info',
        '    - ',
        '    +   level: debug',
        '    + ',
      ].join('\n'),
    ]);
  });

  test('rejects a file that is left over and one that is missing', () => {
    writeFileSync(join(folder, 'old.yaml'), '');
    expect(goldenProblems(folder, example('info'))).toEqual([
      "tests/golden/test/_cluster.yaml is missing; if that is meant, run 'npm run golden' and commit what it writes",
      "tests/golden/test/ns.yaml is missing; if that is meant, run 'npm run golden' and commit what it writes",
      'tests/golden/test/old.yaml is left over: the plan has nothing there; ' +
        "if that is meant, run 'npm run golden' and commit what it writes",
    ]);
  });
});
