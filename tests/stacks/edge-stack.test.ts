import { reachOf } from '../../constructs/kit/reach';
import { Target, type TargetName } from '../../constructs/targets';
import { UPSTREAM_FILES } from '../../constructs/versions';
import { objectsOf } from '../../plan/model';
import { planOf } from '../../plan/plan-of';
import { EdgeStack, type FrontDoorChoice } from '../../stacks/edge-stack';
import { WelcomeStack } from '../../stacks/welcome-stack';
import { ensureUpstream } from '../../upstream/fetch';
import { appFor, Synthesized } from '../support/synth';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

const common = {
  internalNetworks: ['192.0.2.0/24'],
  certificates: { kind: 'cert-manager', issuer: { type: 'self-signed' } },
} as const;
const pods = { namespace: 'kube-ingress' };

/** The ids of what a site with this front door plans, and who may come in by each. */
function planned(ingress: FrontDoorChoice, target: TargetName): string[] {
  const app = appFor(target);
  const edge = new EdgeStack(app, 'Edge', { ingress });
  new WelcomeStack(app, 'Welcome', { host: 'welcome.example.org', ingress: edge.ingress });
  const plan = planOf(app, {
    environment: 'test',
    target: Target.parse(target),
    data: 'keep',
    moved: [],
    provided: [],
  });
  return objectsOf(plan)
    .filter(
      ({ id, manifest }) => /cert-manager|ingressclass/.test(id) || reachOf(manifest) !== undefined,
    )
    .map(({ id, manifest }) => `${id} ${reachOf(manifest) ?? ''}`.trim())
    .sort();
}

test.each<[FrontDoorChoice, TargetName, readonly string[]]>([
  [
    { kind: 'traefik', exposure: { type: 'LoadBalancer' }, ...common },
    'kubernetes 1.34',
    [
      '_/clusterissuer.cert-manager.io/traefik-self-signed',
      '_/ingressclass.networking.k8s.io/traefik',
      'ingress/service/traefik public',
      'welcome/certificate.cert-manager.io/welcome',
      'welcome/ingress.networking.k8s.io/welcome internal',
    ],
  ],
  [
    { kind: 'routes', ...common },
    'okd 4.21',
    [
      '_/clusterissuer.cert-manager.io/openshift-default-self-signed',
      'welcome/certificate.cert-manager.io/welcome',
      'welcome/route.route.openshift.io/welcome internal',
    ],
  ],
  [
    { kind: 'existing', controller: 'nginx', by: { class: 'public' }, pods, ...common },
    'kubernetes 1.34',
    [
      '_/clusterissuer.cert-manager.io/public-self-signed',
      'welcome/certificate.cert-manager.io/welcome',
      'welcome/ingress.networking.k8s.io/welcome internal',
    ],
  ],
])('a site can have the front door %j on %s', (ingress, target, expected) => {
  expect(planned(ingress, target)).toEqual(expected);
});

test('pods in the network of their nodes need a namespace that admits them', () => {
  const app = appFor();
  const exposure = {
    type: 'HostNetwork',
    consent: 'agreed',
    nodeNetworks: ['203.0.113.0/24'],
  } as const;
  new EdgeStack(app, 'Edge', { ingress: { kind: 'traefik', exposure } });
  expect(new Synthesized(app).one('Namespace').metadata).toMatchObject({
    labels: { 'pod-security.kubernetes.io/enforce': 'privileged' },
  });
});
