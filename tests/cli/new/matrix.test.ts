import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { execa } from 'execa';
import ts from 'typescript';

import { judged } from '../../../cli/judged';
import { newSite, type NewSite } from '../../../cli/new/answers';
import { filesOf } from '../../../cli/new/files';
import { writeSite } from '../../../cli/new/write';
import { loadEnvironment, planEnvironment } from '../../../environments/load';
import { ensureUpstream } from '../../../upstream/fetch';
import { silentReport } from '../../../upstream/progress';
import { longest, pairwise } from './matrix';

const CHECKOUT = resolve(__dirname, '..', '..', '..');
const context = { report: silentReport, signal: new AbortController().signal };
const former = process.env['BEAMLINE_ENVIRONMENTS'];
const folder = mkdtempSync(join(tmpdir(), 'beamline-matrix-'));
const chosen = pairwise().map(({ flags }, index) => ({ name: `site-${index + 1}`, flags }));

beforeAll(() => {
  process.env['BEAMLINE_ENVIRONMENTS'] = folder;
  for (const { name, flags } of chosen) writeSite(folder, newSite(name, flags));
});
afterAll(() => {
  if (former === undefined) delete process.env['BEAMLINE_ENVIRONMENTS'];
  else process.env['BEAMLINE_ENVIRONMENTS'] = former;
  rmSync(folder, { recursive: true });
});

test('every two answers that can meet do', () => {
  expect(chosen.length).toBeGreaterThan(20);
  expect(chosen.length).toBeLessThan(60);
  const scaled = chosen.filter(({ flags }) => flags.scale !== undefined);
  expect(scaled.length).toBeGreaterThan(3);
});

test.each(longest().map(({ flags }) => flags))('the longest, %j, is at most 80 lines', (flags) => {
  expect(compositionOf(newSite('a-site-with-quite-a-long-name', flags))).toBeLessThanOrEqual(80);
});

test.each(chosen)(
  '$name of $flags plans and passes the check in at most 80 lines',
  async ({ name, flags }) => {
    expect(compositionOf(newSite(name, flags))).toBeLessThanOrEqual(80);
    const environment = loadEnvironment(name);
    const plan = await planEnvironment(environment, (pin) => ensureUpstream(pin));
    const { findings } = await judged({ plan, environment }, false, context);
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ rule, reason }) => `${rule}: ${reason}`)).toEqual([]);
  },
  120_000,
);

test('all of them are written as the formatter of the checkout would', async () => {
  const drafts = join(folder, 'drafts');
  for (const { name, flags } of chosen) {
    mkdirSync(join(drafts, name), { recursive: true });
    for (const [file, text] of filesOf(newSite(name, flags), '../..')) {
      writeFileSync(join(drafts, name, file), text);
    }
  }
  const prettier = join(CHECKOUT, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
  const config = join(CHECKOUT, '.prettierrc.json');
  const { stdout } = await execa(
    process.execPath,
    [prettier, '--config', config, '--list-different', drafts],
    { reject: false },
  );
  rmSync(drafts, { recursive: true });
  expect(stdout).toBe('');
}, 120_000);

test('all of them compile, as strictly as the checkout', () => {
  const { config } = ts.readConfigFile(join(CHECKOUT, 'tsconfig.json'), (path) =>
    readFileSync(path, 'utf8'),
  );
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, CHECKOUT);
  const roots = chosen.map(({ name }) => join(folder, name, 'index.ts'));
  const program = ts.createProgram(roots, {
    ...options,
    noEmit: true,
    typeRoots: [join(CHECKOUT, 'node_modules', '@types')],
  });
  const problems = program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(folder))
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ])
    .map(
      ({ file, messageText }) =>
        `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  expect(problems).toEqual([]);
}, 300_000);

/** How many lines the composition of a site has. */
function compositionOf(site: NewSite): number {
  return (filesOf(site, '../..').get('index.ts') ?? '').trimEnd().split('\n').length;
}
