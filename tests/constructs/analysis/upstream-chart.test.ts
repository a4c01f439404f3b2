import { z } from 'zod';

import { DaskGateway } from '../../../constructs/analysis/dask-gateway';
import { UPSTREAM_FILES } from '../../../constructs/versions';
import { ensureUpstream } from '../../../upstream/fetch';
import { rightsOf, runningPods } from '../../support/compared';
import { synth } from '../../support/synth';
import { gatewayFor, ingress } from './support';

beforeAll(() => ensureUpstream(UPSTREAM_FILES.traefikCrds), 120_000);

const published = { host: 'dask.example.org', ingress } as const;
const settings = z.object({
  data: z.object({ 'settings.json': z.string(), 'dask_gateway_config.py': z.string() }),
});
const service = z.object({ spec: z.object({ type: z.string().default('ClusterIP') }) });

/**
 * Upstream's chart 2026.3.0 (dask/dask-gateway 99f3ef0) at its defaults, counted: three ClusterRoles, Secrets that the server reads in every namespace, two
 * rules with every verb, one Service of the type LoadBalancer, clusters' pods without a security context, and people who need no password.
 */
test.each(['okd 4.21', 'kubernetes 1.34'] as const)(
  'on %s it has none of what upstream’s chart has',
  (target) => {
    const made = synth(DaskGateway, { ...gatewayFor(), published }, target);
    const roles = made.objects.filter(({ kind }) => /Role$/.test(kind));
    const running = runningPods(made.objects);
    const { data } = settings.parse(made.one('ConfigMap', 'gateway'));
    expect({
      ofTheCluster: roles.filter(({ kind }) => kind === 'ClusterRole').length,
      everyVerb: roles.flatMap(rightsOf).filter((right) => right.includes('*')).length,
      outside: made.all('Service').filter((one) => service.parse(one).spec.type !== 'ClusterIP'),
      unprobed: running.filter(({ probed }) => !probed).length,
      withoutRequests: running.filter(({ requests }) => !requests).length,
      unconfined: running.filter(({ confined }) => !confined).length,
      withoutPassword: /simple/i.test(data['dask_gateway_config.py']),
    }).toEqual({
      ofTheCluster: 0,
      everyVerb: 0,
      outside: [],
      unprobed: 0,
      withoutRequests: 0,
      unconfined: 0,
      withoutPassword: false,
    });
    expect(running.length).toBe(3);
    const { container, profiles } = z
      .object({
        container: z.object({ securityContext: z.object({}).loose() }),
        profiles: z.array(z.object({ pod: z.object({ securityContext: z.object({}).loose() }) })),
      })
      .parse(JSON.parse(data['settings.json']));
    expect(container.securityContext).toMatchObject({ capabilities: { drop: ['ALL'] } });
    for (const { pod } of profiles) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true });
      expect('runAsUser' in pod.securityContext).toBe(target === 'kubernetes 1.34');
    }
  },
);

/** Of the chart: 3 rules over Secrets, 2 of them over the whole cluster. */
test('Secrets are read by who needs them, in the namespaces of tenants', () => {
  const made = synth(DaskGateway, gatewayFor(), 'okd 4.21');
  const secrets = made
    .all('Role')
    .map((role) => [
      `${role.metadata.namespace}/${role.metadata.name}`,
      rightsOf(role).filter((right) => right.startsWith('secrets ')),
    ]);
  const each = (tenant: string): unknown[] => [
    [`${tenant}/test-gateway`, ['secrets get']],
    [`${tenant}/test-controller`, ['secrets create', 'secrets delete']],
    [`${tenant}/test-proxy`, ['secrets list', 'secrets watch']],
  ];
  expect(secrets).toEqual([...each('cms'), ...each('atlas')]);
});

/** The chart's controller is replaced, never doubled; so is ours. Its API server is one pod by default; ours are two, of which one may be gone. */
test('other limits restart server and controller, and no proxy', () => {
  const { limits } = gatewayFor();
  const [before, after] = [limits, { ...limits, clusters: 2 }].map((given) =>
    synth(DaskGateway, { ...gatewayFor(), limits: given }, 'okd 4.21'),
  );
  const program = (at: typeof before, name: string): string =>
    JSON.stringify(at?.one('Deployment', name));
  expect(program(after, 'proxy')).toBe(program(before, 'proxy'));
  expect(program(after, 'gateway')).not.toBe(program(before, 'gateway'));
  expect(program(after, 'controller')).toContain('"strategy":{"type":"Recreate"}');
  expect(program(after, 'gateway')).toContain('"replicas":2');
  expect(after?.names('PodDisruptionBudget')).toEqual(expect.arrayContaining(['gateway', 'proxy']));
});
