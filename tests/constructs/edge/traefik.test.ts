import { Chart } from 'cdk8s';

import type { RouteRequest } from '../../../constructs/contracts';
import { Traefik } from '../../../constructs/edge/traefik';
import type { TraefikProps } from '../../../constructs/edge/traefik-props';
import { kubeObject } from '../../../constructs/kit/objects';
import type { TargetName } from '../../../constructs/targets';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { ensureUpstream } from '../../../upstream/fetch';
import { appFor, synth, Synthesized } from '../../support/synth';

const minimal: TraefikProps = { exposure: { type: 'LoadBalancer' } };
/** Every prop, none at its default. Adding a prop breaks this line until it is tested below. */
const everything: Required<TraefikProps> = {
  exposure: { type: 'LoadBalancer', address: '192.0.2.10' },
  internalNetworks: ['192.0.2.0/24', '2001:db8::/32'],
  className: 'front',
  isDefault: true,
  replicas: 3,
  resources: { cpu: '2', memory: '1Gi' },
  watchedNamespaces: ['sessions'],
  monitoringNamespaces: ['monitoring'],
  reach: 'internal',
  wildcards: ['*.hub.example.org'],
  certificates: { kind: 'own' },
  trustedProxies: ['198.51.100.7/32'],
  scaling: { max: 9, cpuPercent: 70 },
  oldestTls: '1.3',
  dashboard: 'traefik.example.org',
  definitions: 'cluster',
  monitoring: { by: 'prometheus-operator', labels: { release: 'site' } },
};

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

function argumentsOf(tree: Synthesized): string[] {
  const text = JSON.stringify(tree.one('Deployment', 'traefik'));
  return Array.from(text.matchAll(/"(--[^"]+)"/g), ([, argument]) => argument ?? '');
}

/** A site with a Traefik and one namespace with a Service, which asks for routes. */
function site(
  routes: readonly Partial<RouteRequest>[],
  props: Partial<TraefikProps> = {},
): Synthesized {
  const app = appFor();
  const traefik = new Traefik(new Chart(app, 'Edge', { namespace: 'ingress' }), 'Traefik', {
    ...minimal,
    internalNetworks: ['192.0.2.0/24'],
    ...props,
  });
  const scope = new Chart(app, 'Hub', { namespace: 'notebooks' });
  kubeObject(scope, 'Service', 'Service', {
    metadata: { name: 'hub' },
    spec: { selector: { app: 'hub' }, ports: [{ name: 'http', port: 80, targetPort: 8081 }] },
  });
  for (const route of routes) {
    traefik.route({
      scope,
      name: 'hub',
      host: 'hub.example.org',
      service: { name: 'hub', port: 'http' },
      reach: 'public',
      ...route,
    });
  }
  return new Synthesized(app);
}

test('runs without dashboard and API, and reads its own namespace alone', () => {
  const found = argumentsOf(synth(Traefik, minimal));
  expect(found.filter((argument) => argument.startsWith('--api'))).toEqual([]);
  expect(found.filter((argument) => argument.includes('.namespaces='))).toEqual([
    '--providers.kubernetesingress.namespaces=test',
    '--providers.kubernetescrd.namespaces=test',
  ]);
});

test('no rule over the Secrets of the cluster; those of a namespace are an exception with its reason', () => {
  const traefik = synth(Traefik, minimal);
  expect(traefik.one('ClusterRole')['rules']).toEqual([
    {
      apiGroups: ['networking.k8s.io'],
      resources: ['ingressclasses'],
      verbs: ['list', 'watch'],
    },
    { apiGroups: [''], resources: ['nodes'], verbs: ['list', 'watch'] },
  ]);
  expect(traefik.exceptions).toEqual([
    {
      rule: 'secret-access',
      reason:
        'Traefik keeps a watch on all Secrets of each namespace it serves, for their certificates, ' +
        'and does not start without it; it cannot be told to leave one out',
    },
  ]);
});

test('two spread pods, probed on /ping, behind a load balancer that keeps the address of the client', () => {
  const traefik = synth(Traefik, minimal);
  expect(traefik.one('Deployment')['spec']).toMatchObject({
    replicas: 2,
    template: {
      spec: {
        containers: [
          {
            image: 'docker.io/library/traefik:v3.6.12',
            readinessProbe: { httpGet: { path: '/ping', port: 'ping' } },
            livenessProbe: { httpGet: { path: '/ping', port: 'ping' } },
          },
        ],
      },
    },
  });
  expect(traefik.names('PodDisruptionBudget')).toEqual(['traefik']);
  expect(traefik.one('Service', 'traefik')['spec']).toMatchObject({
    type: 'LoadBalancer',
    externalTrafficPolicy: 'Local',
    ports: [
      { name: 'http', port: 80, targetPort: 'web' },
      { name: 'https', port: 443, targetPort: 'websecure' },
    ],
  });
});

