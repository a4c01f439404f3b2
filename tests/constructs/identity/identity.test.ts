import { App, Chart } from 'cdk8s';
import { parse } from 'yaml';

import type { IIngress, LoginRequest } from '../../../constructs/contracts';
import { Dex } from '../../../constructs/identity/dex';
import { GroupSync } from '../../../constructs/identity/group-sync';
import type {
  LdapIdentityProps,
  OidcIdentityProps,
} from '../../../constructs/identity/identity-props';
import { Kerberos } from '../../../constructs/identity/kerberos';
import { LdapIdentity } from '../../../constructs/identity/ldap-identity';
import { OidcIdentity } from '../../../constructs/identity/oidc-identity';
import { OkdLogin } from '../../../constructs/identity/okd-login';
import { findingsOf } from '../../../constructs/kit/findings';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import { houseRuleProblems } from '../../support/house-rules';
import { messageFrom } from '../../support/message';
import { chartFor, synth, Synthesized, type Rendered } from '../../support/synth';

const directory: LdapIdentityProps = {
  title: 'Example Lab',
  admins: { groups: ['site-admins'] },
  groups: ['site-admins', 'analysis'],
  url: 'ldaps://ldap.example.org',
  bind: { dn: 'cn=reader,dc=example,dc=org', password: secretFromConfig('ldapPassword') },
  users: {
    base: 'ou=people,dc=example,dc=org',
    filter: '(objectClass=posixAccount)',
    attribute: 'uid',
  },
  groupSearch: {
    base: 'ou=groups,dc=example,dc=org',
    filter: '(objectClass=groupOfNames)',
    attribute: 'cn',
    member: 'member',
  },
};
const provider: OidcIdentityProps = {
  title: 'Example SSO',
  admins: { users: ['anna'] },
  product: 'keycloak',
  issuer: 'https://sso.example.org/realms/site',
  clients: {
    harbor: { id: 'harbor-client', secret: secretFromConfig('harborClient') },
    okd: { id: 'okd', secret: secretFromConfig('okdClient') },
  },
};
/** A front door that serves one host. */
const ingress: IIngress = {
  route: () => undefined,
  serves: (url) => url.startsWith('https://harbor.example.org/'),
};
const ask = (scope: Chart, more: Partial<LoginRequest> = {}): LoginRequest => ({
  scope,
  name: 'harbor',
  redirectUris: ['https://harbor.example.org/c/oidc/callback'],
  ...more,
});

/** What the validations of a chart's tree say. */
function complaints(chart: Chart): string[] {
  return chart.node.findAll().flatMap((construct) => construct.node.validate());
}

