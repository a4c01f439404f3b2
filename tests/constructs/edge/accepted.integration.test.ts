import { readFile } from 'node:fs/promises';

import { parse } from 'yaml';

import { ExistingIngress } from '../../../constructs/edge/existing-ingress';
import { OkdRoutes } from '../../../constructs/edge/okd-routes';
import { Traefik } from '../../../constructs/edge/traefik';
import { secretFromConfig } from '../../../constructs/kit/secret-value';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import type { Manifest } from '../../../plan/model';
import { OKD_CRD_PINS } from '../../../sandbox/okd/pins';
import { ensureUpstream } from '../../../upstream/fetch';
import { Cluster } from '../../support/cluster';
import { CERTIFICATE, routed, siteWith, type Site } from './site';

const LIMIT_MS = 180_000;
const networks = { internalNetworks: ['192.0.2.0/24'], wildcards: ['*.hub.example.org'] };
const certManager = {
  kind: 'cert-manager',
  issuer: { type: 'acme', server: 'https://acme.example.org/directory', email: 'it@example.org' },
} as const;
const given = { kind: 'given', chain: CERTIFICATE, key: secretFromConfig('siteKey') } as const;
const guards = { rate: { perSecond: 5, burst: 20 } };
const jupyter = { sticky: true, timeouts: { requestSeconds: 300, websocketSeconds: 86_400 } };

const doors: readonly (readonly [string, () => Site])[] = [
  [
    'Routes with a given certificate',
    () =>
      siteWith((at) => new OkdRoutes(at, 'D', { ...networks, certificates: given }), 'okd 4.21'),
  ],
  [
    'Routes with certificates of cert-manager',
    () =>
      siteWith(
        (at) => new OkdRoutes(at, 'D', { ...networks, certificates: certManager }),
        'okd 4.21',
      ),
  ],
  [
    'an existing ingress-nginx',
    () =>
      siteWith(
        (at) =>
          new ExistingIngress(at, 'D', {
            controller: 'nginx',
            by: { class: 'public' },
            pods: { namespace: 'ingress-nginx' },
            certificates: certManager,
            ...networks,
          }),
      ),
  ],
  [
    'Traefik with everything',
    () =>
      siteWith(
        (at) =>
          new Traefik(at, 'D', {
            exposure: { type: 'NodePort', http: 30980, https: 30943 },
            scaling: { max: 5, cpuPercent: 70 },
            dashboard: 'traefik.hub.example.org',
            trustedProxies: ['198.51.100.7/32'],
            certificates: certManager,
            ...networks,
          }),
      ),
  ],
];

describe('what front doors render is what the API server takes', () => {
  const cluster = new Cluster();
  const namespaces = ['ingress', 'notebooks'];
  const own = (namespace: string): string => `${namespace}-accepted-${process.pid}`;
  beforeAll(async () => {
    const { traefikCrds, certManagerCertificates, certManagerClusterIssuers } = UPSTREAM_FILES;
    await ensureUpstream(traefikCrds);
    const routes = OKD_CRD_PINS.filter(({ name }) => name === 'openshift-routes');
    const pins = [certManagerCertificates, certManagerClusterIssuers, ...routes];
    const definitions = await Promise.all(
      pins.map(async (pin) => {
        const definition: Manifest = parse(await readFile(await ensureUpstream(pin), 'utf8'));
        return definition;
      }),
    );
    await cluster.apply(definitions);
    await cluster.apply(
      namespaces.map((name) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: own(name) },
      })),
    );
  }, LIMIT_MS);
  afterAll(async () => {
    await cluster.kubectl([
      'delete',
      'namespace',
      ...namespaces.map(own),
      '--wait=false',
      '--ignore-not-found',
    ]);
  }, LIMIT_MS);

  test.each(doors)(
    '%s',
    async (_, build) => {
      const { objects } = routed(
        build(),
        { reach: 'internal', ...jupyter },
        { name: 'wild', host: '*.hub.example.org', guards },
        { name: 'path', path: '/app', rewrite: '/', host: 'a.hub.example.org' },
      );
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      const moved = namespaces.reduce(
        (all, name) => all.replaceAll(`"namespace":"${name}"`, `"namespace":"${own(name)}"`),
        text,
      );
      const definitions: { items: Manifest[] } = JSON.parse(moved);
      const crds = definitions.items.filter(({ kind }) => kind === 'CustomResourceDefinition');
      if (crds.length > 0) await cluster.apply(crds);
      const dry = ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'];
      const accepted = (await cluster.kubectl(dry, moved)).trim().split('\n');
      expect(accepted).toHaveLength(objects.length);
    },
    LIMIT_MS,
  );
});
