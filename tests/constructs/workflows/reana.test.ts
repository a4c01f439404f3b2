import { z } from 'zod';

import type { OidcLogin } from '../../../constructs/contracts';
import type { TargetName } from '../../../constructs/targets';
import { Reana } from '../../../constructs/workflows/reana';
import { ReanaClusterReads } from '../../../constructs/workflows/cluster-reads';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { houseRuleProblems } from '../../support/house-rules';
import { chartFor, synth, Synthesized } from '../../support/synth';
import { API_CALLS } from './api-calls';
import { disk, listener, minimal, onOkd } from './support';

const login: OidcLogin = {
  kind: 'oidc',
  title: 'Site SSO',
  issuer: 'https://sso.example.org/realms/site',
  endpoints: {
    authorize: 'https://sso.example.org/auth',
    token: 'https://sso.example.org/token',
    userinfo: 'https://sso.example.org/userinfo',
  },
  clientId: 'reana',
  clientSecret: { name: 'reana-login', key: 'client-secret' },
  scopes: ['openid'],
  usernameClaim: 'preferred_username',
  groupsClaim: undefined,
};
const sessions = { inactiveDays: 7, ingressAnnotations: {} };
const mail = {
  sender: 'reana@example.org',
  server: 'mail.example.org',
  port: 587,
  encryption: 'starttls',
} as const;

const rules = z.array(
  z.strictObject({
    apiGroups: z.array(z.string()),
    resources: z.array(z.string()),
    verbs: z.array(z.string()),
  }),
);