describe('an OpenID Connect provider', () => {
  test('tells a service where to ask, and puts its secret beside it', () => {
    const chart = chartFor();
    const login = new OidcIdentity(chart, 'People', provider).login(ask(chart));
    expect(login).toEqual({
      kind: 'oidc',
      title: 'Example SSO',
      issuer: 'https://sso.example.org/realms/site',
      endpoints: {
        authorize: 'https://sso.example.org/realms/site/protocol/openid-connect/auth',
        token: 'https://sso.example.org/realms/site/protocol/openid-connect/token',
        userinfo: 'https://sso.example.org/realms/site/protocol/openid-connect/userinfo',
      },
      clientId: 'harbor-client',
      clientSecret: { name: 'harbor-login', key: 'client-secret' },
      scopes: ['openid', 'profile', 'email'],
      usernameClaim: 'preferred_username',
      groupsClaim: 'groups',
    });
    expect(new Synthesized(chart).one('Secret', 'harbor-login')).toMatchObject({
      stringData: { 'client-secret': '${secret:config:harborClient}' },
    });
  });

  test.each([
    ['cilogon', 'https://cilogon.org', 'https://cilogon.org/oauth2/token', 'isMemberOf'],
    ['indigo-iam', 'https://iam.example.org/', 'https://iam.example.org/token', 'groups'],
    [
      'cern-sso',
      'https://sso.example.org/auth/realms/cern',
      'https://sso.example.org/auth/realms/cern/protocol/openid-connect/token',
      'cern_roles',
    ],
    ['dex', 'https://dex.example.org', 'https://dex.example.org/token', 'groups'],
  ] as const)('knows %s', (product, issuer, token, groupsClaim) => {
    const chart = chartFor();
    const people = new OidcIdentity(chart, 'People', { ...provider, product, issuer });
    expect(people.login(ask(chart))).toMatchObject({ endpoints: { token }, groupsClaim });
  });

  test('takes every address, scope and claim from a site that names them', () => {
    const chart = chartFor();
    const endpoints = {
      authorize: 'https://a.example.org',
      token: 'https://t.example.org',
      userinfo: 'https://u.example.org',
    };
    const people = new OidcIdentity(chart, 'People', {
      ...provider,
      product: 'other',
      endpoints,
      scopes: ['openid', 'roles'],
      usernameClaim: 'sub',
      groupsClaim: 'none',
    });
    expect(people.login(ask(chart))).toMatchObject({
      endpoints,
      scopes: ['openid', 'roles'],
      usernameClaim: 'sub',
      groupsClaim: undefined,
    });
  });

  test('refuses a service that is not registered, and says what to register', () => {
    const chart = chartFor();
    const people = new OidcIdentity(chart, 'People', provider);
    expect(messageFrom(() => people.login(ask(chart, { name: 'reana' })))).toBe(
      "identity 'test/People': no client is registered for 'reana'; register it with Example SSO " +
        '(redirect URI https://harbor.example.org/c/oidc/callback) and name it under clients; there are: harbor, okd',
    );
  });

  test('a redirect URI that no route serves is a problem of the tree', () => {
    const chart = chartFor();
    const people = new OidcIdentity(chart, 'People', { ...provider, ingress });
    people.login(
      ask(chart, {
        redirectUris: ['https://other.example.org/back', 'http://harbor.example.org/x'],
      }),
    );
    expect(complaints(chart)).toEqual([
      "login 'harbor': redirect URI 'http://harbor.example.org/x' must begin with https:// and have a path",
      "login 'harbor': no route serves the redirect URI 'https://other.example.org/back'; publish the service under that host and path, or correct the URI",
    ]);
  });

  test('one that is served is none', () => {
    const chart = chartFor();
    new OidcIdentity(chart, 'People', { ...provider, ingress }).login(ask(chart));
    expect(complaints(chart)).toEqual([]);
  });

  test('everything that is wrong is said at once', () => {
    const wrong: OidcIdentityProps = {
      ...provider,
      product: 'other',
      issuer: 'http://sso.example.org',
      scopes: ['profile'],
      admins: {},
      selfRegistration: 'yes',
      clients: { harbor: { id: '', secret: secretFromConfig('a') } },
    };
    expect(messageFrom(() => synth(OidcIdentity, wrong))).toBe(
      [
        "OidcIdentity 'test/Subject' has invalid props:",
        "  - issuer must be a URL that begins with https://, got 'http://sso.example.org'",
        "  - product 'other' needs endpoints; they are in the provider's /.well-known/openid-configuration",
        "  - scopes must contain 'openid', got profile",
        '  - clients.harbor.id must not be empty',
        "  - admins must name at least one user or group, or nobody can run the site's services",
        "  - selfRegistration must say why accounts are open, in a sentence, got 'yes'",
      ].join('\n'),
    );
  });
});

