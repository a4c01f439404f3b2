import { EdgeGrant } from '../../../constructs/tenancy/edge-grant';
import { ending } from '../../../constructs/tenancy/edge-grant-problems';
import type { EdgeGrantProps } from '../../../constructs/tenancy/edge-grant-props';
import { EDGE_SERVICES } from '../../../constructs/tenancy/edge-services';
import { findingsOf } from '../../../constructs/kit/findings';
import { EdgeGrantStack } from '../../../stacks/edge-grant-stack';
import type { TargetName } from '../../../constructs/targets';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { appFor, chartFor, synth, Synthesized } from '../../support/synth';

const props: EdgeGrantProps = {
  ...EDGE_SERVICES.hostedCe,
  team: 'osg',
  contact: 'edge@example.org',
  from: ['192.0.2.0/24'],
  to: ['198.51.100.0/24'],
  since: '2026-11-22',
  until: '2027-05-31',
  longestDays: 200,
};

/** The rules of findings that a grant makes about itself. */
function found(more: Partial<EdgeGrantProps>, target?: TargetName): string[] {
  const chart = chartFor(target, 'edge-osg');
  const grant = new EdgeGrant(chart, 'Grant', { ...props, ...more });
  return grant.node
    .findAll()
    .flatMap((one) => findingsOf(one))
    .map(({ rule, severity }) => `${severity} ${rule}`);
}

test.each(['kubernetes 1.34', 'okd 4.21', 'okd 3.11'] as const)(
  'a grant on %s follows the house rules and has no right beyond its namespace',
  (target) => {
    const tree = synth(EdgeGrant, props, target, 'edge-osg');
    expect(tree.objects.flatMap((one) => houseRuleProblems(one, tree.exceptions))).toEqual([]);
    expect([...tree.all('ClusterRole'), ...tree.all('ClusterRoleBinding')]).toEqual([]);
  },
);

test('the team may make what was agreed, look at its pods, and nothing else', () => {
  const tree = synth(
    EdgeGrant,
    { ...props, kinds: ['Deployment', 'Secret'] as const },
    undefined,
    'edge-osg',
  );
  expect(tree.one('Role')).toMatchObject({
    rules: [
      { resources: ['deployments'], verbs: expect.arrayContaining(['list', 'create', 'delete']) },
      { resources: ['secrets'], verbs: ['get', 'create', 'update', 'patch', 'delete'] },
      { resources: ['pods', 'pods/log', 'events'], verbs: ['get', 'list', 'watch'] },
    ],
  });
  expect(tree.one('ServiceAccount')).toMatchObject({
    metadata: { name: 'osg', annotations: { 'beamline/granted-until': '2027-05-31' } },
    automountServiceAccountToken: false,
  });
  expect(tree.all('Secret')).toEqual([]);
});

test('traffic is what was agreed, in both directions, and within the namespace', () => {
  const policy = synth(EdgeGrant, props, undefined, 'edge-osg').one('NetworkPolicy', 'edge-grant');
  expect(policy).toMatchObject({
    spec: {
      ingress: [
        { from: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 9619 }] },
        { from: [{ podSelector: {} }] },
      ],
      egress: [{ to: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }, { to: [{ podSelector: {} }] }],
    },
  });
  const open = synth(
    EdgeGrant,
    { ...props, from: undefined, to: 'anywhere', ports: [] } as const,
    undefined,
    'e',
  );
  expect(open.one('NetworkPolicy', 'edge-grant')).toMatchObject({ spec: { egress: [{}, {}] } });
});

test('where the API server cannot hold images and ports, that is said', () => {
  expect(found({ until: '2027-05-31' }, 'okd 4.12')).toContain(
    'warning tenancy/grant-not-enforced',
  );
  expect(found({}, 'okd 4.21')).not.toContain('warning tenancy/grant-not-enforced');
});

test.each([
  ['2026-11-21', '2026-11-22', 'over'],
  ['2026-11-22', '2026-11-22', 'near'],
  ['2026-12-22', '2026-11-22', 'near'],
  ['2026-12-23', '2026-11-22', 'far'],
] as const)('a grant until %s is, on %s, %s', (until, today, expected) => {
  expect(ending(until, today)).toBe(expected);
});

test('a grant whose last day is over is an error until it is renewed or removed', () => {
  expect(found({ since: '2020-01-01', until: '2020-02-01' })).toContain('error tenancy/grant-over');
});

