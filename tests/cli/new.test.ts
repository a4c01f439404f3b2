import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { newSite, type NewSiteFlags } from '../../cli/new/answers';
import { filesOf } from '../../cli/new/files';
import { writeSite } from '../../cli/new/write';
import { environmentNames, loadEnvironment, planEnvironment } from '../../environments/load';
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
  [
    { identity: 'dex', run: 'tenants,notebooks', scale: 'dask,spark' },
    'dask/deployment.apps/gateway',
  ],
  [
    {
      flavour: 'kubernetes',
      storage: 'existing',
      identity: 'ldap',
      run: 'tenants,notebooks',
      scale: 'htcondor',
    },
    'htcondor/statefulset.apps/',
  ],
  // The longest composition there can be.
  [
    {
      flavour: 'kubernetes',
      storage: 'existing',
      ingress: 'nginx',
      identity: 'ldap',
      run: 'welcome,tenants,registry,cvmfs,notebooks',
    },
    'registry/persistentvolumeclaim/',
  ],
];

test.each(SITES)(
  'a new site of %j loads and plans',
  async (flags, has) => {
    const path = writeSite(folder, newSite('example', flags));
    const people = (flags.identity ?? 'none') === 'none' ? [] : ['people.ts'];
    expect(readdirSync(path).sort()).toEqual([
      ...['README.md', ...(flags.scale === undefined ? [] : ['facility.ts'])],
      ...['index.ts', ...people],
      ...['site.ts', 'site.yaml'],
    ]);
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

test('what a killed run left is no environment, and goes with the next run; that of a running one stays', () => {
  // No process has the highest number that there can be.
  const [killed, running] = ['.new-4194304-abc', `.new-${process.pid}-abc`];
  for (const draft of [killed, running]) {
    mkdirSync(join(folder, draft));
    writeFileSync(join(folder, draft, 'index.ts'), '');
  }
  expect(environmentNames()).toEqual([]);
  writeSite(folder, newSite('example', {}));
  expect(readdirSync(folder).sort()).toEqual([running, 'example']);
  expect(environmentNames()).toEqual(['example']);
});

test('flags in another order, or said twice, make the same site', () => {
  const run = (list: string): string[] => [
    ...filesOf(newSite('example', { run: list }), '../..').values(),
  ];
  expect(run('tenants, welcome,tenants')).toEqual(run('welcome,tenants'));
});

test('a site inside the checkout imports its neighbours', () => {
  const index = filesOf(newSite('example', {}), '../..').get('index.ts') ?? '';
  expect(index).toContain("from '../../stacks/edge-stack'");
  expect(index).toContain("from '../environment'");
});

const PEOPLE: NewSiteFlags = { run: 'tenants,notebooks', identity: 'ldap' };

test.each<readonly [name: string, flags: NewSiteFlags, problem: string]>([
  ['BNL_OKD', {}, "at most 63 characters, got 'BNL_OKD'; did you mean 'bnl-okd'?"],
  ['../up', {}, "got '../up'; did you mean 'up'?"],
  ['', {}, "at most 63 characters, got ''"],
  ['a', { flavour: 'okdd' }, "got 'okdd'; did you mean 'okd'?"],
  ['a', { flavour: 'okd', version: '4.5' }, "got '4.5'; did you mean '4.1"],
  [
    'a',
    { storage: 'nsf' },
    "'--storage' must be one of nfs, nfs-csi, rook, ceph, existing, none, got 'nsf'",
  ],
  ['a', { run: 'welcome,tenant' }, "got 'tenant'; did you mean 'tenants'?"],
  ['a', { flavour: 'kubernetes', ingress: 'routes' }, "'routes' needs"],
  ['a', { flavour: 'kubernetes', ingress: 'routes' }, "; here: '--ingress traefik' or 'nginx'"],
  ['a', { version: '3.11', ingress: 'traefik' }, "'traefik' needs"],
  ['a', { ingress: 'none' }, "'--run welcome' needs a front door"],
  ['a', { identity: 'ldap' }, "'--identity ldap' serves nobody here"],
  ['a', { run: 'registry', storage: 'none' }, "'--run registry' needs storage"],
  ['a', { run: 'notebooks' }, "'--run notebooks' needs to know people, got '--identity none'"],
  [
    'a',
    { run: 'tenants', scale: 'dask,spark' },
    "'--scale dask,spark' is for people with notebooks, in the namespaces of tenants; add 'notebooks' to '--run'",
  ],
  [
    'a',
    { scale: 'dask' },
    "'--scale dask' is for people with notebooks, in the namespaces of tenants; add 'notebooks'",
  ],
  [
    'a',
    { ...PEOPLE, scale: 'condor' },
    "'--scale' must be one of dask, htcondor, spark, got 'condor'",
  ],
  [
    'a',
    { ...PEOPLE, scale: 'htcondor' },
    "'--scale htcondor' keeps its queue on a disk of one node, and '--storage nfs' makes none here; choose 'rook', or 'existing' with a class of block devices",
  ],
  ['a', { ...PEOPLE, version: '3.11', scale: 'spark' }, "'--scale spark' needs "],
  ['a', { ...PEOPLE, version: '4.7', scale: 'dask' }, "; here: leave 'dask' out"],
  ['a', { ...PEOPLE, identity: 'none', scale: 'dask' }, "got '--identity none'; choose 'oidc'"],
  ['a', { run: 'reana', identity: 'ldap' }, "got '--identity ldap'; choose 'dex'"],
  ['a', { version: '3.11', identity: 'dex', run: 'registry' }, "choose 'ldap' or 'oidc'"],
  ['a', { run: 'cvmfs' }, "'--run cvmfs' has nobody who reads it; add 'tenants' or 'notebooks'"],
  [
    'a',
    { flavour: 'kubernetes', version: '1.30', storage: 'rook' },
    "'rook' needs Kubernetes 1.31",
  ],
  ['a', { version: '3.11', storage: 'ceph' }, "'ceph' needs CSI volumes"],
  ['a', { version: '3.11', storage: 'ceph' }, "; here: '--storage nfs' or 'existing'"],
])('rejects %j with %j and writes nothing', (name, flags, problem) => {
  expect(() => writeSite(folder, newSite(name, flags))).toThrow(problem);
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(folder)).toBe(true);
});
