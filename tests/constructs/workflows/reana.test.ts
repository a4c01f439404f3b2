import { z } from 'zod';

import type { TargetName } from '../../../constructs/targets';
import { ReanaClusterReads } from '../../../constructs/workflows/cluster-reads';
import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { houseRuleProblems } from '../../support/house-rules';
import { chartFor, synth, Synthesized } from '../../support/synth';
import {
  apart,
  backup,
  external,
  inside,
  listener,
  login,
  mail,
  minimal,
  onOkd,
  pooler,
  sessions,
} from './support';

test.each<[TargetName, ReanaProps]>([
  ['kubernetes 1.34', { ...minimal, pooler, database: { ...inside, backup } }],
  ['okd 4.21', { ...onOkd, pooler, database: external }],
  ['kubernetes 1.34', apart],
  ['okd 4.21', { ...onOkd, ...apart, rootInRuns: onOkd.rootInRuns ?? 'refused', sessions }],
  ['okd 4.21', { ...onOkd, release: '0.95.0-alpha.5', sessions }],
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

test('an authority of the database is with whom speaks to it, and nobody else', () => {
  const tls = { authority: { name: 'db-ca', key: 'site.pem' } };
  const made = synth(Reana, { ...minimal, pooler, database: { ...external, tls } });
  const setup = JSON.stringify(made.all('Job'));
  expect(setup).toContain('{"name":"PGSSLMODE","value":"verify-full"}');
  expect(setup).toContain('{"name":"PGSSLROOTCERT","value":"/etc/reana-authority/ca.crt"}');
  const volume = '{"items":[{"key":"site.pem","path":"ca.crt"}],"secretName":"db-ca"}';
  expect(setup).toContain(volume);
  expect(JSON.stringify(made.one('Deployment', 'reana-pgbouncer'))).toContain(volume);
  expect(JSON.stringify(made.one('ConfigMap', 'reana-pgbouncer'))).toContain(
    'server_tls_sslmode = verify-full\\nserver_tls_ca_file = /etc/reana-authority/ca.crt',
  );
  for (const program of ['reana-server', 'reana-workflow-controller']) {
    const text = JSON.stringify(made.one('Deployment', program));
    expect(text).toContain('PGSSLMODE","value":"disable"');
    expect(text).not.toContain('PGSSLROOTCERT');
  }
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

test('a release is all of one kind: no image of the other is in any object', () => {
  const images = (release: ReanaProps['release'] & string): string[] => {
    const text = JSON.stringify(synth(Reana, { ...minimal, release }).objects);
    return [...text.matchAll(/docker\.io\/reanahub\/([a-z-]+):([\w.-]+)/g)].map(
      ([, name = '', tag = '']) => `${name} ${tag.includes('alpha') ? 'alpha' : 'stable'}`,
    );
  };
  expect([...new Set(images('0.95.0-alpha.5'))].sort()).toEqual(
    [...new Set(images('0.9.4'))].map((one) => one.replace('stable', 'alpha')).sort(),
  );
  expect(images('0.9.4').join()).not.toContain('alpha');
});