function pairsOf(granted: z.infer<typeof rules>): string[] {
  return granted
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`)),
      ),
    )
    .sort();
}

const backup = { schedule: '0 1 * * *', keepDays: 14, size: '20Gi', class: disk };
const external: ReanaProps['database'] = {
  kind: 'external',
  host: 'db.example.org',
  port: 5432,
  database: 'reana',
  username: { name: 'db', key: 'user' },
  password: { name: 'db', key: 'password' },
};
const inside = { kind: 'inside', class: disk, size: '20Gi' } as const;
const pooler = { clients: 1000, connections: 100 };

test.each<[TargetName, ReanaProps]>([
  ['kubernetes 1.34', { ...minimal, pooler, database: { ...inside, backup } }],
  ['okd 4.21', { ...onOkd, pooler, database: external }],
  ['kubernetes 1.34', minimal],
  ['kubernetes 1.18', minimal],
  ['kubernetes 1.34', { ...minimal, login, sessions, mail }],
  ['okd 4.6', { ...onOkd, sessions }],
  ['okd 4.21', onOkd],
])(
  'on %s every object follows the house rules, and none belongs to the cluster',
  (target, props) => {
    const made = synth(Reana, props, target);
    const problems = made.objects.flatMap((object) =>
      houseRuleProblems({ ...object }, made.exceptions),
    );
    expect(problems).toEqual([]);
    expect(
      made.objects.filter(({ kind }) => /^Cluster|^Namespace$|^StorageClass$/.test(kind)),
    ).toEqual([]);
    expect(JSON.stringify(made.objects)).not.toContain('hostPath');
  },
);

const claimOf = (workspaces: ReanaProps['workspaces']): ReanaProps => ({ ...minimal, workspaces });
const slurm = {
  kind: 'slurm',
  host: 'login.example.org',
  partition: 'batch',
  workspacePath: '/reana',
  jobController: 'registry.example.org/reana-job-controller:0.9.4-site1',
} as const;
const condor = {
  kind: 'htcondor',
  collector: 'cm.example.org:9618',
  schedd: 'schedd.example.org',
  tokenSecret: 'condor',
  jobController: slurm.jobController,
} as const;

test.each<[string, ReanaProps, TargetName, string]>([
  [
    'workspaces that one node can write to',
    claimOf({ kind: 'claim', class: disk, size: '1Ti' }),
    'kubernetes 1.34',
    "'workspaces.class' must allow ReadWriteMany",
  ],
  [
    'a prefix that is too long',
    { ...minimal, prefix: 'reana-for-all-of-us' },
    'kubernetes 1.34',
    "'prefix' must be at most 13",
  ],
  [
    'no address of the admin',
    { ...minimal, admin: { email: '' } },
    'kubernetes 1.34',
    "'admin.email' must be the address",
  ],
  [
    'open registration without a reason',
    { ...minimal, registration: { open: true, consent: ' ' } },
    'kubernetes 1.34',
    "'registration.consent' must say why",
  ],
  [
    'open registration beside a login',
    { ...minimal, login, registration: { open: true, consent: 'a course' } },
    'kubernetes 1.34',
    "'registration' must be 'closed' with a 'login'",
  ],
  [
    'HTCondor without a token',
    { ...minimal, backends: [{ ...condor, tokenSecret: '' }] },
    'kubernetes 1.34',
    "'backends.htcondor.tokenSecret' must name the Secret",
  ],
  [
    "HTCondor with upstream's job controller",
    {
      ...minimal,
      backends: [{ ...condor, jobController: 'docker.io/reanahub/reana-job-controller:0.9.4' }],
    },
    'kubernetes 1.34',
    "upstream's knows no HTCondor but CERN's",
  ],
  [
    'Slurm without a shared workspace',
    { ...minimal, backends: [{ ...slurm, workspacePath: '' }] },
    'kubernetes 1.34',
    "'backends.slurm.workspacePath' must be the path",
  ],
  [
    'two job controllers',
    { ...minimal, backends: [condor, { ...slurm, jobController: 'other.example.org/jc:1' }] },
    'kubernetes 1.34',
    "'backends' must share one job controller",
  ],
  [
    'more connections than the database has',
    { ...minimal, pooler: { clients: 1000, connections: 300 } },
    'kubernetes 1.34',
    "'pooler.connections' must be from 1 to 290",
  ],
  [
    'a pooler that takes nobody',
    { ...minimal, pooler: { clients: 0, connections: 10 } },
    'kubernetes 1.34',
    "'pooler.clients' must be a whole number from 1, got '0'",
  ],
  [
    'dumps at no time',
    { ...minimal, database: { ...inside, backup: { ...backup, schedule: 'nightly' } } },
    'kubernetes 1.34',
    "'database.backup.schedule' must be as cron writes it, got 'nightly'",
  ],
  [
    'dumps that are kept for no day',
    { ...minimal, database: { ...inside, backup: { ...backup, keepDays: 0 } } },
    'kubernetes 1.34',
    "'database.backup.keepDays' must be a whole number from 1, got '0'",
  ],
  [
    'a database that PgBouncer could not write down',
    { ...minimal, database: { ...external, database: 'my reana' } },
    'kubernetes 1.34',
    "'database.database' must be lower-case letters",
  ],
  ['no back end', { ...minimal, backends: [] }, 'kubernetes 1.34', "'backends' must list"],
  [
    'runs as root on OKD without consent',
    minimal,
    'okd 4.21',
    "'rootInRuns' must have a 'consent' on 'okd 4.21'",
  ],
  [
    'notebooks on a cluster without their kind of Ingress',
    { ...minimal, sessions },
    'kubernetes 1.18',
    "'sessions', whose Ingresses REANA makes",
  ],
])('refuses %s', (_, props, target, message) => {
  expect(() => synth(Reana, props, target)).toThrow(message);
});

test('refuses a second REANA in a namespace', () => {
  const chart = chartFor();
  new Reana(chart, 'First', minimal);
  expect(() => new Reana(chart, 'Second', { ...minimal, prefix: 'other' })).toThrow(
    "namespace 'test' has a REANA already ('test/First')",
  );
});

test('complains of a host that no route serves', () => {
  const chart = chartFor();
  const reana = new Reana(chart, 'Reana', { ...minimal, ingress: listener(false).ingress });
  expect(reana.node.validate().join()).toContain(
    "'host' is 'reana.example.org', and no route answers",
  );
});

test('registration is closed at the front door and in the server, unless it is opened with a reason', () => {
  const paths = (props: Partial<ReanaProps>): string[] => {
    const { ingress, requests } = listener();
    synth(Reana, { ...minimal, ...props, ingress });
    return requests.map(({ path, service }) => `${path ?? '/'} ${service.name}`);
  };
  const open = { registration: { open: true, consent: 'a course of a week' } } as const;
  expect(paths({})).toContain('/api/register reana-ui');
  expect(paths(open).join()).not.toContain('/api/register');
  const variable = (props: ReanaProps): string =>
    JSON.stringify(synth(Reana, props).one('Deployment', 'reana-server'));
  expect(variable(minimal)).toContain('"INVENIO_SECURITY_REGISTERABLE","value":"False"');
  expect(variable({ ...minimal, ...open })).toContain(
    '"INVENIO_SECURITY_REGISTERABLE","value":"True"',
  );
});

test.each([
  ['without notebooks', minimal, ['always']],
  ['with notebooks', { ...minimal, sessions }, ['always', 'sessions']],
])('%s, the Roles grant the calls of the sources and nothing else', (_, props, when) => {
  const made = synth(Reana, props);
  for (const account of ['infrastructure', 'runtime'] as const) {
    const granted = z.object({ rules }).parse(made.one('Role', `reana-${account}`)).rules;
    const wanted = API_CALLS.filter((call) => call.account === account && when.includes(call.when));
    expect(pairsOf(granted)).toEqual(
      [
        ...new Set(wanted.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`)),
      ].sort(),
    );
  }
});

