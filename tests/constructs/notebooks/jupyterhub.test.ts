import { Chart } from 'cdk8s';

import { OkdRoutes } from '../../../constructs/edge/okd-routes';
import type { JupyterHubProps } from '../../../constructs/notebooks/hub-props';
import { JupyterHub } from '../../../constructs/notebooks/jupyterhub';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { appFor, synth } from '../../support/synth';
import { hub, identity, share, small, storageClass } from './support';

const postgresql = {
  kind: 'postgresql',
  host: 'db.example.org',
  database: 'jupyterhub',
  user: 'hub@site',
  password: { name: 'hub-database', key: 'password' },
} as const;
const disk = storageClass('disk', 'ReadWriteOnce');
const gpus = { perNode: 2, memoryGB: 40, slices: { '1g.5gb': 4, '3g.20gb': 1 } };

function refused(props: Partial<JupyterHubProps>): string {
  return messageFrom(() => synth(JupyterHub, { ...hub, ...props }, 'okd 4.21'));
}

function withProfile(change: Partial<typeof small>): Partial<JupyterHubProps> {
  return { profiles: [{ ...small, ...change }] };
}

test.each(['okd 4.21', 'kubernetes 1.34'] as const)(
  'what it renders for %s follows the house rules',
  (target) => {
    const { objects, exceptions } = synth(JupyterHub, { ...hub, prePull: true }, target);
    expect(objects.flatMap((object) => houseRuleProblems(object, exceptions))).toEqual([]);
  },
);

test('it needs rights in its namespace only, and reads no Secret', () => {
  const made = synth(JupyterHub, hub, 'okd 4.21');
  expect(made.all('ClusterRole')).toEqual([]);
  expect(JSON.stringify(made.one('Role'))).not.toContain('secrets');
  expect(JSON.stringify(made.all('Role'))).not.toContain('*');
});

test('its secrets are the same at every rendering', () => {
  const secretOf = (): unknown => synth(JupyterHub, hub).one('Secret', 'hub')['stringData'];
  expect(secretOf()).toEqual(secretOf());
  expect(secretOf()).toMatchObject({
    'cookie-secret': '${secret:generated:test/jupyterhub/cookie-secret:64:0}',
  });
});

test('policies: sessions reach the hub and the internet, and no private network', () => {
  const policy = synth(JupyterHub, hub).one('NetworkPolicy', 'session');
  expect(policy.metadata).toMatchObject({
    annotations: { 'beamline/pods-made-by': 'kubespawner' },
  });
  expect(JSON.stringify(policy)).toContain('"except":["10.0.0.0/8"');
});

