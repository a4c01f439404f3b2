import { UPSTREAM_FILES } from '../../constructs/versions';
import type { AnalysisFacilityStackProps } from '../../stacks/analysis-facility-props';
import { ensureUpstream } from '../../upstream/fetch';
import { messageFrom } from '../support/message';
import { atlas, cms, cvmfsFor, disk, facility, made, shared } from './facility-support';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

const { notebooks, dask } = facility;
const limits = { clusters: 1, workers: 10, cpu: 20, memoryGiB: 80 };
const size = { cpu: { least: 1, most: 1 }, memoryGiB: { least: 60, most: 60 } };
const image = 'registry.example.org/analysis/notebook:2025-03-14';

function refused(change: Partial<AnalysisFacilityStackProps>): string {
  return messageFrom(() => made(change));
}

function hub(change: Partial<typeof notebooks>): Partial<AnalysisFacilityStackProps> {
  return { notebooks: { ...notebooks, ...change } };
}

function gateway(change: Partial<NonNullable<typeof dask>>): Partial<AnalysisFacilityStackProps> {
  return { dask: { profiles: [], limits, ...dask, ...change } };
}

test.each<[string, Partial<AnalysisFacilityStackProps>, string]>([
  [
    'no tenant',
    { tenants: [] },
    "'tenants' must list at least one, got none; the people of a facility are its tenants'",
  ],
  [
    'a tenant twice',
    { tenants: [cms, { ...cms, dask: undefined }] },
    "namespace 'cms' is of tenant 'cms' and tenant 'cms'; each needs one of its own, so rename one",
  ],
  [
    'a tenant where the hub is',
    { tenants: [cms, { ...atlas, name: 'notebooks' }] },
    "namespace 'notebooks' is of 'notebooks' and tenant 'notebooks'; each needs one of its own",
  ],
  [
    'two parts in one namespace',
    gateway({ namespace: 'htcondor' }),
    "namespace 'htcondor' is of 'dask' and 'htcondor'",
  ],
  [
    'two parts on one host',
    gateway({ host: notebooks.host }),
    "host 'hub.example.org' is of 'notebooks.host' and 'dask.host'; give each a host of its own",
  ],
  [
    'a tenant of single users alone',
    { tenants: [cms, { ...atlas, editors: { users: ['zoe'] } }] },
    "tenant 'atlas-prod': 'admins' and 'editors' must name at least one group, got none",
  ],
  [
    'a group that nobody knows',
    { tenants: [cms, { ...atlas, editors: { groups: ['atlsa'] } }] },
    "tenant 'atlas-prod': group 'atlsa' is not one of the identity provider's, cms, cms-admins, atlas, visitors",
  ],
  [
    'Dask limits without Dask',
    { dask: undefined },
    "tenant 'cms': 'dask' sets limits, but the facility has no 'dask'; add it, or leave the limits out",
  ],
  [
    'a share of no pool',
    { htcondor: undefined },
    "tenant 'cms': 'batch' is a share of no pool; add 'htcondor' to the facility, or leave it out",
  ],
  [
    'two sets of limits for one group',
    { tenants: [cms, { ...atlas, dask: limits, editors: { groups: ['atlas', 'cms'] } }] },
    "group 'cms' gets Dask limits from tenant 'cms' and tenant 'atlas-prod', and a group can have one set",
  ],
  [
    'a profile for a tenant that is none',
    hub({ profiles: notebooks.profiles.map((one) => ({ ...one, tenants: ['lhcb'] })) }),
    "'notebooks' profile 'small': 'lhcb' is no tenant, cms, atlas-prod; name one of them",
  ],
  [
    'a Dask profile for nobody',
    gateway({ profiles: [{ name: 'small', image, ...size, tenants: [] }] }),
    "'dask' profile 'small': 'tenants' is empty, so nobody could take it; leave it out for everybody",
  ],
  [
    'CVMFS that sessions do not get',
    { cvmfs: cvmfsFor('htcondor', 'cms', 'atlas-prod') },
    "'cvmfs' has no repository for namespace 'notebooks', so sessions there would see none; add it to the 'readers' of a repository",
  ],
  [
    'CVMFS that jobs and workers do not get',
    { cvmfs: cvmfsFor('notebooks', 'cms') },
    "'cvmfs' has no repository for namespace 'atlas-prod', so Dask and Spark there would see none",
  ],
  [
    'all addresses as data',
    { dataNetworks: ['0.0.0.0/0'] },
    "'dataNetworks' must be networks such as '192.0.2.0/24', and not all addresses, got '0.0.0.0/0'",
  ],
])('refuses %s', (_, change, message) => {
  expect(refused(change)).toContain(message);
});

test('says everything at once, and before any part speaks', () => {
  const message = refused({
    tenants: [{ ...cms, name: 'dask' }],
    dataNetworks: ['data.example.org'],
    notebooks: { ...notebooks, expect: { people: 0, sessions: 1.5 }, host: 'not a host' },
  });
  expect(message.split('\n')).toEqual([
    "AnalysisFacilityStack 'Facility' has invalid props:",
    "  - namespace 'dask' is of 'dask' and tenant 'dask'; each needs one of its own, so rename one",
    "  - 'notebooks' profile 'large': 'cms' is no tenant, dask; name one of them",
    "  - 'dask' profile 'large': 'cms' is no tenant, dask; name one of them",
    "  - 'dask' profile 'large': 'atlas-prod' is no tenant, dask; name one of them",
    "  - 'cvmfs' has no repository for namespace 'dask', so Dask and Spark there would see none; add it to the 'readers' of a repository",
    "  - 'dataNetworks' must be networks such as '192.0.2.0/24', and not all addresses, got 'data.example.org'",
    "  - 'notebooks.expect.people' must be a whole number from 1, got '0'",
    "  - 'notebooks.expect.sessions' must be a whole number from 1, got '1.5'",
  ]);
});