test('its custom resource definitions come with it, and its pods wait for them', () => {
  const app = appFor();
  const chart = new Chart(app, 'test', { namespace: 'test' });
  new Traefik(chart, 'Subject', minimal);
  expect(new Synthesized(app).all('CustomResourceDefinition')).toHaveLength(10);
  const waits = chart.node
    .findAll()
    .flatMap(({ node }) => node.dependencies.map((to) => to.node.path));
  expect(waits).toEqual(['test/Subject/Definitions']);
});

test('every prop reaches the objects', () => {
  const traefik = synth(Traefik, everything);
  expect(traefik.one('IngressClass')).toMatchObject({
    metadata: {
      name: 'front',
      annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
    },
    spec: { controller: 'traefik.io/ingress-controller' },
  });
  expect(traefik.one('Service', 'traefik')).toMatchObject({
    metadata: { labels: { 'beamline/reach': 'internal' } },
    spec: {
      loadBalancerIP: '192.0.2.10',
      loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'],
    },
  });
  expect(traefik.one('HorizontalPodAutoscaler')['spec']).toMatchObject({
    scaleTargetRef: { kind: 'Deployment', name: 'traefik' },
    minReplicas: 3,
    maxReplicas: 9,
  });
  expect(traefik.one('TLSOption')['spec']).toEqual({ minVersion: 'VersionTLS13' });
  expect(traefik.one('ServiceMonitor')).toMatchObject({
    metadata: { labels: { release: 'site' } },
    spec: { endpoints: [{ port: 'metrics', path: '/metrics' }] },
  });
  expect(traefik.all('CustomResourceDefinition')).toEqual([]);
  expect(argumentsOf(traefik)).toEqual(
    expect.arrayContaining([
      '--api.dashboard=true',
      '--api.insecure=false',
      '--entrypoints.web.proxyprotocol.trustedips=198.51.100.7/32',
      '--entrypoints.websecure.proxyprotocol.trustedips=198.51.100.7/32',
    ]),
  );
  expect(traefik.one('IngressRoute')).toMatchObject({
    metadata: { labels: { 'beamline/reach': 'internal' } },
    spec: {
      routes: [
        {
          match: 'Host(`traefik.example.org`) && (PathPrefix(`/api`) || PathPrefix(`/dashboard`))',
          middlewares: [{ name: 'front-internal-only' }],
        },
      ],
    },
  });
  expect(traefik.one('Deployment')['spec']).toMatchObject({
    replicas: 3,
    template: { spec: { containers: [{ resources: { limits: { memory: '1Gi' } } }] } },
  });
  expect(argumentsOf(traefik)).toContain('--providers.kubernetesingress.ingressclass=front');
  expect(argumentsOf(traefik)).toContain('--providers.kubernetescrd.namespaces=sessions,test');
  expect(traefik.all('Role').map(({ metadata }) => metadata.namespace)).toEqual([
    'test',
    'sessions',
  ]);
  expect(traefik.names('NetworkPolicy')).toEqual(['traefik', 'traefik-to-sessions']);
  expect(traefik.one('NetworkPolicy', 'traefik')['spec']).toMatchObject({
    ingress: [
      {
        from: [
          { ipBlock: { cidr: '192.0.2.0/24' } },
          { ipBlock: { cidr: '2001:db8::/32' } },
          { ipBlock: { cidr: '198.51.100.7/32' } },
        ],
        ports: [{ port: 8000 }, { port: 8443 }],
      },
      {
        from: [
          { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
        ],
        ports: [{ port: 9100 }],
      },
    ],
  });
});

test.each([
  [
    { type: 'NodePort', http: 30080, https: 30443 } as const,
    {
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      ports: [{ nodePort: 30080 }, { nodePort: 30443 }],
    },
  ],
  [{ type: 'ClusterIP' } as const, { type: 'ClusterIP', ports: [{ port: 80 }, { port: 443 }] }],
])('can be exposed as %j', (exposure, expected) => {
  expect(synth(Traefik, { exposure }).one('Service', 'traefik')['spec']).toMatchObject(expected);
});

test('a route is an Ingress of the class, and opens the pods behind the Service for Traefik', () => {
  const routed = site([{ path: '/hub' }]);
  expect(routed.one('Ingress')).toMatchObject({
    apiVersion: 'networking.k8s.io/v1',
    metadata: { name: 'hub', namespace: 'notebooks', labels: { 'beamline/reach': 'public' } },
    spec: {
      ingressClassName: 'traefik',
      rules: [
        {
          host: 'hub.example.org',
          http: {
            paths: [
              {
                path: '/hub',
                pathType: 'Prefix',
                backend: { service: { name: 'hub', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    },
  });
  expect(routed.one('NetworkPolicy', 'hub-from-ingress')).toMatchObject({
    metadata: { namespace: 'notebooks' },
    spec: {
      podSelector: { matchLabels: { app: 'hub' } },
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } },
          ],
          ports: [{ port: 8081 }],
        },
      ],
    },
  });
  expect(routed.all('Middleware')).toEqual([]);
});

test('Traefik is told of the namespaces that routes lead to', () => {
  const routed = site([{}, { name: 'other', host: 'other.example.org' }]);
  expect(argumentsOf(routed)).toContain(
    '--providers.kubernetesingress.namespaces=ingress,notebooks',
  );
  expect(routed.all('Role').map(({ metadata }) => metadata.namespace)).toEqual([
    'ingress',
    'notebooks',
  ]);
});

test('internal routes turn away everybody but the internal networks', () => {
  const routed = site([
    { reach: 'internal' },
    { reach: 'internal', name: 'other', host: 'other.example.org' },
  ]);
  expect(routed.one('Middleware')).toMatchObject({
    apiVersion: 'traefik.io/v1alpha1',
    metadata: { name: 'traefik-internal-only', namespace: 'notebooks' },
    spec: { ipAllowList: { sourceRange: ['192.0.2.0/24'] } },
  });
  expect(routed.one('Ingress', 'hub').metadata).toMatchObject({
    annotations: {
      'traefik.ingress.kubernetes.io/router.middlewares':
        'notebooks-traefik-internal-only@kubernetescrd',
    },
  });
});

test('rejects two routes with one host and path, naming who has it', () => {
  expect(() => site([{}, { name: 'again', path: '/' }])).toThrow(
    new Error(
      "the route 'again' of 'Hub' cannot be made:\n  - 'hub.example.org/' is already routed by 'Hub'",
    ),
  );
});

test('rejects an internal route where no network is internal', () => {
  expect(() => site([{ reach: 'internal' }], { internalNetworks: [] })).toThrow(
    new Error(
      "the route 'hub' of 'Hub' cannot be made:\n" +
        "  - 'reach' is 'internal', but the ingress lists no internal network; " +
        "give it 'internalNetworks' or make the route public",
    ),
  );
});

test('rejects a route that cannot be, all reasons at once', () => {
  const route = {
    host: 'https://hub',
    name: 'Hub',
    path: 'hub',
    service: { name: 'hub', port: 'https' },
  };
  expect(() => site([route])).toThrow(
    new Error(
      "the route 'Hub' of 'Hub' cannot be made:\n" +
        "  - 'host' must be a full host name in lower case, without scheme or port, got 'https://hub'\n" +
        "  - 'name' must be lower-case letters, digits and '-', at most 63, got 'Hub'\n" +
        "  - 'path' must begin with '/', got 'hub'\n" +
        "  - its chart has no Service 'hub' with a port named 'https' and a selector; " +
        'make the Service before its route',
    ),
  );
});

test('rejects props that cannot be, all at once', () => {
  const props: TraefikProps = {
    exposure: { type: 'NodePort', http: 80, https: 30443 },
    className: 'Front',
    replicas: 1.5,
    internalNetworks: ['192.0.2.1', '192.0.2.0/33'],
    watchedNamespaces: ['no_dns'],
  };
  expect(() => synth(Traefik, props)).toThrow(
    new Error(
      "Traefik 'test/Subject' has invalid props:\n" +
        "  - 'className' must be lower-case letters, digits and '-', got 'Front'\n" +
        "  - 'replicas' must be a whole number from 1, got '1.5'\n" +
        "  - 'internalNetworks' must be networks in CIDR notation, as '192.0.2.0/24', got '192.0.2.1'\n" +
        "  - 'internalNetworks' must be networks in CIDR notation, as '192.0.2.0/24', got '192.0.2.0/33'\n" +
        "  - a namespace must be a DNS label, got 'no_dns'\n" +
        "  - 'exposure.http' must be a port from 30000 to 32767, got '80'",
    ),
  );
});

test('rejects an address that is none', () => {
  const props: TraefikProps = { exposure: { type: 'LoadBalancer', address: 'front' } };
  expect(() => synth(Traefik, props)).toThrow(
    new Error(
      "Traefik 'test/Subject' has invalid props:\n  - 'exposure.address' must be an IP address, got 'front'",
    ),
  );
});

test.each<TargetName>(['okd 3.11', 'okd 4.6', 'kubernetes 1.20'])(
  'rejects %s, whose EndpointSlices Traefik cannot read',
  (target) => {
    expect(() => synth(Traefik, minimal, target)).toThrow(
      'Traefik 3 needs discovery.k8s.io/v1 EndpointSlice, which',
    );
  },
);
