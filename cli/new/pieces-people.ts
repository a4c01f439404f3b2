import type { NewSite } from './answers';
import { block, type Piece, type PieceFile } from './piece';

/** How the services of a site know a provider: their names there, and in the settings that hold their secrets. */
const CLIENTS = { registry: 'harbor', notebooks: 'jupyterhub', reana: 'reana' } as const;

/** How services know people. */
export function identityPiece(site: NewSite): Piece {
  const base = {
    imports: [['IdentityStack', 'stacks/identity-stack']],
    build:
      "const { identity } = new IdentityStack(app, 'Identity', { people, ingress: edge.ingress });",
  } as const;
  switch (site.identity) {
    case 'oidc':
      return {
        ...base,
        whole: ['provider', 'service-facts'],
        facts: block(`
# The OpenID Connect provider. Each service has a client there; its secret is the encrypted setting beamline:<client>-client.
provider:
  title: Example Lab
  issuer: https://login.example.org/realms/site
  admins: { groups: [site-admins] }
`),
        beside: peopleFile((prefix) => oidc(site, prefix)),
        readme: ['provider', 'the provider, and the groups of those who run the services'],
      };
    case 'ldap':
      return {
        ...base,
        ...DIRECTORY,
        beside: peopleFile((prefix) =>
          people(prefix, "{ kind: 'ldap', directory: site.directory }"),
        ),
      };
    case 'dex':
      return {
        ...base,
        ...DIRECTORY,
        schemas: ['facts', 'hostName'],
        schema: 'login: facts({ host: hostName }),',
        facts: `${DIRECTORY.facts}\n\n${block(`
# Where people log in: the address that Dex has.
login:
  host: login.example.org
`)}`,
        beside: peopleFile((prefix) =>
          people(
            prefix,
            "{\n  kind: 'dex',\n  host: site.login.host,\n  directory: site.directory,\n  reach: 'internal',\n}",
          ),
        ),
      };
    case 'none':
      return {};
  }
}

const DIRECTORY = {
  whole: ['directory', 'service-facts'],
  facts: block(`
# The directory, and where it keeps people and groups. 'beamline identity' tells whom the filters fit.
directory:
  title: Example Lab
  url: ldaps://ldap.example.org
  admins: { groups: [site-admins] }
  # The groups that services may name.
  groups: [site-admins, analysis, analysis-admins]
  users: { base: 'ou=people,dc=example,dc=org', filter: (objectClass=posixAccount), attribute: uid }
  groupSearch:
    base: ou=groups,dc=example,dc=org
    filter: (objectClass=groupOfNames)
    attribute: cn
    member: member
`),
  readme: ['directory', 'the directory, and the groups of those who run the services'],
} as const;

function peopleFile(text: PieceFile['text']): PieceFile {
  return { name: 'people', gives: 'people', what: 'who people are', text };
}

function people(prefix: string, value: string): string {
  return `import type { PeopleChoice } from '${prefix}/stacks/identity-stack';
import { site } from './site';

/** Who people are: the same for every service. */
export const people: PeopleChoice = ${value};
`;
}

function oidc({ run }: NewSite, prefix: string): string {
  const services = (['registry', 'notebooks', 'reana'] as const).filter((one) => run.includes(one));
  const clients = services.map((service) => {
    const id = CLIENTS[service];
    return `    ${id}: { id: '${id}', secret: secretFromConfig('${id}-client') },\n`;
  });
  return `import { secretFromConfig } from '${prefix}/constructs/kit/secret-value';
import type { PeopleChoice } from '${prefix}/stacks/identity-stack';
import { site } from './site';

/** Who people are: the same for every service. */
export const people: PeopleChoice = {
  kind: 'oidc',
  product: 'keycloak',
  ...site.provider,
  clients: {
${clients.join('')}  },
};
`;
}