test('the two rules over the cluster are those that the sources call', () => {
  const chart = chartFor();
  new ReanaClusterReads(chart, 'Reads', { namespace: 'reana' });
  const granted = z.object({ rules }).parse(new Synthesized(chart).one('ClusterRole')).rules;
  const wanted = API_CALLS.filter(({ when }) => when === 'clusterReads');
  expect(pairsOf(granted)).toEqual(
    wanted.map(({ group, resource, verb }) => `${group}/${resource} ${verb}`).sort(),
  );
});

test('rights: one Role for each ServiceAccount that calls the API, those of notebooks only with notebooks', () => {
  const rules = (props: ReanaProps): string =>
    JSON.stringify(synth(Reana, props).one('Role', 'reana-infrastructure'));
  expect(synth(Reana, minimal).names('Role')).toEqual(['reana-infrastructure', 'reana-runtime']);
  expect(rules(minimal)).not.toContain('deployments');
  expect(rules({ ...minimal, sessions })).toContain('deployments');
  expect(synth(Reana, onOkd, 'okd 4.21').names('Role')).toEqual([
    'default-scc-nonroot-v2',
    'reana-infrastructure',
    'reana-runtime',
    'reana-runtime-scc-anyuid',
  ]);
});

test('the two rules over the cluster stand apart, and REANA does without until it is told of them', () => {
  const chart = chartFor();
  new ReanaClusterReads(chart, 'Reads', { namespace: 'reana' });
  expect(new Synthesized(chart).one('ClusterRole')['rules']).toHaveLength(2);
  const level = (props: ReanaProps): string =>
    JSON.stringify(synth(Reana, props).one('Deployment', 'reana-server'));
  expect(level(minimal)).toContain('READINESS_CHECK_LEVEL","value":"1"');
  expect(level({ ...minimal, clusterReads: true })).toContain('READINESS_CHECK_LEVEL","value":"9"');
});

test('another address of the admin makes another setup Job, the same one none', () => {
  const job = (email: string): string[] =>
    synth(Reana, { ...minimal, admin: { email } }).names('Job');
  expect(job('a@example.org')).toEqual(job('a@example.org'));
  expect(job('a@example.org')).not.toEqual(job('b@example.org'));
});

test('with a pooler, only it, the setup and the dumps speak to the database', () => {
  const made = synth(Reana, { ...minimal, pooler, database: { ...inside, backup } });
  const callers = JSON.stringify(made.one('NetworkPolicy', 'reana-db').spec);
  for (const component of ['pgbouncer', 'setup', 'backup'])
    expect(callers).toContain(`"${component}"`);
  expect(callers).not.toContain('"server"');
  const server = JSON.stringify(made.one('Deployment', 'reana-server'));
  expect(server).toContain('"value":"reana-pgbouncer.test"');
  expect(JSON.stringify(made.all('Job'))).toContain('"value":"reana-db.test"');
});

test.each([
  ['server', 'Deployment'],
  ['workflow-controller', 'Deployment'],
  ['db', 'StatefulSet'],
  ['message-broker', 'StatefulSet'],
  ['cache', 'Deployment'],
])('the pods of %s roll when a Secret of theirs changes', (component, kind) => {
  const checksum = (namespace: string): unknown => {
    const chart = chartFor('kubernetes 1.34', namespace);
    new Reana(chart, 'Reana', minimal);
    const made = new Synthesized(chart).one(kind, `reana-${component}`);
    return z
      .object({
        spec: z.object({
          template: z.object({
            metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
          }),
        }),
      })
      .parse(made).spec.template.metadata.annotations['beamline/config-checksum'];
  };
  // The values of another namespace are other values.
  expect(checksum('one')).not.toBe(checksum('other'));
  expect(checksum('one')).toBe(checksum('one'));
});
