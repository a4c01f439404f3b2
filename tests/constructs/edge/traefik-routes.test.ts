import { Traefik } from '../../../constructs/edge/traefik';
import type { TraefikProps } from '../../../constructs/edge/traefik-props';
import { findingsOf } from '../../../constructs/kit/findings';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import type { TargetName } from '../../../constructs/targets';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { ensureUpstream } from '../../../upstream/fetch';
import { CERTIFICATE, routed, siteWith, type Site } from './site';

beforeAll(async () => {
  await ensureUpstream(UPSTREAM_FILES.traefikCrds);
  await ensureUpstream(UPSTREAM_FILES.certManagerCertificates);
  await ensureUpstream(UPSTREAM_FILES.certManagerClusterIssuers);
}, 120_000);

const site = (props: Partial<TraefikProps> = {}, target?: TargetName): Site =>
  siteWith(
    (chart) =>
      new Traefik(chart, 'Traefik', {
        exposure: { type: 'LoadBalancer' },
        internalNetworks: ['192.0.2.0/24'],
        ...props,
      }),
    target,
  );

test('guards and rewrites are middlewares, in the order in which they are done', () => {
  const found = routed(site(), {
    reach: 'internal',
    path: '/hub',
    rewrite: '/',
    guards: {
      rate: { perSecond: 5, burst: 20 },
      login: { kind: 'basic', secret: 'people' },
      answerHeaders: { 'X-Frame-Options': 'DENY' },
    },
  });
  expect(found.one('Ingress').metadata).toMatchObject({
    annotations: {
      'traefik.ingress.kubernetes.io/router.middlewares': [
        'traefik-internal-only',
        'hub-rate',
        'hub-login',
        'hub-headers',
        'hub-rewrite',
      ]
        .map((name) => `notebooks-${name}@kubernetescrd`)
        .join(','),
    },
  });
  expect(found.one('Middleware', 'hub-rate')['spec']).toEqual({
    rateLimit: { average: 5, burst: 20, period: '1s' },
  });
  expect(found.one('Middleware', 'hub-rewrite')['spec']).toEqual({
    replacePathRegex: { regex: '^/hub(?:/(.*))?$', replacement: '/$1' },
  });
});

test.each([
  [
    'http://auth.login.svc:9091/verify',
    [{ to: [expect.objectContaining({ namespaceSelector: expect.anything() })] }],
  ],
  ['https://login.example.org/verify', [{ ports: [{ port: 443, protocol: 'TCP' }] }]],
])('it may reach the service that is asked about requests: %s', (url, egress) => {
  const login = { kind: 'forward', url, answerHeaders: [] } as const;
  const policy = routed(site(), { guards: { login } }).one(
    'NetworkPolicy',
    'traefik-to-login-of-notebooks-hub',
  );
  expect(policy['spec']).toMatchObject({ egress });
});

test('TLS that ends at the pods is a TCP router, with an allow list of its own', () => {
  const found = routed(site(), { reach: 'internal', tls: { mode: 'passthrough' } });
  expect(found.all('Ingress')).toEqual([]);
  expect(found.one('IngressRouteTCP')).toMatchObject({
    metadata: { labels: { 'beamline/reach': 'internal' } },
    spec: {
      routes: [
        {
          match: 'HostSNI(`www.example.org`)',
          middlewares: [{ name: 'traefik-internal-only' }],
          services: [{ name: 'hub', port: 80 }],
        },
      ],
      tls: { passthrough: true },
    },
  });
  expect(found.names('MiddlewareTCP')).toEqual(['traefik-internal-only']);
});

test('TLS that begins anew and the same pod are annotations of the Service', () => {
  const tls = { mode: 'reencrypt', authority: CERTIFICATE } as const;
  const found = routed(site(), { sticky: true, tls });
  expect(found.one('Service', 'hub').metadata).toMatchObject({
    annotations: {
      'traefik.ingress.kubernetes.io/service.serversscheme': 'https',
      'traefik.ingress.kubernetes.io/service.serverstransport':
        'notebooks-hub-backend@kubernetescrd',
      'traefik.ingress.kubernetes.io/service.sticky.cookie': 'true',
      'traefik.ingress.kubernetes.io/service.sticky.cookie.secure': 'true',
    },
  });
  expect(found.one('ServersTransport')['spec']).toEqual({
    serverName: 'hub.notebooks.svc',
    rootCAs: [{ configMap: 'hub-backend' }],
  });
});

test('the slowest request decides how long Traefik reads one', () => {
  const timeout = (...seconds: readonly number[]): string | undefined => {
    const fields = seconds.map((requestSeconds, index) => ({
      name: `hub-${index}`,
      path: `/${index}`,
      timeouts: { requestSeconds },
    }));
    const text = JSON.stringify(routed(site(), ...fields).one('Deployment'));
    return /readtimeout=(\w+)/.exec(text)?.[1];
  };
  expect(timeout()).toBe('60s');
  expect(timeout(10)).toBe('60s');
  expect(timeout(600, 3600)).toBe('3600s');
});

test('an exact host wins over a wildcard', () => {
  const found = routed(site({ wildcards: ['*.hub.example.org'] }), {
    host: '*.hub.example.org',
    path: '/x',
  });
  expect(found.one('Ingress').metadata).toMatchObject({
    annotations: { 'traefik.ingress.kubernetes.io/router.priority': '2' },
  });
});

