import { Chart } from 'cdk8s';
import { z } from 'zod';

import { findingsOf } from '../../../constructs/kit/findings';
import { attachTarget, Target, type TargetName } from '../../../constructs/targets';
import { DaskDefinitions } from '../../../constructs/workflows/dask-definitions';
import { Reana } from '../../../constructs/workflows/reana';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';
import { objectsOf } from '../../../plan/model';
import { splitPlan } from '../../../plan/split';
import { houseRuleProblems } from '../../support/house-rules';
import { planFrom } from '../../support/plan';
import { chartFor, synth, Synthesized } from '../../support/synth';
import { containerOf, variablesOf } from './rendered-pods';
import { apart, dask, minimal, onOkd, sessions, withDask } from './support';

const alpha: ReanaProps = { ...minimal, release: '0.95.0-alpha.5' };

const selector = z.object({
  spec: z.object({
    podSelector: z.object({ matchExpressions: z.array(z.object({ key: z.string() })) }),
    ingress: z.array(z.object({ from: z.array(z.unknown()), ports: z.unknown().optional() })),
  }),
});

test.each<[TargetName, ReanaProps]>([
  ['kubernetes 1.34', withDask],
  ['kubernetes 1.34', { ...withDask, ...apart, sessions }],
  ['okd 4.21', { ...onOkd, ...withDask, rootInRuns: onOkd.rootInRuns ?? 'refused' }],
])('on %s it follows the house rules, and belongs to no cluster', (target, props) => {
  const made = synth(Reana, props, target);
  expect(
    made.objects.flatMap((object) => houseRuleProblems({ ...object }, made.exceptions)),
  ).toEqual([]);
  expect(
    made.objects.filter(({ kind }) => /^Cluster|^CustomResourceDefinition$/.test(kind)),
  ).toEqual([]);
});

test('0.9.4 is told nothing of it, and the alpha that it is off unless it is on', () => {
  const told = (props: ReanaProps, name: string): Record<string, string> =>
    variablesOf(synth(Reana, props).one('Deployment', `reana-${name}`));
  for (const program of ['server', 'workflow-controller']) {
    expect(Object.keys(told(minimal, program)).filter((key) => key.includes('DASK'))).toEqual([]);
    expect(told(alpha, program)['DASK_ENABLED']).toBe('false');
    expect(told(withDask, program)).toMatchObject({
      DASK_ENABLED: 'true',
      DASK_AUTOSCALER_ENABLED: 'true',
      REANA_DASK_CLUSTER_MAX_MEMORY_LIMIT: '16Gi',
      REANA_DASK_CLUSTER_DEFAULT_NUMBER_OF_WORKERS: '2',
      REANA_DASK_CLUSTER_MAX_SINGLE_WORKER_MEMORY: '8Gi',
      // Its default is on, and would publish pages that ask nobody who he is.
      TRAEFIK_ENABLED: 'false',
    });
    const limits = { clusterMiB: 65536, workers: { usual: 4, most: 40 }, autoscaled: false };
    expect(told({ ...withDask, dask: { ...dask, ...limits } }, program)).toMatchObject({
      DASK_AUTOSCALER_ENABLED: 'false',
      REANA_DASK_CLUSTER_MAX_MEMORY_LIMIT: '64Gi',
      REANA_DASK_CLUSTER_MAX_NUMBER_OF_WORKERS: '40',
    });
  }
  expect(synth(Reana, alpha).names('Deployment')).not.toContain('reana-dask-operator');
});

test('the operator serves the namespace of runs alone, and keeps logs in the database', () => {
  const operator = containerOf(
    synth(Reana, { ...withDask, ...apart }).one('Deployment', 'reana-dask-operator'),
  );
  expect(JSON.stringify(operator)).not.toContain('all-namespaces');
  expect(operator.env.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['REANA_DB_HOST', 'REANA_DB_PASSWORD']),
  );
  const made = synth(Reana, { ...withDask, ...apart });
  const role = made.one('Role', 'reana-dask-operator');
  expect(role.metadata.namespace).toBe('reana-runs');
  const { args } = z
    .object({
      spec: z.object({
        template: z.object({
          spec: z.object({ containers: z.tuple([z.object({ args: z.array(z.string()) })]) }),
        }),
      }),
    })
    .parse(made.one('Deployment', 'reana-dask-operator')).spec.template.spec.containers[0];
  expect(args).toContain('--namespace=reana-runs');
});

test('its pods are reached by each other, by jobs and by the operator, and write to the database only through that', () => {
  const made = synth(Reana, withDask);
  const policy = selector.parse(made.one('NetworkPolicy', 'reana-dask')).spec;
  expect(policy.podSelector.matchExpressions.map(({ key }) => key)).toEqual([
    'reana-run-dask-workflow-uuid',
  ]);
  const from = policy.ingress.map((rule) => JSON.stringify(rule));
  expect(from).toHaveLength(3);
  expect(from[1]).toContain('reana-run-job-workflow-uuid');
  expect(from[1]).toContain('8786');
  expect(from[2]).toContain('dask-operator');
  expect(JSON.stringify(made.one('NetworkPolicy', 'reana-db'))).toContain('"dask-operator"');
  expect(JSON.stringify(made.one('NetworkPolicy', 'reana-message-broker'))).not.toContain('dask');
  expect(JSON.stringify(synth(Reana, alpha).all('NetworkPolicy'))).not.toContain('dask');
});