describe('a directory', () => {
  test('is told to a service as it is, with the password beside it', () => {
    const chart = chartFor();
    const people = new LdapIdentity(chart, 'People', directory);
    expect(people).toMatchObject({
      groups: ['site-admins', 'analysis'],
      admins: { users: [], groups: ['site-admins'] },
      selfRegistration: false,
    });
    expect(people.login(ask(chart))).toMatchObject({
      kind: 'ldap',
      url: 'ldaps://ldap.example.org',
      bind: {
        dn: 'cn=reader,dc=example,dc=org',
        password: { name: 'harbor-login', key: 'bind-password' },
      },
    });
  });

  test('hands its authority and where people show their groups to services', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    const chart = chartFor();
    const people = new LdapIdentity(chart, 'People', { ...directory, ca });
    expect(people.login(ask(chart))).toMatchObject({
      authorities: ca,
      groupSearch: { memberOf: 'memberOf' },
    });
  });

  test('everything that is wrong with it is said at once', () => {
    const wrong: LdapIdentityProps = {
      ...directory,
      admins: { groups: ['wheel'] },
      url: 'ldap.example.org',
      bind: { dn: 'reader', password: secretFromConfig('a') },
      users: { base: 'people', filter: '(uid=*', attribute: 'u id' },
      groupSearch: { ...directory.groupSearch, filter: '(a=b)(c=d)' },
      ca: 'nonsense',
    };
    expect(
      messageFrom(() => synth(LdapIdentity, wrong))
        .split('\n  - ')
        .slice(1),
    ).toEqual([
      "url must be ldaps://<host>[:port] or ldap://<host>[:port], without a path, got 'ldap.example.org'",
      "bind.dn must be a distinguished name such as 'ou=people,dc=example,dc=org', got 'reader'",
      "users.base must be a distinguished name such as 'ou=people,dc=example,dc=org', got 'people'",
      "users.filter must be one LDAP filter in parentheses, such as '(objectClass=posixAccount)', got '(uid=*'",
      "groupSearch.filter must be one LDAP filter in parentheses, such as '(objectClass=posixAccount)', got '(a=b)(c=d)'",
      "users.attribute must be the name of an attribute, such as 'uid', got 'u id'",
      'ca must be certificates in PEM, beginning with -----BEGIN CERTIFICATE-----',
      "admins.groups: 'wheel' is none of the provider's groups (site-admins, analysis)",
    ]);
  });
});

describe('Dex', () => {
  const props = { directory, host: 'login.example.org', ingress };

  /** Dex with one service that logs in through it. */
  function dex(more: object = {}): Synthesized {
    const chart = chartFor();
    new Dex(chart, 'Dex', { ...props, ...more }).login(ask(chart));
    return new Synthesized(chart);
  }

  test('follows the house rules, and has rights over its own objects alone', () => {
    const tree = dex();
    expect(tree.objects.flatMap((one) => houseRuleProblems(one, tree.exceptions))).toEqual([]);
    expect(tree.all('ClusterRole')).toEqual([]);
    expect(tree.names('CustomResourceDefinition')).toHaveLength(10);
  });

  test('knows the services that asked for a login, and only by a secret that is made once', () => {
    const secret = '${secret:generated:dex/harbor:40:0}';
    const tree = dex();
    const config: unknown = parse(textIn(tree.one('Secret', 'dex'), 'config.yaml'));
    expect(config).toMatchObject({
      issuer: 'https://login.example.org',
      staticClients: [
        { id: 'harbor', redirectURIs: ['https://harbor.example.org/c/oidc/callback'], secret },
      ],
      connectors: [{ config: { host: 'ldap.example.org:636', bindPW: '$DEX_BIND_PASSWORD' } }],
    });
    expect(tree.one('Secret', 'harbor-login')).toMatchObject({
      stringData: { 'client-secret': secret },
    });
  });

  test('refuses what it cannot do', () => {
    const wrong = {
      host: 'login',
      replicas: 0,
      directory: {
        ...directory,
        selfRegistration: 'because we are open',
        users: { ...directory.users, filter: '(uid=$x)' },
      },
    };
    expect(
      messageFrom(() => dex(wrong))
        .split('\n  - ')
        .slice(1),
    ).toEqual([
      "host must be a host name such as 'login.example.org', got 'login'",
      'replicas must be 1 or more, got 0',
      "'(uid=$x)' must not contain '$', which Dex takes for the beginning of a variable",
      'selfRegistration cannot be had: a directory has no accounts that people make themselves',
    ]);
    const chart = chartFor('okd 3.11');
    expect(messageFrom(() => new Dex(chart, 'Dex', props))).toContain(
      "which 'okd 3.11' does not serve",
    );
  });

  test('one service asks once', () => {
    const chart = chartFor();
    const people = new Dex(chart, 'Dex', props);
    people.login(ask(chart));
    expect(messageFrom(() => people.login(ask(chart)))).toContain("'harbor' has a login already");
  });
});

