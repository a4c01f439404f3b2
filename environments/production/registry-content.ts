import { secretFromConfig } from '../../constructs/kit/secret-value';
import type {
  HarborMember,
  HarborProject,
  RemoteRegistry,
} from '../../constructs/registry/content-props';
import type { RegistryStackProps } from '../../stacks/registry-stack';
import { site } from './site';

const { caches, dockerHub, partner, tenantGiB } = site.registry;
type Tenant = (typeof site.tenants)[number];

/** What is inside the registry: the site's own images, a project a tenant, caches, and copies for a partner. */
export const registryContent: RegistryStackProps['content'] = {
  registries: {
    'docker-hub': {
      type: 'docker-hub',
      url: 'https://hub.docker.com',
      login: { user: dockerHub.user, password: secretFromConfig('dockerHubToken') },
    },
    ...Object.fromEntries(
      caches.map(({ name, url }): [string, RemoteRegistry] => [
        name,
        { type: 'docker-registry', url },
      ]),
    ),
    partner: {
      type: 'harbor',
      url: partner.url,
      login: { user: partner.user, password: secretFromConfig('partnerToken') },
    },
  },
  projects: {
    // Nodes pull what the site itself runs on; nothing in it is secret.
    beamline: {
      public: true,
      quotaGiB: 100,
      members: [{ who: { group: 'computing' }, role: 'maintainer' }],
    },
    'docker-hub': cacheOf('docker-hub', dockerHub.quotaGiB),
    ...Object.fromEntries(
      caches.map(({ name, quotaGiB }): [string, HarborProject] => [name, cacheOf(name, quotaGiB)]),
    ),
    ...Object.fromEntries(
      site.tenants.map((tenant): [string, HarborProject] => [tenant.name, projectOf(tenant)]),
    ),
  },
  replications: {
    'production-to-partner': {
      direction: 'push',
      registry: 'partner',
      repositories: 'production-jobs/**',
      tags: 'v**',
      to: 'example-lab',
      when: 'pushed',
    },
  },
};

/** A cache for everybody at the site. What nobody pulled for a quarter is fetched anew when it is wanted. */
function cacheOf(registry: string, quotaGiB: number): HarborProject {
  return {
    public: true,
    quotaGiB,
    cacheOf: registry,
    retention: {
      schedule: '0 0 3 * * 0',
      keep: [{ rule: { pulledWithinDays: 90 }, repositories: '**', tags: '**' }],
    },
  };
}

/** A tenant pushes what it likes; what can be broken into is not handed out, and what is old and unused goes. */
function projectOf({ name, admins, editors, viewers }: Tenant): HarborProject {
  return {
    quotaGiB: tenantGiB,
    refuseFrom: 'critical',
    members: [
      ...members(admins?.groups, 'maintainer'),
      ...members(editors?.groups, 'developer'),
      ...members(viewers?.groups, 'guest'),
    ],
    robots: { puller: { may: ['pull'], pullSecretsIn: [name] } },
    retention: {
      schedule: '0 30 3 * * 0',
      keep: [
        { rule: { newest: 10 }, repositories: '**', tags: '**' },
        { rule: { pulledWithinDays: 180 }, repositories: '**', tags: '**' },
      ],
    },
  };
}

function members(
  groups: readonly string[] | undefined,
  role: HarborMember['role'],
): HarborMember[] {
  return (groups ?? []).map((group) => ({ who: { group }, role }));
}
