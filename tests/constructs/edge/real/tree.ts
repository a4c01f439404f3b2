import { Chart, App } from 'cdk8s';

import type { RouteRequest } from '../../../../constructs/contracts';
import type { Certificates } from '../../../../constructs/edge/certificates';
import { Traefik } from '../../../../constructs/edge/traefik';
import { kubeObject } from '../../../../constructs/kit/objects';
import { revealSecrets } from '../../../../constructs/kit/secret-value';
import { attachTarget, Target } from '../../../../constructs/targets';
import { PlatformNamespace } from '../../../../constructs/tenancy/platform-namespace';
import { objectsOf, type Manifest } from '../../../../plan/model';
import { planOf } from '../../../../plan/plan-of';
import type { KeyPair } from '../../../support/authority';

/** What the site of the test needs to know of its surroundings. */
export interface SiteProps {
  readonly namespace: string;
  readonly apps: string;
  readonly certificates: Certificates;
  /** Key of the certificate that the site gives for all hosts. */
  readonly siteKey: string;
  /** Of `own.example.org`. */
  readonly own: KeyPair;
  /** PEM of the authority that signed the certificates of the pods, and of one that did not. */
  readonly authority: string;
  readonly stranger: string;
  /** URL of the service that is asked about requests. */
  readonly doorkeeper: string;
}

/** The Services of the site: each has one port, `web`. */
export const SERVICES = ['one', 'two', 'tls', 'mistrusted', 'sticky'] as const;

/** A front door with one route of every sort, as it is planned. */
export function plannedSite(props: SiteProps): Manifest[] {
  const app = new App();
  const target = Target.parse('kubernetes 1.34');
  attachTarget(app, target);
  const edge = new Chart(app, 'Edge', { namespace: props.namespace });
  new PlatformNamespace(edge, 'Namespace', { partOf: 'ingress' });
  const traefik = new Traefik(edge, 'Traefik', {
    exposure: { type: 'LoadBalancer' },
    className: props.namespace,
    internalNetworks: ['127.0.0.0/8'],
    wildcards: ['*.many.example.org'],
    oldestTls: '1.3',
    dashboard: 'dashboard.example.org',
    certificates: props.certificates,
  });
  addApps(new Chart(app, 'Apps', { namespace: props.apps }), traefik, props);
  const plan = planOf(app, {
    environment: 'test',
    target,
    data: 'disposable',
    moved: [],
    provided: [],
  });
  const text = JSON.stringify(objectsOf(plan).map(({ manifest }) => manifest));
  const key = JSON.stringify(props.siteKey).slice(1, -1);
  const revealed: Manifest[] = JSON.parse(revealSecrets(text, () => key));
  return revealed;
}

function addApps(chart: Chart, traefik: Traefik, props: SiteProps): void {
  new PlatformNamespace(chart, 'Namespace', { partOf: 'test' });
  for (const name of SERVICES) {
    kubeObject(chart, `Service-${name}`, 'Service', {
      metadata: { name },
      spec: {
        // Nothing has the label: the endpoints are this machine's, by slices of the test.
        selector: { 'beamline/no-pod': name },
        ports: [{ name: 'web', port: 80, targetPort: 8080, protocol: 'TCP' }],
      },
    });
  }
  const secret = (name: string, stringData: Record<string, string>, type = 'Opaque'): void =>
    void kubeObject(chart, `Secret-${name}`, 'Secret', { metadata: { name }, type, stringData });
  const { certificate, key } = props.own;
  secret('own', { 'tls.crt': certificate, 'tls.key': key }, 'kubernetes.io/tls');
  // ada, and 'lovelace' by `openssl passwd -apr1 -salt test`.
  secret('people', { auth: 'ada:$apr1$test$cvq80QQWSZi2Z26GWlfEU/' });
  for (const request of routes(props)) traefik.route({ scope: chart, ...request });
}

function routes({ authority, stranger, doorkeeper }: SiteProps): Omit<RouteRequest, 'scope'>[] {
  const to = (name: (typeof SERVICES)[number]): RouteRequest['service'] => ({ name, port: 'web' });
  const one = { service: to('one'), reach: 'public' } as const;
  const guarded = (
    name: string,
    guards: RouteRequest['guards'] & object,
  ): Omit<RouteRequest, 'scope'> => ({
    ...one,
    name,
    host: `${name}.example.org`,
    guards,
  });
  return [
    { ...one, name: 'root', host: 'app.example.org', timeouts: { requestSeconds: 600 } },
    { ...one, name: 'path', host: 'app.example.org', path: '/two', service: to('two') },
    { ...one, name: 'cut', host: 'app.example.org', path: '/cut', rewrite: '/' },
    { ...one, name: 'deep', host: 'app.example.org', path: '/deep', rewrite: '/very/deep' },
    { ...one, name: 'inside', host: 'inside.example.org', reach: 'internal' },
    { ...one, name: 'wild', host: '*.many.example.org', service: to('two') },
    { ...one, name: 'exact', host: 'exact.many.example.org' },
    {
      ...one,
      name: 'own',
      host: 'own.example.org',
      tls: { mode: 'edge', certificate: { secret: 'own' } },
    },
    {
      ...one,
      name: 'anew',
      host: 'anew.example.org',
      service: to('tls'),
      tls: { mode: 'reencrypt', authority },
    },
    {
      ...one,
      name: 'mistrusted',
      host: 'mistrusted.example.org',
      service: to('mistrusted'),
      tls: { mode: 'reencrypt', authority: stranger },
    },
    {
      ...one,
      name: 'whole',
      host: 'whole.example.org',
      service: to('tls'),
      tls: { mode: 'passthrough' },
    },
    {
      ...one,
      name: 'whole-inside',
      host: 'whole-inside.example.org',
      service: to('tls'),
      reach: 'internal',
      tls: { mode: 'passthrough' },
    },
    { ...one, name: 'sticky', host: 'sticky.example.org', service: to('sticky'), sticky: true },
    guarded('slow', { rate: { perSecond: 1, burst: 3 } }),
    guarded('people', { login: { kind: 'basic', secret: 'people' } }),
    guarded('asked', { login: { kind: 'forward', url: doorkeeper, answerHeaders: ['X-User'] } }),
    guarded('marked', { answerHeaders: { 'X-Frame-Options': 'DENY' } }),
  ];
}
