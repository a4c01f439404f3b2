import type { NewSite } from './answers';
import { block, type Piece } from './piece';

const IDENTITY_IMPORTS = [
  ['IdentityStack', 'stacks/identity-stack'],
  ['secretFromConfig', 'constructs/kit/secret-value'],
] as const;

/** How services know people. */
export function identityPiece(identity: 'oidc' | 'ldap'): Piece {
  switch (identity) {
    case 'oidc':
      return {
        imports: IDENTITY_IMPORTS,
        schemas: ['facts', 'listOf', 'text'],
        schema: block(`
identity: facts({
  title: text('what the login button says'),
  issuer: text('the address of the provider, as its tokens name it'),
  adminGroups: listOf(text('a group'), 'groups'),
}),
`),
        facts: block(`
# The OpenID Connect provider. The client's secret is the encrypted setting beamline:harbor-client.
identity:
  title: Example Lab
  issuer: https://login.example.org/realms/site
  adminGroups: [site-admins]
`),
        build: block(`
const { title, issuer, adminGroups } = site.identity;
const { identity } = new IdentityStack(app, 'Identity', {
  people: {
    kind: 'oidc',
    product: 'keycloak',
    title,
    issuer,
    admins: { groups: adminGroups },
    clients: { harbor: { id: 'harbor', secret: secretFromConfig('harbor-client') } },
  },
  ingress: edge.ingress,
});
`),
        readme: ['identity', 'the provider, and the groups of those who run the services'],
      };
    case 'ldap':
      return {
        imports: IDENTITY_IMPORTS.slice(0, 1),
        schemas: ['facts', 'listOf', 'text'],
        schema: block(`
identity: facts({
  title: text('what the login button says'),
  url: text('the address of the directory'),
  people: text('the distinguished name below which people are'),
  groups: text('the distinguished name below which groups are'),
  adminGroups: listOf(text('a group'), 'groups'),
}),
`),
        facts: block(`
# The directory, and where it keeps people and groups. 'beamline identity' tells whom the filters fit.
identity:
  title: Example Lab
  url: ldaps://ldap.example.org
  people: ou=people,dc=example,dc=org
  groups: ou=groups,dc=example,dc=org
  adminGroups: [site-admins]
`),
        build: block(`
const { title, url, people, groups, adminGroups } = site.identity;
const { identity } = new IdentityStack(app, 'Identity', {
  people: {
    kind: 'ldap',
    directory: {
      title,
      url,
      admins: { groups: adminGroups },
      users: { base: people, filter: '(objectClass=posixAccount)', attribute: 'uid' },
      groupSearch: {
        base: groups,
        filter: '(objectClass=groupOfNames)',
        attribute: 'cn',
        member: 'member',
      },
    },
  },
  ingress: edge.ingress,
});
`),
        readme: ['identity', 'the directory, and the groups of those who run the services'],
      };
  }
}

/** The registry, on the site's storage. */
export function registryPiece({ identity }: NewSite): Piece {
  return {
    imports: [['RegistryStack', 'stacks/registry-stack']],
    schemas: ['count', 'facts', 'hostName'],
    schema: "registry: facts({ host: hostName, layersGiB: count('GiB for layers of images', 1) }),",
    facts: block(`
# The registry: where clients push and pull, and room for the layers of images.
registry:
  host: registry.example.org
  layersGiB: 500
`),
    build: block(`
const { host, layersGiB } = site.registry;
const registry = new RegistryStack(app, 'Registry', {
  host,
  ingress: edge.ingress,
  storage: { kind: 'claim', size: \`\${layersGiB}Gi\`, class: storage },
  database: {
    kind: 'inside',
    size: '20Gi',
    class: storage,
    backup: { schedule: '30 1 * * *', keepDays: 30, size: '20Gi', class: storage },
  },
  redis: { kind: 'inside', size: '2Gi', class: storage },
  trivy: { size: '10Gi', class: storage },
${identity === 'none' ? '' : '  identity,\n'}});
registry.addDependency(edge);
`),
    readme: ['registry', 'its host name, and room for images'],
  };
}
