import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { CHECKOUT } from '../../support/tree';

/** Tracing begins once for a process, so each question gets one of its own. */
function linesOf(program: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'beamline-source-'));
  const file = join(folder, 'site.ts');
  writeFileSync(file, program.replaceAll('CHECKOUT', CHECKOUT).replaceAll('HERE', folder));
  const args = ['--require', join(CHECKOUT, 'deploy', 'typescript.cjs'), file];
  const text = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(folder, 'HERE'));
}

const PROGRAM = `import { App, Chart } from 'CHECKOUT/node_modules/cdk8s';
import { customObject } from 'CHECKOUT/constructs/kit/objects';
import { sourceOf, traceSources } from 'CHECKOUT/constructs/kit/source';
TRACE
const chart = new Chart(new App(), 'chart', { namespace: 'ns' });
const it = customObject(chart, 'it', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'it' } });
process.stdout.write(sourceOf(it).map((line) => line + '\\n').join(''));
`;

test("an object knows the environment's line that made it, also where the environment is kept elsewhere", () => {
  expect(linesOf(PROGRAM.replace('TRACE', 'traceSources();'))[0]).toBe('HERE/site.ts:6');
});

test('nothing is remembered unless a command asks for it', () => {
  expect(linesOf(PROGRAM.replace('TRACE', 'void traceSources;'))).toEqual([]);
});