test('an ingress that is internal as a whole refuses public routes', () => {
  expect(() => routed(site({ reach: 'internal' }), {})).toThrow(
    "'reach' is 'public', but the ingress as a whole is internal; make the route internal, or give it another ingress",
  );
});

test('a given certificate is the default, and its key stays in the namespace of Traefik', () => {
  const certificates = {
    kind: 'given',
    chain: CERTIFICATE,
    key: secretFromConfig('siteKey'),
  } as const;
  const found = routed(site({ certificates }), {});
  expect(found.one('Secret')).toMatchObject({
    metadata: { name: 'traefik-certificate', namespace: 'ingress' },
    stringData: { 'tls.key': '${secret:config:siteKey}' },
  });
  expect(found.one('TLSStore')['spec']).toEqual({
    defaultCertificate: { secretName: 'traefik-certificate' },
  });
});

test('without certificates it says that no browser will trust it', () => {
  const { app } = site();
  expect(app.node.findAll().flatMap(findingsOf)).toMatchObject([
    { rule: 'edge/self-signed', severity: 'warning' },
  ]);
});

test.each([
  [{ type: 'self-signed' } as const, { selfSigned: {} }],
  [{ type: 'ca', secret: 'site-ca' } as const, { ca: { secretName: 'site-ca' } }],
  [
    {
      type: 'acme',
      server: 'https://acme.example.org/directory',
      email: 'it@example.org',
    } as const,
    {
      acme: {
        server: 'https://acme.example.org/directory',
        email: 'it@example.org',
        privateKeySecretRef: { name: 'traefik-acme-account' },
        solvers: [{ http01: { ingress: { ingressClassName: 'traefik' } } }],
      },
    },
  ],
])('cert-manager signs by %j', (issuer, spec) => {
  const certificates = { kind: 'cert-manager', issuer, definitions: 'here' } as const;
  const found = routed(site({ certificates }), {}, { name: 'other', host: 'other.example.org' });
  expect(found.one('ClusterIssuer')).toMatchObject({
    metadata: { name: `traefik-${issuer.type}` },
    spec,
  });
  expect(found.names('Certificate')).toEqual(['hub', 'other']);
  expect(found.one('Ingress', 'hub')['spec']).toMatchObject({
    tls: [{ hosts: ['www.example.org'], secretName: 'hub-tls' }],
  });
  expect(found.names('CustomResourceDefinition')).toEqual(
    expect.arrayContaining(['certificates.cert-manager.io', 'clusterissuers.cert-manager.io']),
  );
  const solver = found.names('NetworkPolicy').includes('acme-solver-from-ingress');
  expect(solver).toBe(issuer.type === 'acme');
});

describe('in the network of its nodes', () => {
  const exposure = {
    type: 'HostNetwork',
    consent: 'agreed: no other way in',
    nodeNetworks: ['203.0.113.0/24'],
  } as const;

  test.each<[TargetName, string]>([
    ['okd 4.21', 'hostnetwork-v2'],
    ['okd 4.8', 'hostnetwork'],
  ])('on %s it is granted %s, and says why', (target, scc) => {
    const found = routed(site({ exposure }, target), {});
    expect(found.one('Deployment')['spec']).toMatchObject({
      strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: { spec: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' } },
    });
    expect(found.one('Role', `traefik-scc-${scc}`)['rules']).toMatchObject([
      { resourceNames: [scc] },
    ]);
    expect(found.exceptions).toContainEqual({
      rule: 'host-access',
      reason: 'agreed: no other way in',
    });
    expect(found.one('NetworkPolicy', 'hub-from-ingress')['spec']).toMatchObject({
      ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }],
    });
  });

  test('it needs consent and the networks of the nodes', () => {
    expect(() => site({ exposure: { ...exposure, consent: ' ', nodeNetworks: [] } })).toThrow(
      new Error(
        "Traefik 'Edge/Traefik' has invalid props:\n" +
          "  - 'exposure.consent' must say who agreed to pods in the network of their node, and why\n" +
          "  - 'exposure.nodeNetworks' must list the networks of the nodes, got none",
      ),
    );
  });
});

test('what does not fit together is refused, all at once', () => {
  const props: Partial<TraefikProps> = {
    internalNetworks: [],
    reach: 'internal',
    dashboard: 'traefik',
    scaling: { max: 2, cpuPercent: 0 },
    trustedProxies: ['proxy'],
  };
  expect(() => site(props)).toThrow(
    new Error(
      "Traefik 'Edge/Traefik' has invalid props:\n" +
        "  - 'scaling.max' must be a whole number above 'replicas' (2), got '2'\n" +
        "  - 'scaling.cpuPercent' must be from 1 to 100, got '0'\n" +
        "  - 'trustedProxies' must be networks in CIDR notation, as '192.0.2.0/24', got 'proxy'\n" +
        "  - 'reach' is 'internal', but 'internalNetworks' lists no network; list those it is for\n" +
        "  - 'dashboard' must be a full host name in lower case, got 'traefik'\n" +
        "  - 'dashboard' is for internal networks alone; list these in 'internalNetworks'",
    ),
  );
});
