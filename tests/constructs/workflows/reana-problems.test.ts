import type { TargetName } from '../../../constructs/targets';
import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { synth } from '../../support/synth';
import {
  apart,
  backup,
  claimed,
  disk,
  external,
  inside,
  login,
  mail,
  minimal,
  sessions,
  shared,
  slurm,
} from './support';

const claimOf = (workspaces: ReanaProps['workspaces']): ReanaProps => ({ ...minimal, workspaces });
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
    'a prefix in capital letters',
    { ...minimal, prefix: 'Reana' },
    'kubernetes 1.34',
    "'prefix' must be at most 13 lower-case letters, digits and '-', got 'Reana'",
  ],
  [
    'an address for the host',
    { ...minimal, host: 'https://reana.example.org' },
    'kubernetes 1.34',
    "'host' must be a full host name in lower case, got 'https://reana.example.org'",
  ],
  [
    'workspaces of no size',
    claimOf({ kind: 'claim', class: shared, size: '0' }),
    'kubernetes 1.34',
    "'workspaces.size' must be an amount as Kubernetes writes it, such as '20Gi', got '0'",
  ],
  [
    'a database of words',
    { ...minimal, database: { ...inside, size: '20 GB' } },
    'kubernetes 1.34',
    "'database.size' must be an amount as Kubernetes writes it, such as '20Gi', got '20 GB'",
  ],
  [
    'jobs of less than no memory',
    { ...minimal, limits: { jobMemory: '-4Gi' } },
    'kubernetes 1.34',
    "'limits.jobMemory' must be an amount as Kubernetes writes it, such as '20Gi', got '-4Gi'",
  ],
  [
    'a quota below nothing',
    { ...minimal, limits: { userCpuHours: -1 } },
    'kubernetes 1.34',
    "'limits.userCpuHours' must be a number from 0, which is any, got '-1'",
  ],
  [
    'a database at an address with a scheme',
    { ...minimal, database: { ...external, host: 'postgres://db' } },
    'kubernetes 1.34',
    "'database.host' must name a host, without scheme and port, got 'postgres://db'",
  ],
  [
    'a database at no port',
    { ...minimal, database: { ...external, port: 70_000 } },
    'kubernetes 1.34',
    "'database.port' must be a port from 1 to 65535, got '70000'",
  ],
  [
    'mail to nowhere',
    { ...minimal, mail: { ...mail, server: '' } },
    'kubernetes 1.34',
    "'mail.server' must name a host, without scheme and port, got ''",
  ],
  [
    'runs in what is no namespace',
    { ...apart, runs: { namespace: 'Bad_NS', workspaces: claimed } },
    'kubernetes 1.34',
    "'runs.namespace' must be the name of a namespace, of lower-case letters, digits and '-', got 'Bad_NS'",
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
  [
    'an authority of the database that runs could not know',
    {
      ...minimal,
      database: { ...external, tls: { authority: { name: 'db-ca', key: 'ca.pem' } } },
    },
    'kubernetes 1.34',
    "'database.tls' can have an 'authority' with a 'pooler' alone",
  ],
  [
    'runs apart from a claim, which is of one namespace',
    { ...minimal, runs: { namespace: 'reana-runs', workspaces: claimed } },
    'kubernetes 1.34',
    "'workspaces' must be a share with 'runs', got a claim",
  ],
  [
    'runs apart in the same namespace',
    { ...apart, runs: { namespace: 'test', workspaces: claimed } },
    'kubernetes 1.34',
    "'runs.namespace' must be another than REANA's own, got 'test'",
  ],
  [
    'runs apart that would look for another claim',
    { ...apart, runs: { namespace: 'reana-runs', workspaces: { ...claimed, claimName: 'data' } } },
    'kubernetes 1.34',
    "'runs.workspaces' must be a writable claim 'reana-shared-persistent-volume'",
  ],
  [
    'runs apart with a back end that cannot',
    { ...apart, backends: [{ kind: 'kubernetes' }, slurm] },
    'kubernetes 1.34',
    "'runs' cannot be with the back ends slurm",
  ],
  [
    'runs apart on a cluster whose namespaces have no name for policies',
    apart,
    'kubernetes 1.18',
    "'runs', whose pods policies know by the name of their namespace,",
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
