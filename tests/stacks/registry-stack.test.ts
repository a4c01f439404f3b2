import { App, Chart } from 'cdk8s';

import type { IIdentityProvider } from '../../constructs/contracts';
import { GivenObjectStore } from '../../constructs/storage/given-object-store';
import { secretFromConfig } from '../../constructs/kit/secret-value';
import { attachTarget, Target } from '../../constructs/targets';
import { PlatformNamespace } from '../../constructs/tenancy/platform-namespace';
import { RegistryStack, type RegistryStackProps } from '../../stacks/registry-stack';
import { minimal } from '../constructs/registry/support';
import { messageFrom } from '../support/message';
import { Synthesized } from '../support/synth';

const identity: IIdentityProvider = {
  groups: ['cms'],
  admins: { users: [], groups: ['cms'] },
  selfRegistration: false,
  login: () => ({
    kind: 'oidc',
    title: 'Example Lab',
    issuer: 'https://login.example.org',
    endpoints: { authorize: 'https://a', token: 'https://t', userinfo: 'https://u' },
    clientId: 'harbor',
    clientSecret: { name: 'harbor-login', key: 'client-secret' },
    scopes: ['openid'],
    usernameClaim: 'preferred_username',
    groupsClaim: 'groups',
  }),
};

function stackWith(group: string): Synthesized {
  const app = new App();
  attachTarget(app, Target.parse('kubernetes 1.34'));
  new PlatformNamespace(new Chart(app, 'Jobs', { namespace: 'cms' }), 'Namespace', {
    partOf: 'cms',
  });
  const content: RegistryStackProps['content'] = {
    projects: {
      cms: {
        quotaGiB: 10,
        members: [{ who: { group }, role: 'developer' }],
        robots: { puller: { may: ['pull'], pullSecretsIn: ['cms'] } },
      },
    },
  };
  new RegistryStack(app, 'Registry', { ...minimal, identity, content });
  return new Synthesized(app);
}

test('what is inside goes with the registry, and its groups are those of the identity provider', () => {
  const tree = stackWith('cms');
  expect(tree.names('HarborProject')).toEqual(['cms']);
  expect(tree.one('HarborMember')['spec']).toMatchObject({ kind: 'group', people: 'oidc' });
  expect(tree.one('Secret', 'pull-cms-puller').metadata.namespace).toBe('cms');
  expect(messageFrom(() => stackWith('atlas'))).toContain(
    "'projects.cms.members' must be groups of the identity provider (cms), got 'atlas'",
  );
});

test('without a word on what is inside, people see to that', () => {
  const app = new App();
  attachTarget(app, Target.parse('kubernetes 1.34'));
  new RegistryStack(app, 'Registry', minimal);
  expect(new Synthesized(app).all('HarborProject')).toEqual([]);
});

test('layers go to the object store of the site, whose keys come with the bucket', () => {
  const app = new App();
  attachTarget(app, Target.parse('kubernetes 1.34'));
  const store = new GivenObjectStore(app, 'Objects', {
    endpoint: 'https://rgw.example.org:8443',
    region: 'lab',
    buckets: {
      'registry/images': {
        bucket: 'site-images',
        keys: {
          from: 'settings',
          accessKey: secretFromConfig('imagesAccessKey'),
          secretKey: secretFromConfig('imagesSecretKey'),
        },
      },
    },
  });
  const storage = { kind: 'objects', store, redirect: false, folder: '/harbor' } as const;
  new RegistryStack(app, 'Registry', { ...minimal, storage });
  const tree = new Synthesized(app);
  const config = JSON.stringify(tree.one('ConfigMap', 'harbor-registry')['data']);
  for (const line of ['region: lab', 'bucket: site-images', 'https://rgw.example.org:8443'])
    expect(config).toContain(line);
  expect(tree.one('Secret', 'bucket-images').metadata.namespace).toBe('registry');
  expect(JSON.stringify(tree.one('Deployment', 'harbor-registry'))).toContain(
    '{"key":"AWS_SECRET_ACCESS_KEY","name":"bucket-images"}',
  );
  expect(() => new RegistryStack(app, 'Second', { ...minimal, namespace: 'two', storage })).toThrow(
    /'buckets' must have 'two\/images'/,
  );
});
