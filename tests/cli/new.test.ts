import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newSite, type NewSiteFlags } from '../../cli/new/answers';
import { filesOf } from '../../cli/new/files';
import { writeSite } from '../../cli/new/write';
import { loadEnvironment, planEnvironment } from '../../environments/load';
import { objectsOf } from '../../plan/model';
import { ensureUpstream } from '../../upstream/fetch';

const former = process.env['BEAMLINE_ENVIRONMENTS'];
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'beamline-new-'));
  process.env['BEAMLINE_ENVIRONMENTS'] = folder;
});
afterEach(() => {
  if (former === undefined) delete process.env['BEAMLINE_ENVIRONMENTS'];
  else process.env['BEAMLINE_ENVIRONMENTS'] = former;
  rmSync(folder, { recursive: true });
});

const SITES: readonly (readonly [flags: NewSiteFlags, has: string])[] = [
  [{}, 'welcome/route.route.openshift.io/welcome'],
  [{ flavour: 'okd', version: '3.11' }, 'analysis/resourcequota/tenant'],
  [{ flavour: 'kubernetes', version: '1.34' }, 'ingress/deployment.apps/traefik'],
  [
    { flavour: 'kubernetes', version: '1.18', ingress: 'nginx', storage: 'nfs-csi' },
    '_/csidriver.storage.k8s.io/nfs.csi.k8s.io',
  ],
  [{ run: 'tenants', ingress: 'none', storage: 'existing' }, 'analysis/resourcequota/tenant'],
  [{ run: 'registry', identity: 'oidc' }, 'registry/persistentvolumeclaim/'],
  [{ run: 'registry', identity: 'ldap', storage: 'existing' }, 'registry/persistentvolumeclaim/'],
  [{ run: 'registry', storage: 'nfs-csi' }, 'registry/persistentvolumeclaim/'],
  // The longest composition there can be.
  [
    {
      flavour: 'kubernetes',
      storage: 'existing',
      ingress: 'nginx',
      identity: 'ldap',
      run: 'welcome,tenants,registry',
    },
    'registry/persistentvolumeclaim/',
  ],
];

test.each(SITES)(
  'a new site of %j loads and plans',
  async (flags, has) => {
    const path = writeSite(folder, newSite('example', flags));
    expect(readdirSync(path).sort()).toEqual(['README.md', 'index.ts', 'site.ts', 'site.yaml']);
    const composition = readFileSync(join(path, 'index.ts'), 'utf8');
    expect(composition.trimEnd().split('\n').length).toBeLessThanOrEqual(80);
    const plan = await planEnvironment(loadEnvironment('example'), (pin) => ensureUpstream(pin));
    const ids = objectsOf(plan).map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith(has))).not.toEqual([]);
  },
  120_000,
);

test('a folder that is there is refused and left as it is', () => {
  mkdirSync(join(folder, 'example'));
  expect(() => writeSite(folder, newSite('example', {}))).toThrow(
    new Error(
      `'${join(folder, 'example')}' is there already, and nothing was changed; choose another name, or edit its site.yaml`,
    ),
  );
  expect(readdirSync(folder)).toEqual(['example']);
  expect(readdirSync(join(folder, 'example'))).toEqual([]);
});

test('a site inside the checkout imports its neighbours', () => {
  const index = filesOf(newSite('example', {}), '../..').get('index.ts') ?? '';
  expect(index).toContain("from '../../stacks/edge-stack'");
  expect(index).toContain("from '../environment'");
});

test.each<readonly [name: string, flags: NewSiteFlags, problem: string]>([
  ['BNL_OKD', {}, "at most 63 characters, got 'BNL_OKD'; did you mean 'bnl-okd'?"],
  ['../up', {}, "got '../up'; did you mean 'up'?"],
  ['', {}, "at most 63 characters, got ''"],
  ['a', { flavour: 'okdd' }, "got 'okdd'; did you mean 'okd'?"],
  ['a', { flavour: 'okd', version: '4.5' }, "got '4.5'; did you mean '4.1"],
  ['a', { storage: 'nsf' }, "'--storage' must be one of nfs, nfs-csi, existing, none, got 'nsf'"],
  ['a', { run: 'welcome,tenant' }, "got 'tenant'; did you mean 'tenants'?"],
  ['a', { flavour: 'kubernetes', ingress: 'routes' }, "'routes' needs"],
  ['a', { version: '3.11', ingress: 'traefik' }, "'traefik' needs"],
  ['a', { ingress: 'none' }, "'--run welcome' needs a front door"],
  ['a', { identity: 'ldap' }, "'--identity ldap' serves nobody here"],
  ['a', { run: 'registry', storage: 'none' }, "'--run registry' needs storage"],
])('rejects %j with %j and writes nothing', (name, flags, problem) => {
  expect(() => writeSite(folder, newSite(name, flags))).toThrow(problem);
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(true);
});