test('a reviewer hears what users can do to each other', () => {
  const reana = new Reana(chartFor(), 'Reana', withDask);
  expect(findingsOf(reana).map(({ rule, reason }) => `${rule} ${reason}`)).toContainEqual(
    expect.stringContaining('reana/dask-between-users'),
  );
  expect(findingsOf(new Reana(chartFor(), 'Reana', alpha))).toEqual([]);
});

describe('what is of the cluster', () => {
  const plan = planFrom(
    (app) => {
      attachTarget(app, Target.parse('okd 4.21'));
      const chart = new Chart(app, 'test', { namespace: 'reana' });
      const definitions = new DaskDefinitions(chart, 'Dask');
      new Reana(chart, 'Reana', {
        ...onOkd,
        ...withDask,
        rootInRuns: onOkd.rootInRuns ?? 'refused',
        dask: { ...dask, definitions },
      });
    },
    { provided: ['_/storageclass.storage.k8s.io/shared', '_/storageclass.storage.k8s.io/disk'] },
  );
  const { admin, project } = splitPlan(objectsOf(plan));
  const kinds = (objects: typeof admin): string[] => [
    ...new Set(objects.map(({ manifest }) => manifest.kind)),
  ];

  test("goes to the cluster's admin: kinds, and that admins of projects may use them", () => {
    expect(kinds(admin).sort()).toEqual([
      'ClusterRole',
      'CustomResourceDefinition',
      'Role',
      'RoleBinding',
    ]);
    expect(kinds(project)).not.toContain('CustomResourceDefinition');
    expect(project.map(({ id }) => id)).toContain(
      'reana/role.rbac.authorization.k8s.io/reana-dask-operator',
    );
  });

  test('every right over them that REANA grants, an admin of a project has himself', () => {
    const rules = z.object({
      rules: z.array(
        z.object({
          apiGroups: z.array(z.string()),
          resources: z.array(z.string()),
          verbs: z.array(z.string()),
        }),
      ),
    });
    const pairs = (objects: typeof admin, kind: string): string[] =>
      objects
        .filter(({ manifest }) => manifest.kind === kind)
        .flatMap(({ manifest }) => rules.parse(manifest).rules)
        .filter(({ apiGroups }) => apiGroups.includes('kubernetes.dask.org'))
        .flatMap(({ resources, verbs }) =>
          resources.flatMap((resource) => verbs.map((verb) => `${resource} ${verb}`)),
        );
    const his = new Set(pairs(admin, 'ClusterRole'));
    const granted = pairs(project, 'Role');
    expect(granted.length).toBeGreaterThan(10);
    expect(granted.filter((pair) => !his.has(pair))).toEqual([]);
  });

  test('is made before whatever is granted over it', () => {
    const made = objectsOf(plan);
    const role = made.find(({ id }) =>
      id.endsWith('role.rbac.authorization.k8s.io/reana-dask-operator'),
    );
    expect(JSON.stringify(role?.dependsOn)).toContain('barrier/test/Dask');
  });
});

test('the definitions follow the house rules', () => {
  const chart = chartFor();
  new DaskDefinitions(chart, 'Dask');
  const made = new Synthesized(chart);
  expect(made.names('CustomResourceDefinition').sort()).toEqual([
    'daskautoscalers.kubernetes.dask.org',
    'daskclusters.kubernetes.dask.org',
    'daskjobs.kubernetes.dask.org',
    'daskworkergroups.kubernetes.dask.org',
  ]);
  expect(
    made.objects.flatMap((object) => houseRuleProblems({ ...object }, made.exceptions)),
  ).toEqual([]);
});

test.each<[string, Partial<ReanaProps>, TargetName, string]>([
  [
    'in the stable release, which has none',
    { release: '0.9.4' },
    'kubernetes 1.34',
    "'dask' must be left out with release '0.9.4'",
  ],
  ['without a reason', { dask: { ...dask, consent: ' ' } }, 'kubernetes 1.34', "'dask.consent'"],
  [
    'with fewer workers at most than usual',
    { dask: { ...dask, workers: { usual: 5, most: 3 } } },
    'kubernetes 1.34',
    "'dask.workers.usual' must be at most 'dask.workers.most' (3), got 5",
  ],
  [
    'with half a thread',
    { dask: { ...dask, workerThreads: { usual: 0.5, most: 3 } } },
    'kubernetes 1.34',
    "'dask.workerThreads.usual' must be a whole number from 1, got '0.5'",
  ],
  [
    'with no memory at all',
    { dask: { ...dask, clusterMiB: 0 } },
    'kubernetes 1.34',
    "'dask.clusterMiB' must be a whole number from 1, got '0'",
  ],
  [
    'with less memory than what nobody asked for takes',
    { dask: { ...dask, clusterMiB: 2048 } },
    'kubernetes 1.34',
    "'dask.clusterMiB' must hold what a workflow has that asks for nothing: 2 workers of 2048 MiB, got 2048",
  ],
])('refuses Dask %s', (_, props, target, message) => {
  expect(() => synth(Reana, { ...withDask, ...props }, target)).toThrow(message);
});

test('refuses the kinds on a cluster that knows no such definitions', () => {
  expect(() => new DaskDefinitions(chartFor('okd 3.11'), 'Dask')).toThrow('Dask in REANA');
});
