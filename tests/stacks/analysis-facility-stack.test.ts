import { ApiObject } from 'cdk8s';

import { exceptionsOf } from '../../constructs/kit/exceptions';
import { hintsOf } from '../../constructs/kit/hints';
import { Target } from '../../constructs/targets';
import { UPSTREAM_FILES } from '../../constructs/versions';
import type { AnalysisFacilityStackProps } from '../../stacks/analysis-facility-props';
import { AnalysisFacilityStack } from '../../stacks/analysis-facility-stack';
import { ensureUpstream } from '../../upstream/fetch';
import { houseRuleProblems, type Judged } from '../support/house-rules';
import { messageFrom } from '../support/message';
import { appFor, type Rendered, type Synthesized } from '../support/synth';
import { cvmfsFor, disk, facility, identity, made, shared } from './facility-support';

const { traefikCrds, sparkApplications, sparkScheduledApplications, sparkConnects } =
  UPSTREAM_FILES;
beforeAll(
  () =>
    Promise.all(
      [traefikCrds, sparkApplications, sparkScheduledApplications, sparkConnects].map((pin) =>
        ensureUpstream(pin),
      ),
    ),
  120_000,
);

const ref = (name: string) => ({ name, key: 'value' });
const pair = (name: string) => ({ certificate: ref(`${name}-cert`), key: ref(`${name}-key`) });
const chosen: Partial<AnalysisFacilityStackProps> = {
  spark: {
    history: {
      host: 'spark.example.org',
      events: { kind: 'share', share: { ...shareOf('events'), readOnly: false } },
    },
  },
  glidein: {
    name: 'Example-VO',
    image: 'registry.example.org/batch/vo-frontend:24.1',
    consent: 'the image starts as root; agreed by the site',
    host: 'glidein.example.org',
    vo: { name: 'cms', fqan: '/cms/Role=pilot', pilot: pair('pilot'), signer: pair('voms') },
    factories: [
      {
        name: 'factory.example.org',
        dn: '/DC=org/CN=factory.example.org',
        identity: 'gfactory@factory.example.org',
        ours: 'cms@factory.example.org',
      },
    ],
    collectors: [{ name: 'cm.example.org:9618', dn: '/DC=org/CN=cm.example.org' }],
    schedds: [{ name: 'submit.example.org', dn: '/DC=org/CN=submit.example.org' }],
    proxy: { ...pair('frontend'), dn: '/DC=org/CN=frontend.example.org' },
    tokens: [ref('factory-token')],
    groups: [{ name: 'main', sites: ['T1_US_FNAL'], running: 10 }],
    storage: { storageClass: disk, sizeGiB: 10 },
  },
};

function shareOf(claimName: string) {
  const [mount] = cvmfsFor('x').mountsIn('x');
  if (mount === undefined) throw new Error('the share is missing');
  return { ...mount.share, claimName };
}

/** Objects of a kind in a namespace, as text. */
function textOf(site: Synthesized, kind: string, namespace: string, name?: string): string {
  const found = site
    .all(kind)
    .filter(({ metadata }) => metadata.namespace === namespace)
    .filter(({ metadata }) => name === undefined || metadata.name === name);
  expect(found).not.toEqual([]);
  return JSON.stringify(found);
}

/** The settings that a program reads from a ConfigMap of JSON files. */
function settings(site: Synthesized, namespace: string, name: string): string {
  return textOf(site, 'ConfigMap', namespace, name).replaceAll(/\\n\s*|\\/g, '');
}

const able = Target.all.filter(
  (target) => target.has('endpoint-slice-v1') && target.has('run-as-group'),
);

test.each(able.map((target) => [target.name, target] as const))(
  'on %s everything that can be chosen follows the house rules',
  (_, target) => {
    const app = appFor(target);
    new AnalysisFacilityStack(app, 'Facility', { ...facility, ...chosen });
    const problems = app.node
      .findAll()
      .filter((construct) => ApiObject.isApiObject(construct))
      .filter((object) => hintsOf(object).upstream === undefined)
      .flatMap((object) => {
        const judged: Judged = object.toJson();
        return judged.kind === 'CustomResourceDefinition'
          ? []
          : houseRuleProblems(judged, exceptionsOf(object));
      });
    expect(problems).toEqual([]);
  },
);

test('each part has a namespace of its own, and only what was chosen is there', () => {
  const tenants = ['atlas-prod', 'cms'];
  const least = {
    dask: undefined,
    htcondor: undefined,
    tenants: facility.tenants.map(({ dask: _dask, batch: _batch, ...tenant }) => tenant),
  };
  const namespaces = (one: Synthesized): string[] => one.names('Namespace');
  expect(namespaces(made(least))).toEqual([...tenants, 'notebooks']);
  expect(namespaces(made())).toEqual(['atlas-prod', 'cms', 'dask', 'htcondor', 'notebooks']);
  expect(namespaces(made(chosen))).toEqual(
    ['dask', 'glidein', 'htcondor', 'notebooks', 'spark', ...tenants].sort(),
  );
});