test.each<[string, Partial<JupyterHubProps>, RegExp]>([
  [
    'a moving tag',
    withProfile({ image: 'quay.io/jupyter/scipy-notebook:latest' }),
    /must have an exact tag or a digest/,
  ],
  ['no tag', withProfile({ image: 'quay.io/jupyter/scipy-notebook' }), /must have an exact tag/],
  [
    'an unknown group',
    withProfile({ groups: ['atlas'] }),
    /group 'atlas' is not one of the identity provider's, cms, gpu/,
  ],
  ['a group for login that is unknown', { groups: ['atlas'] }, /group 'atlas' is not one/],
  [
    'a registry outside the list',
    withProfile({ image: 'docker.io/jupyter/x:1.2.3' }),
    /must come from one of 'registries', quay.io\/jupyter/,
  ],
  [
    'a registry that only begins alike',
    withProfile({ image: 'quay.io/jupyter-evil/x:1.2.3' }),
    /must come from one of 'registries'/,
  ],
  [
    'GPU slices over seven parts',
    { gpus: { perNode: 1, memoryGB: 80, slices: { '3g.20gb': 2, '1g.5gb': 2 } } },
    /must add up to the 7 parts of a GPU at most, got 8/,
  ],
  [
    'GPU slices over the memory',
    { gpus: { perNode: 1, memoryGB: 20, slices: { '1g.5gb': 5 } } },
    /must add up to the 20 GB of a GPU at most, got 25/,
  ],
  [
    'a slice that is not cut',
    { gpus, ...withProfile({ gpu: { kind: 'slices', slice: '2g.10gb', count: 1 } }) },
    /must be one of 'gpus.slices', 1g.5gb, 3g.20gb, got '2g.10gb'/,
  ],
  [
    'more slices than a node has',
    { gpus, ...withProfile({ gpu: { kind: 'slices', slice: '3g.20gb', count: 3 } }) },
    /at most the 2 slices '3g.20gb' of a node, got '3'/,
  ],
  [
    'whole GPUs where they are cut',
    { gpus, ...withProfile({ gpu: { kind: 'whole', count: 1 } }) },
    /ask for slices/,
  ],
  [
    'a GPU where none is',
    withProfile({ gpu: { kind: 'whole', count: 1 } }),
    /needs the hub's 'gpus'/,
  ],
  [
    'shared homes without ReadWriteMany',
    { homes: { kind: 'shared-claim', storageClass: disk, sizeGiB: 10 } },
    /need a class with ReadWriteMany, got 'disk' with ReadWriteOnce/,
  ],
  [
    'two sessions with homes of one node',
    { sessions: { perUser: 2 } },
    /needs homes that several nodes can mount/,
  ],
  [
    'read-only homes',
    { homes: { kind: 'share', share: share('data', true) } },
    /must be writable, got 'data'/,
  ],
  [
    'user namespaces with NFS shares',
    { userNamespaces: true },
    /share 'cvmfs-cms-cern-ch' cannot be mounted with 'userNamespaces': NFS/,
  ],
  [
    'user namespaces with NFS homes',
    { userNamespaces: true, homes: { kind: 'share', share: share('data', false) } },
    /'homes.share' 'data' cannot be mounted/,
  ],
  [
    'idling longer than the limit',
    { sessions: { idleMinutes: 180, longestHours: 2 } },
    /must not be longer than the session limit of 2 h/,
  ],
  [
    'a quota below the profile in memory',
    { quota: { cpu: 10, memoryGiB: 6 } },
    /leaves 3.5 beside the hub, less than profile 'small' needs, 4/,
  ],
  [
    'a quota below the profile in CPU',
    { quota: { cpu: 1, memoryGiB: 60 } },
    /leaves 0.4 beside the hub, less than profile 'small' needs, 0.5/,
  ],
  [
    'anybody with an account',
    { identity: { ...identity, selfRegistration: true } },
    /'groups' must say who may log in/,
  ],
  [
    'a traitlet around the groups',
    { traitlets: { KubeSpawner: { profile_list: [] } } },
    /'traitlets.KubeSpawner.profile_list' is decided/,
  ],
  [
    'the same by the name of a parent',
    { traitlets: { Spawner: { cmd: ['/bin/sh'] } } },
    /'traitlets.Spawner.cmd' is decided/,
  ],
  [
    'the same by the name of our own',
    { traitlets: { SiteSpawner: { privileged: true } } },
    /'traitlets.SiteSpawner.privileged' is decided/,
  ],
  [
    'an authenticator by the name of our own',
    { traitlets: { DirectoryAuthenticator: { allow_all: true } } },
    /'traitlets.DirectoryAuthenticator.allow_all' is decided/,
  ],
  [
    'more sessions by a traitlet',
    { traitlets: { JupyterHub: { allow_named_servers: true } } },
    /'traitlets.JupyterHub.allow_named_servers' is decided/,
  ],
  [
    'a database with a scheme',
    { database: { ...postgresql, host: 'postgres://db.example.org' } },
    /'database.host' must be a host name such as 'db.example.org', without scheme and port/,
  ],
  [
    'a port that is none',
    { database: { ...postgresql, port: 70_000 } },
    /'database.port' must be a port, 1 to 65535, got '70000'/,
  ],
  [
    'the name of a database with settings behind it',
    { database: { ...postgresql, database: 'hub?sslmode=disable' } },
    /'database.database' must be letters, digits/,
  ],
  ['nobody’s database', { database: { ...postgresql, user: '' } }, /'database.user' must be/],
  [
    'authorities that are a path',
    { database: { ...postgresql, tls: { authorities: '/etc/ssl/ca.crt' } } },
    /'database.tls.authorities' must be certificates in PEM/,
  ],
  [
    'a database of no size',
    { database: { kind: 'sqlite', storageClass: disk, sizeGiB: 0 } },
    /'database.sizeGiB' must be above 0/,
  ],
  ['two profiles of one name', { profiles: [small, small] }, /two with the name 'small'/],
  ['no profile', { profiles: [] }, /must list at least one/],
])('%s is refused', (_, props, message) => {
  expect(refused(props)).toMatch(message);
});

