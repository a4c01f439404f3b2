import { Chart } from 'cdk8s';

import { generatedSecret } from '../../../constructs/kit/secret-value';
import { isolatedNamespace } from '../../../constructs/kit/namespace';
import { Harbor } from '../../../constructs/registry/harbor';
import { HarborContent } from '../../../constructs/registry/harbor-content';
import type { HarborContentProps } from '../../../constructs/registry/content-props';
import type { HarborProps } from '../../../constructs/registry/harbor-props';
import { messageFrom } from '../../support/message';
import { appFor, Synthesized } from '../../support/synth';
import { minimal } from './support';

const login: HarborProps['login'] = {
  kind: 'oidc',
  title: 'IAM',
  issuer: 'https://iam.example.org/',
  endpoints: { authorize: '', token: '', userinfo: '' },
  clientId: 'harbor',
  clientSecret: { name: 's', key: 'k' },
  scopes: ['openid'],
  usernameClaim: 'sub',
  groupsClaim: 'groups',
};

type Content = Omit<HarborContentProps, 'harbor'>;

function made(content: Content, more: Partial<HarborProps> = { login }) {
  const app = appFor();
  const part = { name: 'tenant', instance: 'cms', component: 'namespace', partOf: 'tenancy' };
  isolatedNamespace(new Chart(app, 'Tenant', { namespace: 'cms-jobs' }), 'Namespace', part);
  const chart = new Chart(app, 'Registry', { namespace: 'registry' });
  const harbor = new Harbor(chart, 'Harbor', { ...minimal, ...more });
  const subject = new HarborContent(chart, 'Content', { harbor, ...content });
  return { objects: new Synthesized(app), problems: subject.node.validate() };
}

const full: Content = {
  registries: {
    hub: {
      type: 'docker-hub',
      url: 'https://hub.docker.com',
      login: { user: 'site', password: { from: 'config', key: 'docker-hub' } },
    },
  },
  projects: {
    dockerhub: { quotaGiB: 'unlimited', cacheOf: 'hub', public: true },
    cms: {
      quotaGiB: 200,
      refuseFrom: 'critical',
      members: [{ who: { group: 'cms-admins' }, role: 'admin' }],
      robots: { puller: { may: ['pull'], pullSecretsIn: ['cms-jobs'] } },
      retention: {
        schedule: '0 0 2 * * *',
        keep: [{ rule: { newest: 10 }, repositories: '**', tags: '**' }],
      },
    },
  },
  replications: {
    nightly: {
      direction: 'push',
      registry: 'hub',
      repositories: 'cms/**',
      tags: 'v*',
      to: 'site',
      when: { schedule: '0 0 3 * * *' },
    },
  },
};

test('everything inside is planned as an object of its own', () => {
  const { objects, problems } = made(full);
  expect(problems).toEqual([]);
  expect(objects.names('HarborProject')).toEqual(['cms', 'dockerhub']);
  expect(objects.one('HarborProject', 'cms')).toMatchObject({
    apiVersion: 'harbor.beamline/v1',
    connection: {
      url: 'https://registry.example.org',
      username: 'admin',
      password: '${secret:generated:harbor/admin:32:0}',
    },
    spec: { quotaGiB: 200, scanOnPush: true, refuseFrom: 'critical', public: false, cacheOf: '' },
  });
  expect(objects.one('HarborRegistry')['spec']).toMatchObject({
    password: '${secret:config:docker-hub}',
  });
  expect(objects.one('HarborMember')['spec']).toMatchObject({ who: 'cms-admins', people: 'oidc' });
  expect(objects.one('HarborReplication')['spec']).toMatchObject({ when: 'scheduled' });
  expect(objects.names('HarborRetention')).toEqual(['cms.retention']);
});

test('the token of a robot is in the pull Secret of each namespace, never in clear', () => {
  const { objects } = made(full);
  const secret = objects.one('Secret', 'pull-cms-puller');
  expect(secret).toMatchObject({
    metadata: { namespace: 'cms-jobs' },
    type: 'kubernetes.io/dockerconfigjson',
  });
  const token = 'harbor/robot/cms/puller:32:0';
  expect(JSON.stringify(secret['stringData'])).toContain(`Rb1\${secret:generated:${token}}`);
  expect(JSON.stringify(secret['stringData'])).toContain(
    `\${secret:base64:${token}:robot$cms+puller:Rb1}`,
  );
  expect(objects.one('HarborRobot')['spec']).toMatchObject({
    token: `Rb1\${secret:generated:${token}}`,
  });
});

test('a robot whose token is asked for in a namespace that nobody makes is a problem of the plan', () => {
  const robots = { puller: { may: ['pull'] as const, pullSecretsIn: ['cms-job'] } };
  expect(made({ projects: { cms: { quotaGiB: 1, robots } } }).problems).toEqual([
    "robot 'cms.puller' is to have its token in namespace 'cms-job', which nothing in the plan makes; there are cms-jobs",
  ]);
});

