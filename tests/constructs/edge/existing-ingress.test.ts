import {
  ExistingIngress,
  type ExistingIngressProps,
} from '../../../constructs/edge/existing-ingress';
import { hintsOf } from '../../../constructs/kit/hints';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import type { TargetName } from '../../../constructs/targets';
import { CERTIFICATE, routed, siteWith, type Site } from './site';

const minimal: ExistingIngressProps = {
  controller: 'nginx',
  by: { class: 'public' },
  pods: { namespace: 'ingress-nginx' },
};
const everything: Required<ExistingIngressProps> = {
  ...minimal,
  pods: { namespace: 'ingress-nginx', labels: { app: 'nginx' } },
  internalNetworks: ['192.0.2.0/24', '198.51.100.0/24'],
  wildcards: ['*.hub.example.org'],
  certificates: { kind: 'given', chain: CERTIFICATE, key: secretFromConfig('siteKey') },
};
const site = (props: Partial<ExistingIngressProps> = {}, target?: TargetName): Site =>
  siteWith((chart) => new ExistingIngress(chart, 'Door', { ...minimal, ...props }), target);

test('installs nothing, and a route is a plain Ingress of the class', () => {
  const there = site();
  const found = routed(there, { path: '/hub' });
  expect(found.objects.map(({ kind }) => kind)).toEqual(['Service', 'Ingress', 'NetworkPolicy']);
  expect(found.one('Ingress')).toMatchObject({
    apiVersion: 'networking.k8s.io/v1',
    metadata: { labels: { 'beamline/reach': 'public' } },
    spec: {
      ingressClassName: 'public',
      tls: [{ hosts: ['www.example.org'] }],
      rules: [
        {
          host: 'www.example.org',
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
  const external = there.scope.node.findAll().flatMap((each) => hintsOf(each).external ?? []);
  expect(external).toEqual(['_/ingressclass.networking.k8s.io/public']);
});

test('every prop reaches the objects', () => {
  const found = routed(site(everything), {
    host: '*.hub.example.org',
    reach: 'internal',
  });
  expect(found.one('Ingress')).toMatchObject({
    metadata: {
      annotations: {
        'nginx.ingress.kubernetes.io/whitelist-source-range': '192.0.2.0/24,198.51.100.0/24',
        'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      },
    },
    spec: { tls: [{ hosts: ['*.hub.example.org'], secretName: 'site-certificate' }] },
  });
  expect(found.one('Secret')).toMatchObject({
    metadata: { namespace: 'notebooks' },
    type: 'kubernetes.io/tls',
    stringData: { 'tls.crt': CERTIFICATE, 'tls.key': '${secret:config:siteKey}' },
  });
  expect(found.one('NetworkPolicy')['spec']).toMatchObject({
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'nginx' } } }] }],
  });
});

test('ingress-nginx is told of timeouts, the same pod, a rewrite, a rate and a login', () => {
  const found = routed(site(), {
    path: '/hub.v1',
    rewrite: '/',
    sticky: true,
    timeouts: { requestSeconds: 300, websocketSeconds: 86_400 },
    guards: {
      rate: { perSecond: 4, burst: 10 },
      login: {
        kind: 'forward',
        url: 'https://login.example.org',
        answerHeaders: ['X-User', 'X-Groups'],
      },
    },
  });
  const of = (name: string): string => `nginx.ingress.kubernetes.io/${name}`;
  expect(found.one('Ingress')).toMatchObject({
    metadata: {
      annotations: {
        [of('proxy-read-timeout')]: '86400',
        [of('proxy-send-timeout')]: '86400',
        [of('affinity')]: 'cookie',
        [of('use-regex')]: 'true',
        [of('rewrite-target')]: '/$2',
        [of('limit-rps')]: '4',
        [of('limit-burst-multiplier')]: '3',
        [of('auth-url')]: 'https://login.example.org',
        [of('auth-response-headers')]: 'X-User,X-Groups',
      },
    },
    spec: {
      rules: [
        { http: { paths: [{ path: '/hub\\.v1(/|$)(.*)', pathType: 'ImplementationSpecific' }] } },
      ],
    },
  });
});

