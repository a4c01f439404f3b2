import { App, Chart } from 'cdk8s';

import type { IIdentityProvider } from '../../constructs/contracts';
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