test.each<[string, Content, string]>([
  [
    'a quota of nothing',
    { projects: { a: { quotaGiB: 0 } } },
    "'projects.a.quotaGiB' must be a whole number from 1 or 'unlimited', got 0",
  ],
  [
    'a cache of a registry that is not there',
    { projects: { a: { quotaGiB: 1, cacheOf: 'quay' } } },
    "'projects.a.cacheOf' must be one of 'registries' (), got 'quay'",
  ],
  ['a name in capitals', { projects: { CMS: { quotaGiB: 1 } } }, "got 'CMS'"],
  [
    'a robot that may do nothing',
    { projects: { a: { quotaGiB: 1, robots: { r: { may: [], pullSecretsIn: [] } } } } },
    "'projects.a.robots.r.may' must name something, got nothing",
  ],
  [
    'a pull Secret that cannot pull',
    {
      projects: {
        a: { quotaGiB: 1, robots: { r: { may: ['push'], pullSecretsIn: ['cms-jobs'] } } },
      },
    },
    "must have 'pull', as pods are to pull with it, got push",
  ],
  [
    'a robot for half a day',
    {
      projects: {
        a: { quotaGiB: 1, robots: { r: { may: ['pull'], days: 0.5, pullSecretsIn: [] } } },
      },
    },
    "'projects.a.robots.r.days' must be a whole number from 1 or 'never', got 0.5",
  ],
  [
    'a robot that pushes to a cache',
    {
      registries: { hub: { type: 'docker-hub', url: 'https://hub.docker.com' } },
      projects: {
        a: { quotaGiB: 1, cacheOf: 'hub', robots: { r: { may: ['push'], pullSecretsIn: [] } } },
      },
    },
    "'projects.a.robots' must not push: a cache takes images from 'hub' only",
  ],
  [
    'a member with two roles',
    {
      projects: {
        a: {
          quotaGiB: 1,
          members: [
            { who: { user: 'ann' }, role: 'guest' },
            { who: { user: 'ann' }, role: 'admin' },
          ],
        },
      },
    },
    "'projects.a.members' names the user 'ann' twice; a member has one role",
  ],
  [
    'cron of five fields',
    {
      projects: {
        a: {
          quotaGiB: 1,
          retention: {
            schedule: '0 2 * * *',
            keep: [{ rule: { newest: 1 }, repositories: '**', tags: '**' }],
          },
        },
      },
    },
    "must be six fields of cron, the first for seconds, as '0 0 2 * * *', got '0 2 * * *'",
  ],
  [
    'a retention that keeps nothing',
    { projects: { a: { quotaGiB: 1, retention: { schedule: '0 0 2 * * *', keep: [] } } } },
    'without a rule everything would be deleted',
  ],
  [
    'a pull when something is pushed',
    {
      registries: { hub: { type: 'docker-hub', url: 'https://hub.docker.com' } },
      projects: {},
      replications: {
        r: {
          direction: 'pull',
          registry: 'hub',
          repositories: '**',
          tags: '**',
          to: 'x',
          when: 'pushed',
        },
      },
    },
    "nobody tells this Harbor what is pushed to 'hub'",
  ],
  [
    'a registry without a scheme',
    { registries: { hub: { type: 'docker-hub', url: 'hub.docker.com' } }, projects: {} },
    "'registries.hub.url' must be a URL, got 'hub.docker.com'",
  ],
])('refuses %s', (_, content, message) => {
  expect(messageFrom(() => made(content))).toContain(message);
});

test('refuses groups that nobody knows', () => {
  const members = [{ who: { group: 'cms' }, role: 'guest' }] as const;
  const content: Content = { projects: { a: { quotaGiB: 1, members } } };
  expect(messageFrom(() => made(content, {}))).toContain(
    "'projects.a.members' names the group 'cms', but Harbor itself knows no groups; give it an identity provider",
  );
  const identity = {
    groups: ['atlas'],
    admins: { users: [], groups: [] },
    selfRegistration: false,
    login: () => login,
  };
  expect(messageFrom(() => made({ ...content, identity }))).toContain(
    "'projects.a.members' must be groups of the identity provider (atlas), got 'cms'",
  );
});

test('a new token is a rotation away', () => {
  const robots = { puller: { may: ['pull'] as const, pullSecretsIn: [], rotation: 3 } };
  const { objects } = made({ projects: { cms: { quotaGiB: 1, robots } } });
  expect(JSON.stringify(objects.one('HarborRobot'))).toContain('harbor/robot/cms/puller:32:3');
  expect(generatedSecret('harbor/robot/cms/puller', { rotation: 3 })).toMatchObject({
    rotation: 3,
  });
});