describe('quotas', () => {
  const people = '40 sessions at one time and the homes of 50 people';

  test('of notebooks that are smaller than what is expected, each by its number', () => {
    const quota = { cpu: 40, memoryGiB: 162, pods: 41, storageGiB: 501, claims: 51 };
    expect(refused(hub({ quota })).split('\n').slice(1)).toEqual([
      `  - 'notebooks.quota.cpu' 40 is less than the 40.6 of the hub, ${people}; raise it, or expect fewer`,
      `  - 'notebooks.quota.memoryGiB' 162 is less than the 162.5 of the hub, ${people}; raise it, or expect fewer`,
      `  - 'notebooks.quota.pods' 41 is less than the 42 of the hub, ${people}; raise it, or expect fewer`,
      `  - 'notebooks.quota.storageGiB' 501 is less than the 501.001 of the hub, ${people}; raise it, or expect fewer`,
      `  - 'notebooks.quota.claims' 51 is less than the 52 of the hub, ${people}; raise it, or expect fewer`,
    ]);
  });

  test('that hold exactly what is expected are taken', () => {
    const quota = { cpu: 40.6, memoryGiB: 162.5, pods: 42, storageGiB: 502, claims: 52 };
    expect(() => made(hub({ quota }))).not.toThrow();
  });

  test('count one claim for shared homes, and none for a share and a database elsewhere', () => {
    const quota = { cpu: 64, memoryGiB: 256, pods: 100, storageGiB: 401, claims: 2 };
    const homes = { kind: 'shared-claim', storageClass: shared, sizeGiB: 400 } as const;
    const message = refused(hub({ quota, homes }));
    expect(message).toContain("'notebooks.quota.claims' 2 is less than the 3 of");
    expect(message).toContain("'notebooks.quota.storageGiB' 401 is less than the 401.001 of");
    const [mount] = cvmfsFor('x').mountsIn('x');
    if (mount === undefined) throw new Error('the share is missing');
    const none = hub({
      quota: { ...quota, storageGiB: 1, claims: 1 },
      homes: { kind: 'share', share: { ...mount.share, readOnly: false, claimName: 'home' } },
      database: {
        kind: 'postgresql',
        host: 'db.example.org',
        database: 'hub',
        user: 'hub',
        password: { name: 'db', key: 'password' },
      },
    });
    expect(() => made(none)).not.toThrow();
  });

  test('without a number of claims have as many as homes fit into the storage, and 20 more', () => {
    const { claims: _, ...quota } = notebooks.quota;
    expect(() => made(hub({ quota }))).not.toThrow();
    const site = made(hub({ quota: { ...quota, storageGiB: 505 } }));
    const quotas = site
      .all('ResourceQuota')
      .filter(({ metadata }) => metadata.namespace === 'notebooks');
    expect(JSON.stringify(quotas)).toContain('"persistentvolumeclaims":"70"');
  });

  test('of a tenant that are smaller than one cluster at its limits', () => {
    const quota = { cpu: 16, memoryGiB: 64, pods: 10, storageGiB: 100 };
    const message = refused({
      tenants: [
        { ...cms, quota },
        { ...atlas, quota },
      ],
    });
    expect(message.split('\n').slice(1)).toEqual([
      "  - tenant 'cms': 'quota.cpu' 16 is less than the 48 that one Dask cluster may have by 'dask.cpu'; raise it, or lower the limit",
      "  - tenant 'cms': 'quota.memoryGiB' 64 is less than the 200 that one Dask cluster may have by 'dask.memoryGiB'; raise it, or lower the limit",
      "  - tenant 'cms': 'quota.pods' 10 is less than the 31 that one Dask cluster may have by 'dask.workers'; raise it, or lower the limit",
      "  - tenant 'atlas-prod': 'quota.cpu' 16 is less than the 20 that one Dask cluster may have by 'dask.limits.cpu'; raise it, or lower the limit",
      "  - tenant 'atlas-prod': 'quota.memoryGiB' 64 is less than the 80 that one Dask cluster may have by 'dask.limits.memoryGiB'; raise it, or lower the limit",
      "  - tenant 'atlas-prod': 'quota.pods' 10 is less than the 11 that one Dask cluster may have by 'dask.limits.workers'; raise it, or lower the limit",
    ]);
  });

  test('of single containers that are smaller than a worker of a profile that the tenant takes', () => {
    const profiles = [{ name: 'big', image, ...size, tenants: ['cms'] }];
    const tenants = [cms, atlas].map((tenant) => ({
      ...tenant,
      limits: { largestMemoryGiB: 32 },
    }));
    const message = refused({ ...gateway({ profiles }), tenants });
    expect(message.split('\n').slice(1)).toEqual([
      "  - tenant 'cms': 'limits.largestMemoryGiB' 32 is less than a worker of Dask profile 'big' may grow to, 60; raise it, or keep the profile to other 'tenants'",
    ]);
  });
});

test('a file of the hub is on the class that the site says', () => {
  const site = made(hub({ database: { kind: 'sqlite', storageClass: disk, sizeGiB: 5 } }));
  const claims = site.all('PersistentVolumeClaim').map((one) => JSON.stringify(one));
  expect(claims.filter((text) => text.includes('"storageClassName":"disk"'))).not.toEqual([]);
});