test('everything that is wrong is said at once', () => {
  const wrong: EdgeGrantProps = {
    ...props,
    team: 'OSG',
    contact: 'somebody',
    kinds: [],
    repositories: ['hub.opensciencegrid.org/osg-htc/hosted-ce:latest'],
    ports: [443],
    from: ['everywhere'],
    resources: { cpu: -1, memoryGiB: 1, pods: 1, storageGiB: 0 },
    until: '2028-01-01',
  };
  expect(
    messageFrom(() => synth(EdgeGrant, wrong))
      .split('\n  - ')
      .slice(1),
  ).toEqual([
    "team must be lower-case letters, digits and '-', at most 42, got 'OSG'",
    "contact must be a mail address, got 'somebody'",
    'kinds must name at least one kind',
    "repositories must name registry and path without a tag, such as 'hub.opensciencegrid.org/osg-htc/hosted-ce', got 'hub.opensciencegrid.org/osg-htc/hosted-ce:latest'",
    'ports must be 1024 to 65535, as its pods are not root, got 443',
    "from and to must be networks such as '192.0.2.0/24', got 'everywhere'",
    'resources.cpu must be 0 or more, got -1',
    'the grant lasts 405 days (2026-11-22 to 2028-01-01), and the site grants 200 at most; make it shorter and renew it',
  ]);
  expect(messageFrom(() => synth(EdgeGrant, { ...props, until: 'soon' }))).toContain(
    "until must be a day such as '2027-05-31', got 'soon'",
  );
  expect(messageFrom(() => synth(EdgeGrant, { ...props, until: '2026-01-01' }))).toContain(
    "until must not be before since (2026-11-22), got '2026-01-01'",
  );
});

const xcache: EdgeGrantProps = {
  ...props,
  ...EDGE_SERVICES.atlasXcache,
  level: { admits: 'baseline', consent: 'the site agreed to the cache of ATLAS, ticket 2' },
};

test('a service whose pods begin as root needs the consent of the site', () => {
  const { level, ...without } = xcache;
  expect(messageFrom(() => synth(EdgeGrant, without))).toContain(
    "'root' needs 'level' with 'baseline' and the consent of the site, as its pods begin as root: its supervisord",
  );
  const empty = { ...xcache, level: { admits: 'baseline', consent: 'yes' } } as const;
  expect(messageFrom(() => synth(EdgeGrant, empty))).toContain(
    "'level.consent' must say who agreed and why, in a sentence, got 'yes'",
  );
  expect(level?.admits).toBe('baseline');
});

test('with it, its namespace admits them, and on OKD one account may use anyuid; both say why', () => {
  const onOkd = synth(EdgeGrant, xcache, 'okd 4.21', 'edge-osg');
  const annotations = { 'beamline/consent': 'the site agreed to the cache of ATLAS, ticket 2' };
  expect(onOkd.one('Namespace').metadata).toMatchObject({
    labels: { 'pod-security.kubernetes.io/enforce': 'baseline' },
    annotations,
  });
  expect(onOkd.one('ServiceAccount', 'service').metadata).toMatchObject({ annotations });
  expect(onOkd.one('Role', 'service-scc-anyuid')['rules']).toMatchObject([
    { resourceNames: ['anyuid'], verbs: ['use'] },
  ]);
  const elsewhere = synth(EdgeGrant, xcache, 'kubernetes 1.34', 'edge-osg');
  expect(elsewhere.names('ServiceAccount')).toEqual(['osg']);
  expect(found(xcache, 'okd 4.21')).toEqual(
    expect.arrayContaining(['warning tenancy/level', 'warning tenancy/scc']),
  );
});

test.each(Object.entries(EDGE_SERVICES))(
  'the image of %s is of its repositories, by a release tag',
  (_, { image, repositories }) => {
    const [, repository = '', tag = ''] = /^(.+):([^:/]+)$/.exec(image) ?? [];
    expect([...repositories]).toContain(repository);
    expect(tag).toMatch(/^\d+-release$/);
  },
);

test('each team has a namespace of its own', () => {
  const app = appFor();
  new EdgeGrantStack(app, 'Osg', props);
  expect(new Synthesized(app).one('ServiceAccount').metadata.namespace).toBe('edge-osg');
});
