import { generatedKey, generatedSecret } from '../../../constructs/kit/secret-value';
import { Harbor } from '../../../constructs/registry/harbor';
import type { HarborProps } from '../../../constructs/registry/harbor-props';
import type { TargetName } from '../../../constructs/targets';
import { messageFrom } from '../../support/message';
import { synth } from '../../support/synth';
import { bucket, disk, minimal, outside, shared } from './support';

function refusal(props: Partial<HarborProps>, target?: TargetName, base = minimal): string {
  return messageFrom(() => synth(Harbor, { ...base, ...props }, target));
}

test.each<[string, Partial<HarborProps>, string]>([
  [
    'a secret of the wrong length',
    { secrets: { secretKey: generatedSecret('own/key', { length: 32 }) } },
    "'secrets.secretKey' must be 16 characters, which Harbor demands, got 32; give generatedSecret the length 16",
  ],
  [
    'a CSRF key of the wrong length',
    { secrets: { csrf: generatedSecret('own/csrf', { length: 16 }) } },
    "'secrets.csrf' must be 32 characters, which Harbor demands, got 16; give generatedSecret the length 32",
  ],
  [
    'text where a key belongs',
    { secrets: { tokenKey: generatedSecret('own/key') } },
    "'secrets.tokenKey' must be a private RSA key, got a secret from 'generated'; use generatedKey",
  ],
  [
    'a key where text belongs',
    { secrets: { core: generatedKey('own/core') } },
    "'secrets.core' must be text, got a secret from 'rsa-key'; use generatedSecret",
  ],
  [
    'a password whose hash nobody knows',
    { secrets: { registryCredential: { from: 'config', key: 'password' } } },
    "'secrets.registryCredential' must be generated, got a secret from 'config': the registry is given its hash; leave it out",
  ],
  [
    'a rotation below 0',
    { rotations: { core: -1 } },
    "'rotations.core' must be a whole number from 0, got -1",
  ],
  [
    'a rotation beside a given secret',
    { secrets: { core: generatedSecret('own/core', { length: 16 }) }, rotations: { core: 1 } },
    "'rotations.core' must be left out, as 'secrets.core' is given; raise the rotation there",
  ],
  [
    'several registries on a disk of one node',
    { replicas: { registry: 2 } },
    "'replicas.registry' is above 1, but class 'disk' of 'storage' can be written to by one node only (ReadWriteOnce); use storage of kind 's3' or a class with ReadWriteMany, or 1 registry",
  ],
  [
    'registries that may become several on such a disk',
    { replicas: { registry: { min: 1, max: 2, cpuPercent: 70 } } },
    "'replicas.registry' is above 1",
  ],
  [
    'several jobservices that write to one folder',
    { replicas: { jobservice: 2 }, jobLogs: { kind: 'claim', size: '1Gi', class: shared } },
    "'replicas.jobservice' is above 1, but 'jobLogs' are files that one pod alone writes; use jobLogs of kind 'database'",
  ],
  [
    'half a pod',
    { replicas: { core: 0.5 } },
    "'replicas.core' must be whole numbers from 1, the most not below the least, got 0.5",
  ],
  [
    'a most below the least',
    { replicas: { core: { min: 3, max: 2, cpuPercent: 70 } } },
    "'replicas.core' must be whole numbers from 1, the most not below the least, got 3 to 2",
  ],
  [
    'scanners that come and go',
    { replicas: { trivy: { min: 1, max: 2, cpuPercent: 70 } } },
    "'replicas.trivy' must be a number",
  ],
  [
    'a host that is a URL',
    { host: 'https://registry.example.org' },
    "'host' must be a full host name in lower case, without scheme or port, as 'registry.example.org', got 'https://registry.example.org'",
  ],
  ['a name in capitals', { name: 'Harbor' }, "'name' must be lower-case letters"],
  [
    'a size without a unit',
    { storage: { kind: 'claim', size: '500', class: disk } },
    "'storage.size' must be a size as Kubernetes writes it, '5Gi', got '500'",
  ],
  [
    'an authority that is a file name',
    {
      internalTls: {
        authority: 'ca.crt',
        certificates: { from: 'cert-manager', issuer: { kind: 'Issuer', name: 'ca' } },
      },
    },
    "'internalTls.authority' must be a certificate in PEM, got 'ca.crt'",
  ],
  [
    'an endpoint that is a host',
    {
      storage: {
        kind: 's3',
        bucket: { ...bucket, endpoint: 'rgw.example.org' },
        redirect: false,
        folder: '',
      },
    },
    "'storage.bucket' must have an endpoint such as 'https://rgw.example.org', got 'rgw.example.org'",
  ],
])('refuses %s', (_, props, message) => {
  expect(refusal(props)).toContain(message);
});

