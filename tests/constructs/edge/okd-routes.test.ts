import { OkdRoutes, type OkdRoutesProps } from '../../../constructs/edge/okd-routes';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import type { TargetName } from '../../../constructs/targets';
import { CERTIFICATE, routed, siteWith, type Site } from './site';

const everything: Required<OkdRoutesProps> = {
  internalNetworks: ['192.0.2.0/24', '198.51.100.0/24'],
  wildcards: ['*.hub.example.org'],
  certificates: { kind: 'given', chain: CERTIFICATE, key: secretFromConfig('siteKey') },
  routerNamespaces: [{ team: 'router' }],
};
const site = (props: OkdRoutesProps = {}, target: TargetName = 'okd 4.21'): Site =>
  siteWith((chart) => new OkdRoutes(chart, 'Routes', props), target);

test('a route is a Route, and opens the pods behind the Service for the router', () => {
  const found = routed(site(), { path: '/hub' });
  expect(found.one('Route')).toEqual({
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: {
      name: 'hub',
      namespace: 'notebooks',
      labels: expect.objectContaining({ 'beamline/reach': 'public' }),
      annotations: { 'haproxy.router.openshift.io/disable_cookies': 'true' },
    },
    spec: {
      host: 'www.example.org',
      path: '/hub',
      wildcardPolicy: 'None',
      to: { kind: 'Service', name: 'hub', weight: 100 },
      port: { targetPort: 'http' },
      tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
    },
  });
  expect(found.one('NetworkPolicy')['spec']).toMatchObject({
    podSelector: { matchLabels: { app: 'hub' } },
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'network.openshift.io/policy-group': 'ingress' } },
          },
          {
            namespaceSelector: {
              matchLabels: { 'policy-group.network.openshift.io/host-network': '' },
            },
          },
        ],
        ports: [{ port: 8081 }],
      },
    ],
  });
});

test('what Jupyter needs: long requests, quiet websockets, the same pod; for internal networks', () => {
  const fields = {
    reach: 'internal',
    sticky: true,
    timeouts: { requestSeconds: 300, websocketSeconds: 86_400 },
  } as const;
  expect(routed(site(everything), fields).one('Route').metadata).toMatchObject({
    labels: { 'beamline/reach': 'internal' },
    annotations: {
      'haproxy.router.openshift.io/ip_allowlist': '192.0.2.0/24 198.51.100.0/24',
      'haproxy.router.openshift.io/ip_whitelist': '192.0.2.0/24 198.51.100.0/24',
      'haproxy.router.openshift.io/timeout': '300s',
      'haproxy.router.openshift.io/timeout-tunnel': '86400s',
    },
  });
});

test('a rewrite, a rate and the one header that the router sets', () => {
  const fields = {
    path: '/hub',
    rewrite: '/',
    guards: {
      rate: { perSecond: 5, burst: 20 },
      answerHeaders: { 'Strict-Transport-Security': 'max-age=31536000' },
    },
  };
  expect(routed(site(), fields).one('Route').metadata).toMatchObject({
    annotations: {
      'haproxy.router.openshift.io/rewrite-target': '/',
      'haproxy.router.openshift.io/rate-limit-connections': 'true',
      'haproxy.router.openshift.io/rate-limit-connections.rate-http': '50',
      'haproxy.router.openshift.io/hsts_header': 'max-age=31536000',
    },
  });
});

test('every prop reaches the objects', () => {
  const found = routed(site(everything), { host: '*.hub.example.org' });
  expect(found.one('Route')['spec']).toMatchObject({
    host: 'wildcard.hub.example.org',
    wildcardPolicy: 'Subdomain',
    tls: { certificate: CERTIFICATE, key: '${secret:config:siteKey}' },
  });
  expect(found.one('NetworkPolicy')['spec']).toMatchObject({
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'router' } } }] }],
  });
});

test('TLS can end at the pods, or begin anew', () => {
  expect(routed(site(), { tls: { mode: 'passthrough' } }).one('Route')['spec']).toMatchObject({
    tls: { termination: 'passthrough', insecureEdgeTerminationPolicy: 'Redirect' },
  });
  const anew = { mode: 'reencrypt', authority: CERTIFICATE } as const;
  expect(routed(site(), { tls: anew }).one('Route')['spec']).toMatchObject({
    tls: { termination: 'reencrypt', destinationCACertificate: CERTIFICATE },
  });
});

test('a certificate in a Secret is read by the router, which gets the right to that one', () => {
  const certificate = { secret: 'hub-tls', publicPart: CERTIFICATE };
  const found = routed(site(), { tls: { mode: 'edge', certificate } });
  expect(found.one('Route')['spec']).toMatchObject({
    tls: { externalCertificate: { name: 'hub-tls' } },
  });
  expect(found.one('Role')['rules']).toEqual([
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['hub-tls'],
      verbs: ['get', 'list', 'watch'],
    },
  ]);
  expect(found.one('RoleBinding')['subjects']).toEqual([
    { kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' },
  ]);
});

test('on 3.11 the router counts as the namespace default', () => {
  expect(routed(site({}, 'okd 3.11'), {}).one('NetworkPolicy')['spec']).toMatchObject({
    ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'default' } } }] }],
  });
});

test('what the router of the target cannot do is refused, with what to use', () => {
  const fields = {
    rewrite: '/',
    timeouts: { websocketSeconds: 7200 },
    tls: { mode: 'edge', certificate: { secret: 'x' } },
    guards: { answerHeaders: { 'X-Frame-Options': 'DENY' } },
  } as const;
  const message = (() => {
    try {
      routed(site({}, 'okd 3.11'), fields);
      return '';
    } catch (error) {
      return String(error);
    }
  })();
  expect(message).toContain('a Route with a certificate in a Secret needs');
  expect(message).toContain('a websocket that is silent for over an hour needs');
  expect(message).toContain("a 'rewrite' needs");
  expect(message).toContain(
    'a Route sets no header but Strict-Transport-Security, got X-Frame-Options; let the program set it, or use Traefik',
  );
});

test('Kubernetes has no Routes', () => {
  expect(() => site({}, 'kubernetes 1.34')).toThrow('a Route needs Routes, which');
});

test('more networks than every router reads are refused', () => {
  const internalNetworks = Array.from({ length: 62 }, (_, index) => `192.0.2.${index}/32`);
  expect(() => site({ internalNetworks })).toThrow(
    "'internalNetworks' may list 61 networks for a Route, got 62; join some",
  );
});

test('certificates of cert-manager need a router that reads Secrets', () => {
  const certificates = {
    kind: 'cert-manager',
    issuer: { type: 'existing', name: 'site' },
  } as const;
  expect(() => site({ certificates }, 'okd 4.12')).toThrow(
    'a Route with a certificate of cert-manager needs',
  );
  expect(routed(site({ certificates }), {}).one('Certificate')['spec']).toMatchObject({
    secretName: 'hub-tls',
    dnsNames: ['www.example.org'],
    issuerRef: { kind: 'ClusterIssuer', name: 'site' },
  });
});