test.each([
  [undefined, [{ name: 'PGSSLMODE', value: 'require' }]],
  ['disable', [{ name: 'PGSSLMODE', value: 'disable' }]],
  [
    { authorities: '-----BEGIN CERTIFICATE-----\n' },
    [
      { name: 'PGSSLMODE', value: 'verify-full' },
      { name: 'PGSSLROOTCERT', value: '/etc/jupyterhub/config/database-ca.crt' },
    ],
  ],
] as const)('a PostgreSQL with %j is asked so, and its password is in no file', (tls, env) => {
  const database = { ...postgresql, ...(tls === undefined ? {} : { tls }) };
  const made = synth(JupyterHub, { ...hub, database });
  const text = JSON.stringify(made.one('Deployment', 'hub'));
  for (const variable of env) expect(text).toContain(JSON.stringify(variable));
  expect(text).toContain('{"name":"PGPASSWORD","valueFrom":{"secretKeyRef":{"key":"password"');
  const files = JSON.stringify(made.one('ConfigMap', 'hub')['data']);
  expect(files).toContain('postgresql+psycopg2://hub%40site@db.example.org:5432/jupyterhub');
  expect(files.includes('database-ca.crt')).toBe(typeof tls === 'object');
  expect(made.all('PersistentVolumeClaim')).toEqual([]);
});

test('a hub for courses has a core of its own, which the quota has to hold', () => {
  const cpuOf = (props: Partial<JupyterHubProps>): string =>
    JSON.stringify(synth(JupyterHub, { ...hub, ...props }).one('Deployment', 'hub'));
  expect(cpuOf({})).toContain('"requests":{"cpu":"500m"');
  expect(cpuOf({ hubCores: 1 })).toContain('"requests":{"cpu":"1"');
  const quota = { cpu: 1.5, memoryGiB: 20 };
  expect(cpuOf({ quota })).toContain('"cpu":"500m"');
  expect(refused({ quota, hubCores: 1 })).toContain(
    "'quota.cpu' 1.5 leaves 0.4 beside the hub, less than profile 'small' needs, 0.5",
  );
  expect(refused({ hubCores: 2 })).toContain("'hubCores' must be from 0.1 to 1");
  expect(refused({ hubCores: Number.NaN })).toContain("'hubCores' must be from 0.1 to 1");
});

test('user namespaces are refused where the target has none', () => {
  const props = { ...hub, userNamespaces: true, profiles: [{ ...small, shares: [] }] };
  expect(messageFrom(() => synth(JupyterHub, props, 'okd 4.15'))).toMatch(/'userNamespaces' needs/);
});

test('two hubs on one host are refused', () => {
  const app = appFor('okd 4.21');
  const edge = new Chart(app, 'edge');
  const ingress = new OkdRoutes(edge, 'Routes', { internalNetworks: ['192.0.2.0/24'] });
  const add = (namespace: string): JupyterHub =>
    new JupyterHub(new Chart(app, namespace, { namespace }), 'Hub', { ...hub, ingress });
  add('one');
  expect(messageFrom(() => add('two'))).toContain('hub.example.org');
});

test('people read what a profile gives them', () => {
  const gpu = { kind: 'slices', slice: '1g.5gb', count: 1 } as const;
  const made = synth(JupyterHub, { ...hub, gpus, ...withProfile({ gpu }) });
  expect(JSON.stringify(made.one('ConfigMap', 'hub'))).toContain(
    '0.5 to 2 cores, 1 to 4 GiB of memory, 1 GPU slice 1g.5gb',
  );
});

test('a directory that anybody may search needs no secret, and an empty one is not written', () => {
  const login = {
    kind: 'ldap',
    title: 'Example Lab',
    url: 'ldaps://ldap.example.org',
    bind: undefined,
    users: { base: 'ou=people', filter: '(objectClass=person)', attribute: 'uid' },
    groupSearch: {
      base: 'ou=groups',
      filter: '(objectClass=groupOfNames)',
      attribute: 'cn',
      member: 'member',
      memberOf: 'memberOf',
    },
    authorities: undefined,
  } as const;
  const made = synth(JupyterHub, { ...hub, identity: { ...identity, login: () => login } });
  const text = JSON.stringify(made.one('Deployment', 'hub'));
  expect(text).toContain('{"name":"LOGIN_SECRET"}');
  expect(text).not.toContain('"value":""');
});
