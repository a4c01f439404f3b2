import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { CHECKOUT } from '../support/tree';

const ROOMS =
  'bench cli constructs deploy environments migrate plan review sandbox stacks tests upstream'.split(
    ' ',
  );
const CRUISER = join(CHECKOUT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const verdict = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(
      z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) }),
    ),
  }),
});

/** Runs the arrows of the project over a tree: `from -> to breaks rule`. */
async function cruise(folder: string): Promise<{ cruised: number; broken: string[] }> {
  const { stdout, stderr } = await execa(
    process.execPath,
    [
      CRUISER,
      ...['--config', join(CHECKOUT, '.dependency-cruiser.cjs'), '--output-type', 'json'],
      ...ROOMS.filter((room) => existsSync(join(folder, room))),
    ],
    { cwd: folder, reject: false },
  );
  if (stdout === '') throw new Error(stderr);
  const { totalCruised, violations } = verdict.parse(JSON.parse(stdout)).summary;
  const broken = violations.map(({ from, to, rule }) => `${from} -> ${to} breaks ${rule.name}`);
  return { cruised: totalCruised, broken };
}

test('every arrow of the project points where it may', async () => {
  const { cruised, broken } = await cruise(CHECKOUT);
  expect(cruised).toBeGreaterThan(100);
  expect(broken).toEqual([]);
}, 60_000);

/** A tree with one forbidden import a rule: file, what it imports, the rule that refuses it. */
const REFUSED: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ['plan/a.ts', 'stacks/s', 'plan-imports-only-what-it-may'],
  ['stacks/b.ts', 'plan/p', 'stacks-imports-only-what-it-may'],
  ['upstream/a.ts', 'environments/e', 'upstream-imports-only-what-it-may'],
  ['sandbox/a.ts', 'deploy/d', 'sandbox-imports-only-what-it-may'],
  ['deploy/a.ts', 'sandbox/s', 'deploy-imports-only-what-it-may'],
  ['migrate/a.ts', 'sandbox/s', 'migrate-imports-only-what-it-may'],
  ['review/a.ts', 'deploy/d', 'review-imports-only-what-it-may'],
  ['cli/a.ts', 'bench/b', 'cli-imports-only-what-it-may'],
  ['constructs/storage/a.ts', 'constructs/edge/e', 'islands-never-meet'],
  ['constructs/storage/b.ts', 'stacks/s', 'constructs-know-only-constructs'],
  ['constructs/kit/a.ts', 'constructs/edge/e', 'the-kit-knows-no-island'],
  ['environments/one/a.ts', 'environments/two/t', 'environments-never-meet'],
  ['environments/one/b.ts', 'plan/p', 'a-site-describes-and-does-nothing'],
  ['bench/a.ts', 'environments/two/t', 'no-site-is-built-in'],
  ['environments/f.ts', 'plan/p', 'environments-lean-on-the-plan-in-one-place'],
  ['environments/g.ts', 'deploy/d', 'environments-know-no-tool'],
  ['cli/b.ts', 'tests/t', 'nothing-needs-a-test'],
  ['cli/c.ts', '@pulumi/pulumi', 'only-deploy-knows-pulumi'],
  ['cli/d.ts', 'google-protobuf', 'only-deploy-knows-pulumi'],
  ['cli/e.ts', 'cdk8s', 'only-descriptions-and-the-plan-know-cdk8s'],
  ['plan/b.ts', 'node:fs', 'descriptions-touch-nothing'],
  ['constructs/edge/c.ts', 'execa', 'descriptions-touch-nothing'],
  ['environments/h.ts', 'undici', 'reading-is-all-that-touches-the-machine'],
  ['cli/f.ts', 'node:child_process', 'processes-are-started-where-they-are-minded'],
  ['stacks/c.ts', 'stacks/index', 'no-barrels'],
  ['plan/left.ts', 'plan/right', 'no-circles'],
  ['plan/used-by-nobody.ts', 'plan/p', 'everything-is-used'],
  ['plan/c.ts', 'left-pad', 'nothing-unresolvable'],
  ['plan/d.ts', 'rxjs', 'no-undeclared-packages'],
  ['plan/e.ts', 'fast-check', 'no-development-packages-in-what-ships'],
];

/** Files that the forbidden imports lead to. Those that are imported by nobody else count as used. */
const TARGETS = [
  'bench/b.ts',
  'constructs/edge/e.ts',
  'deploy/d.ts',
  'environments/e.ts',
  'environments/two/t.ts',
  'plan/p.ts',
  'sandbox/s.ts',
  'stacks/index.ts',
  'stacks/s.ts',
  'tests/t.ts',
];

describe('a tree that breaks every rule', () => {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-arrows-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const specifier = (file: string, imports: string): string =>
    /^[a-z]+\//.test(imports) ? `${'../'.repeat(file.split('/').length - 1)}${imports}` : imports;

  let broken: readonly string[] = [];
  beforeAll(async () => {
    for (const path of TARGETS) write(path, 'export const it = 1;\n');
    for (const [file, imports] of REFUSED) write(file, `import '${specifier(file, imports)}';\n`);
    write('plan/right.ts', "import './left';\n");
    write('plan/orphan.ts', 'export const it = 1;\n');
    for (const file of ['tsconfig.json', 'package.json'])
      copyFileSync(join(CHECKOUT, file), join(folder, file));
    symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'));
    ({ broken } = await cruise(folder));
  }, 60_000);

  test.each(REFUSED)('rejects that %s imports %s', (file, _imports, rule) => {
    expect(broken.filter((line) => line.startsWith(`${file} ->`)).join('\n')).toContain(
      `breaks ${rule}`,
    );
  });

  test('rejects a file that nothing imports and that imports nothing', () => {
    expect(broken).toContain('plan/orphan.ts -> plan/orphan.ts breaks no-orphans');
  });

  test('every rule teaches, and has an import above that it refuses', () => {
    const config = z
      .object({ forbidden: z.array(z.object({ name: z.string(), comment: z.string().min(40) })) })
      .parse(jest.requireActual('../../.dependency-cruiser.cjs'));
    const tried = new Set(REFUSED.map(([, , rule]) => rule));
    const untried = config.forbidden.map(({ name }) => name).filter((name) => !tried.has(name));
    expect(untried).toEqual(['no-orphans']);
  });
});
