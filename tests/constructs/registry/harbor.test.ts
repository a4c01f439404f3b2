import type { Container, PodSpec } from 'kubernetes-types/core/v1';

import type { LdapLogin } from '../../../constructs/contracts';
import { Harbor } from '../../../constructs/registry/harbor';
import type { HarborProps } from '../../../constructs/registry/harbor-props';
import { exceptionsOf } from '../../../constructs/kit/exceptions';
import { findingsOf } from '../../../constructs/kit/findings';
import { ApiObject } from 'cdk8s';
import { houseRuleProblems, type Judged } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { chartFor, synth, type Rendered, type Synthesized } from '../../support/synth';
import { bucket, disk, listener, minimal, outside, shared } from './support';

const authority = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<HarborProps> = {
  ...outside,
  name: 'images',
  reach: 'internal',
  timeouts: { requestSeconds: 900 },
  trivy: {
    size: '5Gi',
    class: disk,
    severities: ['HIGH', 'CRITICAL'],
    ignoreUnfixed: true,
    databases: {
      vulnerabilities: ['registry.example.org/trivy-db'],
      java: ['registry.example.org/trivy-java-db'],
    },
    timeoutSeconds: 600,
  },
  jobLogs: { kind: 'database' },
  replicas: {
    core: { min: 2, max: 4, cpuPercent: 70 },
    registry: 3,
    jobservice: 2,
    portal: 2,
    trivy: 2,
  },
  resources: { core: { cpu: '1', memory: '2Gi' } },
  users: 'fixed',
  secrets: { secretKey: { from: 'config', key: 'harbor-secret-key' } },
  rotations: { csrf: 2 },
  internalTls: {
    authority,
    certificates: { from: 'cert-manager', issuer: { kind: 'ClusterIssuer', name: 'site' } },
  },
  login: {
    kind: 'oidc',
    title: 'IAM',
    issuer: 'https://iam.example.org/',
    endpoints: {
      authorize: 'https://iam.example.org/a',
      token: 'https://iam.example.org/t',
      userinfo: 'https://iam.example.org/u',
    },
    clientId: 'harbor',
    clientSecret: { name: 'login-harbor', key: 'secret' },
    scopes: ['openid', 'profile', 'groups'],
    usernameClaim: 'preferred_username',
    groupsClaim: 'groups',
  },
  adminGroup: 'site-admins',
  trust: 'site-authorities',
  proxy: { url: 'http://proxy.example.org:3128', except: ['.example.org'] },
  monitoring: { by: 'prometheus-operator', labels: { release: 'site' } },
  monitoringNamespaces: ['monitoring'],
  logLevel: 'warning',
};

interface Workload {
  readonly template: {
    readonly metadata: { readonly annotations?: Record<string, string> };
    readonly spec: PodSpec;
  };
  readonly replicas?: number;
  readonly strategy?: { readonly type: string };
}

function specOf(object: Rendered): Workload {
  const spec: Workload = JSON.parse(JSON.stringify(object['spec']));
  return spec;
}

function containerOf(harbor: Synthesized, kind: string, name: string, container = 0): Container {
  const found = specOf(harbor.one(kind, name)).template.spec.containers[container];
  if (found === undefined) throw new Error(`'${name}' has no container ${container}`);
  return found;
}

function valueOf({ env }: Container, name: string): unknown {
  const variable = env?.find((candidate) => candidate.name === name);
  return variable?.value ?? variable?.valueFrom?.secretKeyRef;
}

test('has every program that the chart of its own project has', () => {
  const harbor = synth(Harbor, { ...minimal, trivy: { size: '5Gi', class: disk } });
  expect(harbor.names('Deployment')).toEqual(
    ['core', 'exporter', 'jobservice', 'portal', 'registry'].map((name) => `harbor-${name}`),
  );
  expect(harbor.names('StatefulSet')).toEqual(
    ['database', 'redis', 'trivy'].map((name) => `harbor-${name}`),
  );
  expect(harbor.names('CronJob')).toEqual(['harbor-backup', 'harbor-restore']);
  expect(
    specOf(harbor.one('Deployment', 'harbor-registry')).template.spec.containers,
  ).toMatchObject([{ name: 'registry' }, { name: 'registryctl' }]);
});

test.each([
  ['okd 4.21', minimal],
  ['okd 3.11', minimal],
  ['kubernetes 1.34', minimal],
  ['okd 4.21', outside],
  ['kubernetes 1.36', everything],
] as const)('no object on %s departs from the house rules', (target, props) => {
  const chart = chartFor(target);
  new Harbor(chart, 'Subject', props);
  const objects = chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct));
  expect(objects.length).toBeGreaterThan(20);
  const problems = objects.flatMap((object) => {
    const rendered: Judged = object.toJson();
    return houseRuleProblems(rendered, exceptionsOf(object));
  });
  expect(problems).toEqual([]);
  const reasons = objects.flatMap(exceptionsOf).map(({ rule }) => rule);
  expect(reasons.filter((rule) => rule !== 'seccomp')).toEqual([]);
});