test.each<[TargetName, string, object]>([
  [
    'kubernetes 1.18',
    'networking.k8s.io/v1beta1',
    { path: '/', pathType: 'Prefix', backend: { serviceName: 'hub', servicePort: 'http' } },
  ],
  [
    'okd 3.11',
    'extensions/v1beta1',
    { path: '/', backend: { serviceName: 'hub', servicePort: 'http' } },
  ],
])('on %s it is a %s Ingress, known by its annotation', (target, apiVersion, path) => {
  const found = routed(site({ by: { annotation: 'nginx' } }, target), {});
  expect(found.one('Ingress')).toMatchObject({
    apiVersion,
    metadata: { annotations: { 'kubernetes.io/ingress.class': 'nginx' } },
    spec: { rules: [{ http: { paths: [path] } }] },
  });
  expect(found.one('Ingress')['spec']).not.toHaveProperty('ingressClassName');
});

test('a cluster without classes is asked by annotation', () => {
  expect(() => site({}, 'okd 3.11')).toThrow('an Ingress by class needs IngressClass, which');
});

test('an existing Traefik gets its middlewares', () => {
  const props = { controller: 'traefik', internalNetworks: ['192.0.2.0/24'] } as const;
  const found = routed(site(props), { reach: 'internal', path: '/hub', rewrite: '/' });
  expect(found.names('Middleware')).toEqual(['hub-rewrite', 'internal-only']);
  expect(found.one('Ingress').metadata).toMatchObject({
    annotations: {
      'traefik.ingress.kubernetes.io/router.middlewares':
        'notebooks-internal-only@kubernetescrd,notebooks-hub-rewrite@kubernetescrd',
    },
  });
  expect(() => routed(site(props), { timeouts: { requestSeconds: 61 } })).toThrow(
    "an existing Traefik gives a request 60 s unless its own arguments say otherwise, 'timeouts.requestSeconds' is 61; let Beamline install the Traefik",
  );
});

test('nothing is asked of a controller that nothing is known of', () => {
  const props = { controller: 'other', internalNetworks: ['192.0.2.0/24'] } as const;
  const fields = {
    reach: 'internal',
    rewrite: '/',
    sticky: true,
    timeouts: {},
    guards: {},
    tls: { mode: 'passthrough' },
  } as const;
  expect(routed(site(props), {}).one('Ingress').metadata).not.toHaveProperty('annotations');
  expect(() => routed(site(props), fields)).toThrow(
    "a controller of kind 'other' gets a plain Ingress and cannot be asked for " +
      "'reach: internal', 'rewrite', 'sticky', 'timeouts', 'guards', 'tls.mode: passthrough'; " +
      "say which it is ('nginx', 'traefik'), or leave these out",
  );
});

test('what an ingress-nginx may have switched off is not relied on', () => {
  const fields = {
    tls: { mode: 'passthrough' },
  } as const;
  expect(() => routed(site(), fields)).toThrow(
    "an existing ingress-nginx cannot be relied on for 'passthrough' (its flags decide); use 'edge', or Traefik",
  );
  expect(() => routed(site(), { guards: { answerHeaders: { 'X-A': 'b' } } })).toThrow(
    'sets headers by snippets alone',
  );
});

test('props that cannot be are refused, all at once', () => {
  const props: ExistingIngressProps = {
    controller: 'traefik',
    by: { class: 'Public' },
    pods: { namespace: 'no_dns' },
    certificates: { kind: 'given', chain: '', key: secretFromConfig('siteKey') },
  };
  expect(() => site(props)).toThrow(
    new Error(
      "ExistingIngress 'Edge/Door' has invalid props:\n" +
        "  - 'by' must name the class in lower case, got 'Public'\n" +
        "  - 'pods.namespace' must be a DNS label, got 'no_dns'\n" +
        "  - an existing Traefik has a default certificate of its own; use certificates of kind 'own', or one for each route\n" +
        "  - 'certificates.chain' must be certificates as PEM text, leaf first, got nothing",
    ),
  );
});