test('sessions, Dask workers and jobs mount the same repositories', () => {
  const site = made();
  const claim = '"claimName":"cvmfs-cms-cern-ch"';
  const hub = settings(site, 'notebooks', 'hub').replaceAll('": ', '":');
  expect(hub.split(claim)).toHaveLength(3); // one for each of two profiles
  const dask = settings(site, 'dask', 'gateway').replaceAll('": ', '":');
  expect(dask.split(claim)).toHaveLength(3); // one for each of two tenants
  expect(textOf(site, 'Deployment', 'htcondor', 'condor-execute')).toContain(claim);
});

test("a tenant's groups take its profiles and have its limits; those who only look do not", () => {
  const site = made();
  const hub = settings(site, 'notebooks', 'hub').replaceAll('": ', '":');
  expect(hub).toContain('["cms-admins","cms"]');
  const dask = settings(site, 'dask', 'gateway').replaceAll('": ', '":');
  expect(dask).toContain('"groups":["cms-admins","cms","atlas"]');
  expect(dask).toContain('"cms":{"clusters":2,"workers":30,"cpu":48,"memoryGiB":200}');
  expect(dask).not.toContain('"atlas":{');
  expect(`${hub}${dask}`).not.toContain('visitors');
});

test('sessions find the pool and may reach its collector and queue; the pool takes jobs from them alone', () => {
  const site = made({ notebooks: { ...facility.notebooks, namespace: 'hub' }, cvmfs: undefined });
  const hub = settings(site, 'hub', 'hub').replaceAll('": ', '":');
  expect(hub).toContain('"_CONDOR_COLLECTOR_HOST":"condor-manager.htcondor.svc:9618"');
  expect(hub).toContain('"OWN":"yes"');
  const out = textOf(site, 'NetworkPolicy', 'hub', 'session-to-htcondor');
  expect(out).toContain('"kubernetes.io/metadata.name":"htcondor"');
  expect(out).toContain('"port":9618');
  expect(out).not.toContain('"app.kubernetes.io/component":"execute"');
  for (const name of ['condor-manager', 'condor-submit']) {
    const policy = textOf(site, 'NetworkPolicy', 'htcondor', name);
    expect(policy.match(/"kubernetes.io\/metadata.name":"[^"]*"/g)).toEqual([
      '"kubernetes.io/metadata.name":"hub"',
    ]);
    expect(policy).toContain('"app.kubernetes.io/component":"singleuser-server"');
  }
});

test("the site's data is within reach of sessions, Dask and jobs, who reach no other private network", () => {
  const site = made();
  for (const [namespace, name] of [
    ['notebooks', 'session'],
    ['cms', 'dask-clusters'],
    ['htcondor', 'condor-execute'],
  ] as const) {
    expect(textOf(site, 'NetworkPolicy', namespace, name)).toContain('"cidr":"192.0.2.0/24"');
  }
  const closed = made({ dataNetworks: [] });
  expect(textOf(closed, 'NetworkPolicy', 'htcondor', 'condor-execute')).not.toContain('ipBlock');
  expect(textOf(closed, 'NetworkPolicy', 'notebooks', 'session')).toContain('"10.0.0.0/8"');
});

test('shares of the pool are accounting groups, whose names have no hyphen', () => {
  const config = textOf(made(), 'ConfigMap', 'htcondor');
  expect(config).toContain('GROUP_NAMES = group_cms, group_atlas_prod');
  expect(config).toContain('* ben group_atlas_prod');
});

test('what is wrong with a part alone, the part says', () => {
  const spool = { kind: 'claims', storageClass: shared, sizeGiB: 50 } as const;
  expect(
    messageFrom(() => made({ htcondor: { ...withPool(), submit: { nodes: 1, spool } } })),
  ).toContain("'submit.spool.storageClass' must be a disk of one node");
  expect(messageFrom(() => made({ identity: { ...identity, selfRegistration: true } }))).toContain(
    "'groups' must say who may log in",
  );
});

function withPool(): NonNullable<AnalysisFacilityStackProps['htcondor']> {
  if (facility.htcondor === undefined) throw new Error('the facility has no pool');
  return facility.htcondor;
}

test('it renders to the same bytes twice', () => {
  const bytes = (): string => JSON.stringify(made(chosen).objects satisfies readonly Rendered[]);
  expect(bytes()).toBe(bytes());
});
