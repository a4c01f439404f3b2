import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { UpstreamMissing, type UpstreamPin } from '../../constructs/kit/upstream';
import { defineEnvironment, type Environment } from '../../environments/environment';
import {
  environmentNames,
  environmentsFolder,
  loadEnvironment,
  planEnvironment,
  planNow,
} from '../../environments/load';
import { objectsOf } from '../../plan/model';
import { Chart } from 'cdk8s';

import { messageFrom, messageOf } from '../support/message';
import { object } from '../support/plan';
import { CHECKOUT } from '../support/tree';

const MODULE = resolve(CHECKOUT, 'environments', 'environment');
const DEFINED = `import { defineEnvironment } from '${MODULE}';\n`;

/** The text of an entry that exports an environment under a name. */
function entry(exported: string, name: string): string {
  return `${DEFINED}export const ${exported} = defineEnvironment({
  name: '${name}',
  target: 'kubernetes 1.34',
  cluster: { kind: 'embedded', nodes: [{ name: 'worker', count: 1, cpu: 1, memoryGiB: 1 }] },
  build: () => undefined,
});\n`;
}

describe('environments by the name of their folder', () => {
  let folder = '';
  const before = process.env['BEAMLINE_ENVIRONMENTS'];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'beamline-environments-'));
    process.env['BEAMLINE_ENVIRONMENTS'] = folder;
    add('analysis', entry('environment', 'analysis'));
    add('grid', entry('environment', 'grid'));
  });
  afterEach(() => {
    if (before === undefined) delete process.env['BEAMLINE_ENVIRONMENTS'];
    else process.env['BEAMLINE_ENVIRONMENTS'] = before;
    rmSync(folder, { recursive: true });
  });

  function add(name: string, index?: string): void {
    mkdirSync(join(folder, name), { recursive: true });
    if (index !== undefined) writeFileSync(join(folder, name, 'index.ts'), index);
  }

  test('a site is a folder with an index.ts, wherever the folders are', () => {
    add('notes');
    writeFileSync(join(folder, 'README.md'), '');
    expect(environmentsFolder()).toBe(folder);
    expect(environmentNames()).toEqual(['analysis', 'grid']);
    expect(loadEnvironment('grid').name).toBe('grid');
  });

  test('a rehearsal is the same site on a cluster of its own', () => {
    process.env['BEAMLINE_REHEARSAL'] = 'true';
    try {
      expect(loadEnvironment('grid').adopt).toEqual([]);
    } finally {
      delete process.env['BEAMLINE_REHEARSAL'];
    }
  });

  test('rejects a name that nobody has, with the nearest and all there are', () => {
    expect(messageFrom(() => loadEnvironment('gird'))).toBe(
      "there is no environment 'gird'; did you mean 'grid'? There are: analysis, grid",
    );
  });

  test('rejects any name where there are no sites', () => {
    for (const name of environmentNames()) rmSync(join(folder, name), { recursive: true });
    expect(messageFrom(() => loadEnvironment('grid'))).toBe(
      `there is no environment 'grid', nor any other in '${folder}'; make grid/index.ts there`,
    );
  });

  test('rejects a folder of sites that is not there', () => {
    process.env['BEAMLINE_ENVIRONMENTS'] = join(folder, 'gone');
    expect(messageFrom(() => loadEnvironment('grid'))).toBe(
      `there is no folder '${join(folder, 'gone')}'; BEAMLINE_ENVIRONMENTS must name the one that holds the sites, or be unset`,
    );
  });

  test.each(['', '..', '../grid', 'grid/', '/'])("rejects '%s', which is no name", (name) => {
    expect(messageFrom(() => loadEnvironment(name))).toMatch(
      `there is no environment '${name}'; did you mean '`,
    );
  });

  test('rejects a folder without index.ts, saying what it must hold', () => {
    add('notes');
    expect(messageFrom(() => loadEnvironment('notes'))).toBe(
      `environment 'notes' has no index.ts in '${join(folder, 'notes')}'; it must export const environment = defineEnvironment({...})`,
    );
  });

  test.each([
    ['another name', entry('site', 'other')],
    ['nothing', 'export {};\n'],
    ['something else', "export const environment = { name: 'other' };\n"],
  ])('rejects an index.ts that exports %s', (_what, text) => {
    add('other', text);
    expect(messageFrom(() => loadEnvironment('other'))).toBe(
      `'${join(folder, 'other', 'index.ts')}' must export const environment = defineEnvironment({...})`,
    );
  });

  test('rejects a site that calls itself something else', () => {
    add('copy', entry('environment', 'grid'));
    expect(messageFrom(() => loadEnvironment('copy'))).toBe(
      "the environment in folder 'copy' calls itself 'grid'; the two must be the same",
    );
  });

  test('rejects a site whose description is wrong, in its own words', () => {
    add('bad', entry('environment', 'Bad'));
    expect(messageFrom(() => loadEnvironment('bad'))).toBe(
      "environment 'Bad' has invalid facts:\n" +
        "  - name: must be lower-case letters, digits and '-', at most 63 characters, for example 'analysis', got \"Bad\"",
    );
  });
});

describe('plans of environments', () => {
  const pin = (name: string): UpstreamPin => ({
    name,
    version: 'v1',
    url: `https://example.org/${name}`,
    goModule: { path: 'example.org/m', version: 'v1.0.0', file: 'crds.yaml' },
    sha256: '0'.repeat(64),
  });

  /** An environment whose stacks need files that are not there before they were fetched. */
  function needing(fetched: ReadonlySet<string>, ...names: readonly string[]): Environment {
    return defineEnvironment({
      name: 'site',
      target: 'okd 4.21',
      cluster: { kind: 'embedded', nodes: [{ name: 'worker', count: 1, cpu: 1, memoryGiB: 1 }] },
      build: (app) => {
        for (const name of names) if (!fetched.has(name)) throw new UpstreamMissing(pin(name));
        object(new Chart(app, 'chart', { namespace: 'ns' }), 'v1 ConfigMap it');
      },
    });
  }

  test('know their target and their options', () => {
    const plan = planNow(needing(new Set()));
    expect(plan).toMatchObject({ environment: 'site', target: { name: 'okd 4.21' }, moved: [] });
    expect(objectsOf(plan).map(({ id }) => id)).toEqual(['ns/configmap/it']);
  });

  test('bring each pinned file that turns out to be needed, once', async () => {
    const fetched = new Set<string>();
    const asked: string[] = [];
    const plan = await planEnvironment(needing(fetched, 'one', 'two'), ({ name }) => {
      asked.push(name);
      fetched.add(name);
      return Promise.resolve();
    });
    expect(asked).toEqual(['one', 'two']);
    expect(objectsOf(plan)).toHaveLength(1);
  });

  test('rejects a pinned file that is still missing after it was brought', async () => {
    const planning = planEnvironment(needing(new Set(), 'one'), () => Promise.resolve());
    expect(await messageOf(planning)).toMatch(/^the upstream file 'one' v1 is not in the cache/);
  });

  test('rejects what cannot be brought, in the words of whoever tried', async () => {
    const planning = planEnvironment(needing(new Set(), 'one'), () =>
      Promise.reject(new Error('no network')),
    );
    expect(await messageOf(planning)).toBe('no network');
  });

  test('rejects a build that fails, and brings nothing', async () => {
    const broken = {
      ...needing(new Set()),
      build: () => {
        throw new Error('no such host');
      },
    };
    const fetch = jest.fn();
    expect(await messageOf(planEnvironment(broken, fetch))).toBe('no such host');
    expect(fetch).not.toHaveBeenCalled();
  });
});