test('renders the same bytes again, and no secret but as a token', () => {
  const text = JSON.stringify(synth(Harbor, everything).objects);
  expect(JSON.stringify(synth(Harbor, everything).objects)).toBe(text);
  for (const secret of synth(Harbor, minimal).all('Secret')) {
    for (const value of Object.values(secret['stringData'] ?? {})) {
      expect(value).toContain('${secret:');
    }
  }
});

test('gives every secret the length that Harbor demands', () => {
  const harbor = synth(Harbor, minimal);
  expect(harbor.one('Secret', 'harbor-core')['stringData']).toEqual({
    CORE_SECRET: '${secret:generated:harbor/core:16:0}',
    CSRF_KEY: '${secret:generated:harbor/csrf:32:0}',
    HARBOR_ADMIN_PASSWORD: '${secret:generated:harbor/admin:32:0}',
    secretKey: '${secret:generated:harbor/secret-key:16:0}',
    tokenKey: '${secret:rsa-key:harbor/token-key:2048:0}',
  });
  expect(harbor.one('Secret', 'harbor-registry')['stringData']).toEqual({
    REGISTRY_HTTP_SECRET: '${secret:generated:harbor/registry-http:16:0}',
    passwd: 'harbor_registry_user:${secret:bcrypt:harbor/registry-credential:32:0}',
  });
});

test('a rotation changes one secret and rolls the pods that read it, no other', () => {
  const before = synth(Harbor, minimal);
  const after = synth(Harbor, { ...minimal, rotations: { registryHttp: 1 } });
  const changed = after.objects.filter(
    (object, at) => JSON.stringify(object) !== JSON.stringify(before.objects[at]),
  );
  expect(changed.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Secret harbor-registry',
    'Deployment harbor-registry',
  ]);
});

