import { Chart } from 'cdk8s';

import { ExistingIngress } from '../../../constructs/edge/existing-ingress';
import { Traefik } from '../../../constructs/edge/traefik';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { objectsOf, type Plan } from '../../../plan/model';
import { planOf } from '../../../plan/plan-of';
import { Target } from '../../../constructs/targets';
import { ensureUpstream } from '../../../upstream/fetch';
import { messageFrom } from '../../support/message';
import { appFor, Synthesized, synth } from '../../support/synth';

const exposure = { type: 'LoadBalancer' } as const;
const target = Target.parse('kubernetes 1.34');

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

function planned(): Plan {
  const app = appFor(target);
  new Traefik(new Chart(app, 'Edge', { namespace: 'ingress' }), 'Traefik', { exposure });
  const options = { environment: 'test', target, data: 'keep', moved: [], provided: [] } as const;
  return planOf(app, { ...options, provided: ['_/namespace/ingress'] });
}

/** What has to be done and ready before a step, all the way down. */
function before({ steps }: Plan, id: string): Set<string> {
  const found = new Set<string>();
  const visit = (at: string): void => {
    for (const next of steps.find((one) => one.id === at)?.dependsOn ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return found;
}

// What people complain of at the charts (traefik/traefik-helm-chart), and the rendered fact that cures it.
const cures: readonly (readonly [complaint: string, cure: () => void])[] = [
  [
    'Helm never upgrades definitions (#359, #128, #849)',
    () => {
      // They are objects of the plan like any other: a newer pin is an update, done before the program is touched.
      const plan = planned();
      const definitions = objectsOf(plan).filter(
        ({ manifest }) => manifest.kind === 'CustomResourceDefinition',
      );
      expect(definitions).toHaveLength(10);
      const first = before(plan, 'ingress/deployment.apps/traefik');
      expect(definitions.map(({ id }) => id).filter((id) => !first.has(id))).toEqual([]);
      expect(definitions.every(({ lifecycle }) => lifecycle.protect)).toBe(true);
    },
  ],
  [
    'two charts of one cluster that both bring the definitions (dask-gateway, REANA)',
    () => {
      const app = appFor();
      const add = (id: string, more: object = {}): Traefik =>
        new Traefik(new Chart(app, id, { namespace: id.toLowerCase() }), 'Traefik', {
          exposure,
          className: id.toLowerCase(),
          ...more,
        });
      add('One');
      add('Two', { definitions: 'cluster' });
      expect(new Synthesized(app).all('CustomResourceDefinition')).toHaveLength(10);
      add('Three');
      const options = { environment: 'test', target, data: 'keep', moved: [] } as const;
      expect(messageFrom(() => planOf(app, { ...options, provided: [] }))).toContain(
        'customresourcedefinition.apiextensions.k8s.io/',
      );
    },
  ],
  [
    'the group traefik.containo.us, which Traefik 3 no longer reads (PR#872)',
    () => {
      expect(JSON.stringify(synth(Traefik, { exposure }).objects)).not.toContain('containo.us');
    },
  ],
  [
    'values that are called otherwise with each major version (#1036, PR#1701)',
    () => {
      // No values: arguments of the program of one pinned version, which the integration test starts it with.
      const text = JSON.stringify(synth(Traefik, { exposure }).one('Deployment'));
      const given = Array.from(text.matchAll(/"(--[^"=]+)/g), ([, flag]) => flag ?? '');
      expect(new Set(given).size).toBe(given.length);
      expect(given).not.toContain('--experimental');
    },
  ],
  [
    'a chart that wants to read every Secret of the cluster',
    () => {
      const rules = JSON.stringify(synth(Traefik, { exposure }).all('ClusterRole'));
      expect(rules).not.toContain('secrets');
    },
  ],
  [
    'a Traefik that nobody asked for, where the cluster has a controller (`traefik: none`)',
    () => {
      const tree = synth(ExistingIngress, {
        controller: 'nginx',
        by: { class: 'public' },
        pods: { namespace: 'ingress-nginx' },
      } as const);
      expect(tree.objects).toEqual([]);
    },
  ],
];

describe('what people complain of at the charts', () => {
  test.each(cures)('%s', (_, cure) => {
    cure();
  });
});