describe("OKD's groups", () => {
  test.each(['okd 4.21', 'okd 3.11'] as const)(
    'follow the directory on %s with rights over groups alone',
    (target) => {
      const tree = synth(GroupSync, { directory, schedule: '0 * * * *' }, target);
      expect(tree.one('CronJob')).toMatchObject({
        spec: { schedule: '0 * * * *', concurrencyPolicy: 'Forbid' },
      });
      expect(tree.one('ClusterRole')).toMatchObject({
        rules: [{ apiGroups: ['user.openshift.io'], resources: ['groups'] }],
      });
      expect(tree.objects.flatMap((one) => houseRuleProblems(one, tree.exceptions))).toEqual([]);
    },
  );

  test('are nothing that Kubernetes has', () => {
    expect(messageFrom(() => synth(GroupSync, { directory }))).toContain(
      "'kubernetes 1.34' does not have",
    );
  });
});

describe('logging in to OKD', () => {
  const ca = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';

  test('by the directory, on OKD 4', () => {
    const tree = synth(
      OkdLogin,
      { kind: 'ldap', directory: { ...directory, ca } } as const,
      'okd 4.21',
    );
    expect(tree.one('OAuth')).toMatchObject({
      metadata: { name: 'cluster' },
      spec: {
        identityProviders: [
          {
            name: 'Example Lab',
            mappingMethod: 'claim',
            type: 'LDAP',
            ldap: {
              url: 'ldaps://ldap.example.org/ou=people,dc=example,dc=org?uid?sub?(objectClass=posixAccount)',
              bindPassword: { name: 'beamline-login' },
              ca: { name: 'beamline-login' },
            },
          },
        ],
      },
    });
    expect(tree.one('Secret')).toMatchObject({
      metadata: { namespace: 'openshift-config' },
      stringData: { bindPassword: '${secret:config:ldapPassword}' },
    });
  });

  test('by a provider, on OKD 4', () => {
    const tree = synth(OkdLogin, { kind: 'oidc', provider } as const, 'okd 4.6');
    expect(tree.one('OAuth')).toMatchObject({
      spec: {
        identityProviders: [
          { type: 'OpenID', openID: { clientID: 'okd', issuer: provider.issuer } },
        ],
      },
    });
  });

  test.each([
    [{ kind: 'ldap', directory } as const, 'LDAPPasswordIdentityProvider'],
    [{ kind: 'oidc', provider } as const, 'OpenIDIdentityProvider'],
  ])('on 3.11 as a file for its administrator', (props, kind) => {
    const tree = synth(OkdLogin, props, 'okd 3.11');
    expect(tree.all('OAuth')).toEqual([]);
    expect(tree.all('Secret')).toEqual([]);
    const text = textIn(tree.one('ConfigMap'), 'identity-providers.yaml');
    expect(parse(text)).toMatchObject({
      oauthConfig: { identityProviders: [{ provider: { kind } }] },
    });
    expect(text).not.toContain('${secret');
  });

  test("on 3.11 the directory's authorities are beside the file that names them", () => {
    const props = { kind: 'ldap', directory: { ...directory, ca } } as const;
    const made = synth(OkdLogin, props, 'okd 3.11').one('ConfigMap');
    expect(textIn(made, 'identity-providers.yaml')).toContain('ca: beamline-ldap-ca.crt');
    expect(textIn(made, 'beamline-ldap-ca.crt')).toBe(ca);
  });

  test('takes the claims of the product, as every other service does', () => {
    const cilogon = { ...provider, product: 'cilogon', issuer: 'https://cilogon.org' } as const;
    const tree = synth(OkdLogin, { kind: 'oidc', provider: cilogon } as const, 'okd 4.21');
    expect(tree.one('OAuth')).toMatchObject({
      spec: {
        identityProviders: [
          { openID: { claims: { preferredUsername: ['email'], groups: ['isMemberOf'] } } },
        ],
      },
    });
  });

  test('needs a client of its own, and OKD', () => {
    const props = { kind: 'oidc', provider: { ...provider, clients: {} } } as const;
    expect(messageFrom(() => synth(OkdLogin, props, 'okd 4.21'))).toContain(
      "clients must have a registration called 'okd' with its secret; there are: none",
    );
    expect(messageFrom(() => synth(OkdLogin, { kind: 'ldap', directory } as const))).toContain(
      'takes its users from flags of its API server',
    );
  });
});