test('on OKD the fixed users take nonroot-v2, which Harbor alone is granted', () => {
  const harbor = synth(Harbor, minimal, 'okd 4.21');
  expect(specOf(harbor.one('Deployment', 'harbor-core')).template.spec.securityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: 10000,
    fsGroup: 10000,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(
    specOf(harbor.one('StatefulSet', 'harbor-database')).template.spec.securityContext,
  ).toMatchObject({ runAsUser: 999, fsGroup: 999 });
  const grants = harbor.all('Role').map((role) => role['rules']);
  expect(grants).toHaveLength(8);
  for (const rules of grants)
    expect(rules).toMatchObject([{ resourceNames: ['nonroot-v2'], verbs: ['use'] }]);
});

test('with the range of its namespace it needs no grant', () => {
  const harbor = synth(Harbor, { ...outside, users: 'namespace-range' }, 'okd 4.21');
  expect(harbor.all('Role')).toEqual([]);
  expect(specOf(harbor.one('Deployment', 'harbor-core')).template.spec.securityContext).toEqual({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
});

test('core may take an hour to bring the database up to date', () => {
  expect(
    containerOf(synth(Harbor, minimal), 'Deployment', 'harbor-core').startupProbe,
  ).toMatchObject({
    httpGet: { path: '/api/v2.0/ping', scheme: 'HTTP' },
    periodSeconds: 10,
    failureThreshold: 360,
  });
});

test('a claim of one node is never mounted by two pods at once; a shared one is', () => {
  const strategy = (props: HarborProps): string | undefined =>
    specOf(synth(Harbor, props).one('Deployment', 'harbor-registry')).strategy?.type;
  expect(strategy(minimal)).toBe('Recreate');
  expect(strategy({ ...minimal, storage: { kind: 'claim', size: '1Ti', class: shared } })).toBe(
    'RollingUpdate',
  );
  expect(strategy(outside)).toBe('RollingUpdate');
});

test('the password of Redis is in no URL of an object', () => {
  const core = containerOf(synth(Harbor, minimal), 'Deployment', 'harbor-core');
  expect(valueOf(core, '_REDIS_URL_CORE')).toBe(
    'redis://:$(REDIS_PASSWORD)@harbor-redis:6379/0?idle_timeout_seconds=30',
  );
  const names = (core.env ?? []).map(({ name }) => name);
  expect(names.indexOf('REDIS_PASSWORD')).toBeLessThan(names.indexOf('_REDIS_URL_CORE'));
  const far = containerOf(synth(Harbor, outside), 'Deployment', 'harbor-jobservice');
  expect(valueOf(far, 'JOB_SERVICE_POOL_REDIS_URL')).toBe(
    'rediss+sentinel://:$(REDIS_PASSWORD)@redis1.example.org:26379,redis2.example.org:26379/main/1',
  );
});

test('an external database is reached by a user and a password that are both in Secrets', () => {
  const core = containerOf(synth(Harbor, outside), 'Deployment', 'harbor-core');
  expect(valueOf(core, 'POSTGRESQL_USERNAME')).toEqual({ name: 'db', key: 'username' });
  expect(valueOf(core, 'POSTGRESQL_PASSWORD')).toEqual({ name: 'db', key: 'password' });
  expect(valueOf(core, 'POSTGRESQL_SSLMODE')).toBe('verify-full');
  expect(synth(Harbor, outside).names('StatefulSet')).toEqual([]);
});

test('layers in a bucket: keys from its Secret, no redirect unless asked for', () => {
  const harbor = synth(Harbor, outside);
  const config = JSON.stringify(harbor.one('ConfigMap', 'harbor-registry')['data']);
  expect(config).toContain('regionendpoint: https://rgw.example.org');
  expect(config).toContain('redirect:\\n    disable: true');
  for (const container of [0, 1]) {
    const registry = containerOf(harbor, 'Deployment', 'harbor-registry', container);
    expect(valueOf(registry, 'REGISTRY_STORAGE_S3_SECRETKEY')).toEqual(bucket.secretKey);
  }
  const redirected = synth(Harbor, {
    ...outside,
    storage: { kind: 's3', bucket, redirect: true, folder: '' },
  });
  expect(JSON.stringify(redirected.one('ConfigMap', 'harbor-registry')['data'])).toContain(
    'disable: false',
  );
});

test('publishes what clients need, and no notifications', () => {
  const { ingress, requests } = listener();
  synth(Harbor, { ...minimal, ingress });
  expect(requests.map(({ path, service }) => `${path ?? ''} ${service.name}`)).toEqual([
    '/ harbor-portal',
    '/api/ harbor-core',
    '/service/token harbor-core',
    '/v2/ harbor-core',
    '/c/ harbor-core',
  ]);
  expect(new Set(requests.map(({ reach }) => reach))).toEqual(new Set(['public']));
});

test('every prop shows where it belongs', () => {
  const { ingress, requests } = listener();
  const harbor = synth(Harbor, { ...everything, ingress });
  expect(requests[0]).toMatchObject({
    reach: 'internal',
    timeouts: { requestSeconds: 900 },
    tls: { mode: 'reencrypt', authority },
  });
  expect(harbor.all('Certificate')).toHaveLength(5);
  expect(harbor.names('HorizontalPodAutoscaler')).toEqual(['images-core']);
  expect(harbor.names('PodDisruptionBudget')).toEqual([
    'images-core',
    'images-jobservice',
    'images-portal',
    'images-registry',
    'images-trivy',
  ]);
  expect(harbor.all('ServiceMonitor')).toHaveLength(4);
  const core = containerOf(harbor, 'Deployment', 'images-core');
  expect(core.resources?.requests).toEqual({ cpu: '1', memory: '2Gi' });
  expect(valueOf(core, 'HTTPS_PROXY')).toBe('http://proxy.example.org:3128');
  expect(valueOf(core, 'NO_PROXY')).toMatch(/,\.example\.org$/);
  expect(valueOf(core, 'LOG_LEVEL')).toBe('warning');
  expect(valueOf(core, 'SSL_CERT_DIR')).toBe('/etc/harbor/ssl/core:/harbor_cust_cert');
  expect(valueOf(core, 'REGISTRY_URL')).toBe('https://images-registry:5443');
  expect(valueOf(core, 'POSTGRESQL_MAX_OPEN_CONNS')).toBe('450');
  expect(core.readinessProbe?.httpGet?.scheme).toBe('HTTPS');
  expect(JSON.parse(String(valueOf(core, 'CONFIG_OVERWRITE_JSON')))).toMatchObject({
    auth_mode: 'oidc_auth',
    oidc_client_secret: '$(LOGIN_SECRET)',
    oidc_scope: 'openid,profile,groups',
    oidc_admin_group: 'site-admins',
    self_registration: false,
  });
  expect(valueOf(core, 'LOGIN_SECRET')).toEqual({ name: 'login-harbor', key: 'secret' });
  const trivy = containerOf(harbor, 'StatefulSet', 'images-trivy');
  expect(valueOf(trivy, 'SCANNER_TRIVY_SEVERITY')).toBe('HIGH,CRITICAL');
  expect(valueOf(trivy, 'SCANNER_TRIVY_DB_REPOSITORY')).toBe('registry.example.org/trivy-db');
  expect(valueOf(trivy, 'SCANNER_TRIVY_TIMEOUT')).toBe('600s');
  expect(valueOf(trivy, 'SCANNER_TRIVY_IGNORE_UNFIXED')).toBe('true');
  expect(harbor.one('Secret', 'images-core')['stringData']).toMatchObject({
    secretKey: '${secret:config:harbor-secret-key}',
    CSRF_KEY: '${secret:generated:images/csrf:32:2}',
  });
});

const directory: LdapLogin = {
  kind: 'ldap',
  title: 'site',
  url: 'ldaps://ldap.example.org',
  bind: {
    dn: 'cn=reader,dc=example,dc=org',
    password: { name: 'login-harbor', key: 'password' },
  },
  users: {
    base: 'ou=people,dc=example,dc=org',
    filter: '(objectClass=person)',
    attribute: 'uid',
  },
  groupSearch: {
    base: 'ou=groups,dc=example,dc=org',
    filter: '(objectClass=groupOfNames)',
    attribute: 'cn',
    member: 'member',
    memberOf: 'memberOf',
  },
  authorities: undefined,
};

test('core alone trusts the authority of the directory, beside what all of Harbor trusts', () => {
  const login = { ...directory, authorities: authority };
  const harbor = synth(Harbor, { ...minimal, trust: 'site-authorities', login });
  expect(harbor.one('ConfigMap', 'harbor-directory')['data']).toEqual({ 'ca.crt': authority });
  const core = containerOf(harbor, 'Deployment', 'harbor-core');
  expect(valueOf(core, 'SSL_CERT_DIR')).toBe('/harbor_cust_cert:/harbor_directory_cert');
  expect(core.volumeMounts).toContainEqual({
    name: 'directory',
    mountPath: '/harbor_directory_cert',
    readOnly: true,
  });
  const jobservice = containerOf(harbor, 'Deployment', 'harbor-jobservice');
  expect(valueOf(jobservice, 'SSL_CERT_DIR')).toBe('/harbor_cust_cert');
  expect(synth(Harbor, { ...minimal, login: directory }).names('ConfigMap')).not.toContain(
    'harbor-directory',
  );
});

test('a directory without TLS from the first byte is refused: Harbor would send passwords in clear', () => {
  const login = { ...directory, url: 'ldap://ldap.example.org' };
  expect(messageFrom(() => synth(Harbor, { ...minimal, login }))).toContain(
    "'login' is the directory 'ldap://ldap.example.org', which speaks TLS after StartTLS; Harbor does not know that and would send passwords in clear: use its ldaps:// URL, or put Dex before it",
  );
});

test('people of LDAP log in as the directory says', () => {
  const harbor = synth(Harbor, {
    ...minimal,
    adminGroup: 'cn=admins,ou=groups,dc=example,dc=org',
    login: directory,
  });
  const core = containerOf(harbor, 'Deployment', 'harbor-core');
  expect(JSON.parse(String(valueOf(core, 'CONFIG_OVERWRITE_JSON')))).toMatchObject({
    auth_mode: 'ldap_auth',
    ldap_url: 'ldaps://ldap.example.org',
    ldap_search_password: '$(LOGIN_SECRET)',
    ldap_uid: 'uid',
    ldap_group_membership_attribute: 'memberOf',
    ldap_group_admin_dn: 'cn=admins,ou=groups,dc=example,dc=org',
    ldap_scope: 2,
  });
  expect(JSON.stringify(harbor.one('NetworkPolicy', 'harbor-core')['spec'])).toContain(
    '"port":636',
  );
});

test('a registry without a backup is found', () => {
  const chart = chartFor();
  const harbor = new Harbor(chart, 'Subject', {
    ...outside,
    database: { ...outside.database, backup: 'none', ...{ tls: 'disable' } },
  });
  expect(findingsOf(harbor).map(({ rule }) => rule)).toEqual([
    'registry/no-backup',
    'registry/database-in-clear',
  ]);
});

test('the database of Trivy may be brought by hand', () => {
  const harbor = synth(Harbor, {
    ...minimal,
    trivy: { size: '5Gi', class: disk, databases: 'none' },
  });
  const trivy = containerOf(harbor, 'StatefulSet', 'harbor-trivy');
  expect(valueOf(trivy, 'SCANNER_TRIVY_SKIP_UPDATE')).toBe('true');
  expect(valueOf(trivy, 'SCANNER_TRIVY_OFFLINE_SCAN')).toBe('true');
});

test('logs of jobs on a claim keep to one pod', () => {
  const harbor = synth(Harbor, {
    ...minimal,
    jobLogs: { kind: 'claim', size: '5Gi', class: disk },
  });
  expect(specOf(harbor.one('Deployment', 'harbor-jobservice')).strategy).toEqual({
    type: 'Recreate',
  });
  expect(JSON.stringify(harbor.one('ConfigMap', 'harbor-jobservice')['data'])).toContain(
    'name: FILE',
  );
});