test('refuses to rotate what other systems remember', () => {
  const rotations: Readonly<Record<string, number>> = { secretKey: 1, database: 1 };
  const message = refusal({ rotations });
  expect(message).toContain("'rotations.secretKey' cannot be rotated by a deployment");
  expect(message).toContain("'rotations.database' cannot be rotated by a deployment");
});

test('refuses the range of a namespace for what needs another user, and where there is none', () => {
  expect(refusal({ users: 'namespace-range' }, 'okd 4.21')).toContain(
    "'users' is 'namespace-range', but 'database' is inside, whose image works as user 999 only; use an external one, or users 'fixed'",
  );
  expect(refusal({ users: 'namespace-range' }, 'kubernetes 1.34', outside)).toContain(
    "'users' is 'namespace-range', but 'kubernetes 1.34' gives namespaces no range of users; use 'fixed'",
  );
});

test('refuses servers that Harbor cannot speak to', () => {
  const redis = {
    kind: 'external',
    sentinelSet: undefined,
    password: undefined,
    tls: false,
  } as const;
  expect(refusal({ redis: { ...redis, addresses: [] } })).toContain(
    "'redis.addresses' must name a server",
  );
  expect(refusal({ redis: { ...redis, addresses: ['a:1', 'b:2'] } })).toContain(
    'Harbor speaks to one server or to Sentinels, not to a cluster',
  );
  expect(refusal({ redis: { ...redis, addresses: ['redis.example.org'] } })).toContain(
    "'redis.addresses' must be host:port, as 'redis.example.org:6379', got 'redis.example.org'",
  );
  if (outside.database.kind !== 'external') throw new Error('the fixture is not as it was');
  expect(refusal({ database: { ...outside.database, port: 0 } })).toContain(
    "'database.port' must be a port from 1 to 65535, got 0",
  );
});

test('refuses a backup that never runs or is gone at once', () => {
  const backup = { schedule: 'daily', keepDays: 0, size: '1Gi', class: disk };
  const message = refusal({ database: { kind: 'inside', size: '1Gi', class: disk, backup } });
  expect(message).toContain(
    "'database.backup.schedule' must be five fields of cron, as '30 1 * * *', got 'daily'",
  );
  expect(message).toContain("'database.backup.keepDays' must be a whole number from 1, got 0");
});

test('refuses admins by a group that nobody tells of', () => {
  const login = {
    kind: 'oidc',
    title: 'IAM',
    issuer: 'https://iam.example.org/',
    endpoints: { authorize: '', token: '', userinfo: '' },
    clientId: 'harbor',
    clientSecret: { name: 's', key: 'k' },
    scopes: ['openid'],
    usernameClaim: 'sub',
    groupsClaim: undefined,
  } as const;
  expect(refusal({ login, adminGroup: 'admins' })).toContain(
    "'adminGroup' is 'admins', but the provider 'IAM' does not say who is in which group",
  );
});

test('names every problem at once', () => {
  const message = refusal({ host: 'x', replicas: { registry: 2 }, rotations: { csrf: -1 } });
  expect(message.split('\n')).toHaveLength(4);
});