test('a realm is written once a namespace', () => {
  const chart = chartFor();
  const realm = new Kerberos(chart, 'Realm', {
    realm: 'EXAMPLE.ORG',
    kdcs: ['kdc1.example.org', 'kdc2.example.org:8888'],
    adminServer: 'kdc1.example.org',
    domains: ['example.org'],
  });
  expect(realm.configIn(chart)).toEqual({ configMap: 'krb5-example-org', key: 'krb5.conf' });
  realm.configIn(chart);
  expect(textIn(new Synthesized(chart).one('ConfigMap'), 'krb5.conf')).toContain(
    '    kdc = kdc2.example.org:8888\n    admin_server = kdc1.example.org\n',
  );
  const wrong = { realm: 'example', kdcs: [], adminServer: 'http://x', domains: ['.org'] };
  expect(
    messageFrom(() => new Kerberos(new Chart(new App(), 'c'), 'R', wrong))
      .split('\n  - ')
      .slice(1),
  ).toEqual([
    "realm must be in capital letters, such as 'EXAMPLE.ORG', got 'example'",
    'kdcs must name at least one key distribution centre',
    "kdcs and adminServer must be '<host>' or '<host>:<port>', got 'http://x'",
    "domains must be domain names without a leading dot, got '.org'",
  ]);
});

describe('a keytab', () => {
  const inDays = (days: number): string =>
    new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
  const realmOf = (chart: Chart): Kerberos =>
    new Kerberos(chart, 'Realm', { realm: 'EXAMPLE.ORG', kdcs: ['kdc'], domains: ['example.org'] });
  const keytab = {
    name: 'hub-http',
    principal: 'HTTP/hub.example.org',
    file: secretFromConfig('httpKeytab'),
    expires: 'never',
  };

  test('is a Secret that says whose it is and until when', () => {
    const chart = chartFor();
    const ref = realmOf(chart).keytabIn(chart, keytab);
    expect(ref).toEqual({ name: 'hub-http-keytab', key: 'keytab' });
    expect(new Synthesized(chart).one('Secret')).toMatchObject({
      metadata: {
        name: 'hub-http-keytab',
        annotations: {
          'beamline/principal': 'HTTP/hub.example.org@EXAMPLE.ORG',
          'beamline/expires': 'never',
        },
      },
      data: { keytab: '${secret:config:httpKeytab}' },
    });
  });

  test.each([
    [-2, 'identity/keytab-expired', 'error'],
    [10, 'identity/keytab-expiring', 'warning'],
    [90, undefined, undefined],
  ])('that ends in %i days is found', (days, rule, severity) => {
    const chart = chartFor();
    realmOf(chart).keytabIn(chart, { ...keytab, expires: inDays(days) });
    const found = chart.node.findAll().flatMap((at) => findingsOf(at));
    expect(found.map((one) => [one.rule, one.severity])).toEqual(
      rule === undefined ? [] : [[rule, severity]],
    );
  });

  test('with a wrong name, principal or day is refused', () => {
    const chart = chartFor();
    const wrong = { ...keytab, name: 'Hub', principal: 'HTTP/hub@EXAMPLE.ORG', expires: 'soon' };
    expect(
      messageFrom(() => realmOf(chart).keytabIn(chart, wrong))
        .split('\n  - ')
        .slice(1),
    ).toEqual([
      "keytab: name must be lower-case letters, digits and '-', at most 52, got 'Hub'",
      "keytab 'Hub': principal must be '<service>/<host>' without the realm, such as 'HTTP/hub.example.org', got 'HTTP/hub@EXAMPLE.ORG'",
      "keytab 'Hub': expires must be 'never' or a day as '2027-01-31', got 'soon'",
    ]);
  });
});

function textIn(object: Rendered, key: string): string {
  for (const field of ['data', 'stringData']) {
    const texts: unknown = object[field];
    if (typeof texts === 'object' && texts !== null && key in texts)
      return String(Reflect.get(texts, key));
  }
  throw new Error(`${object.metadata.name} has no ${key}`);
}
