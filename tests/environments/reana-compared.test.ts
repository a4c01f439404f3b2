import { z } from 'zod';

import { Target } from '../../constructs/targets';
import { loadEnvironment, planEnvironment } from '../../environments/load';
import { objectsOf, type PlannedObject } from '../../plan/model';
import { splitPlan } from '../../plan/split';
import { ensureUpstream } from '../../upstream/fetch';

/**
 * What both reference environments are compared with is upstream's chart 0.9.4 at its defaults: no probe and no request in any of its pods, one
 * ClusterRole of nine rules, four CronJobs with a hostPath, and three steps by hand (the database, the admin, the Secret with his token).
 */
const NAMES = ['bnl-okd', 'bnl-reana'] as const;

const probe = z.unknown().optional();
const container = z.object({
  name: z.string(),
  readinessProbe: probe,
  livenessProbe: probe,
  resources: z.object({
    requests: z.object({ cpu: z.string(), memory: z.string() }),
    limits: z.object({ memory: z.string() }),
  }),
  env: z
    .array(
      z.object({
        valueFrom: z
          .object({ secretKeyRef: z.object({ name: z.string(), key: z.string() }).optional() })
          .optional(),
      }),
    )
    .default([]),
});
const podSpec = z.object({
  containers: z.array(container),
  initContainers: z.array(container).default([]),
  serviceAccountName: z.string(),
  volumes: z
    .array(
      z.object({
        hostPath: z.unknown().optional(),
        configMap: z.object({ name: z.string() }).optional(),
        secret: z.object({ secretName: z.string() }).optional(),
        persistentVolumeClaim: z.object({ claimName: z.string() }).optional(),
      }),
    )
    .default([]),
});
const template = z.object({ template: z.object({ spec: podSpec }) });
const workload = z.union([
  z.object({ spec: template }),
  z
    .object({ spec: z.object({ jobTemplate: z.object({ spec: template }) }) })
    .transform(({ spec }) => ({
      spec: spec.jobTemplate.spec,
    })),
]);
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

function podsIn(objects: readonly PlannedObject[]) {
  return objects
    .filter(({ manifest }) => KINDS.includes(manifest.kind))
    .map(({ id, manifest }) => ({
      id,
      kind: manifest.kind,
      pod: workload.parse(manifest).spec.template.spec,
    }));
}

describe.each(NAMES)('REANA in %s', (name) => {
  let objects: PlannedObject[];
  let reana: ReturnType<typeof podsIn>;
  beforeAll(async () => {
    const plan = await planEnvironment(loadEnvironment(name), (pin) => ensureUpstream(pin));
    objects = objectsOf(plan).filter(({ manifest }) => manifest.metadata.namespace === 'reana');
    reana = podsIn(objects);
  }, 120_000);

  test('every pod asks for CPU and memory and has a limit of memory', () => {
    // The schema demands both of each container.
    expect(reana.length).toBeGreaterThan(8);
  });

  test('every container that others wait for is probed, and the two that nobody asks are known', () => {
    const unprobed = reana
      .filter(({ kind }) => kind !== 'Job' && kind !== 'CronJob')
      .flatMap(({ id, pod }) => pod.containers.map((one) => ({ id, ...one })))
      .filter(
        ({ readinessProbe, livenessProbe }) =>
          readinessProbe === undefined || livenessProbe === undefined,
      )
      .map((one) => `${one.id} ${one.name}`);
    expect(unprobed).toEqual([
      'reana/deployment.apps/reana-server scheduler',
      'reana/deployment.apps/reana-workflow-controller job-status-consumer',
    ]);
    const pods = reana.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
    expect(
      pods.filter(({ pod }) => !pod.containers.some((one) => one.readinessProbe !== undefined)),
    ).toEqual([]);
  });

  test('nothing of it is on a node, nor of the cluster', () => {
    const onNode = reana.filter(({ pod }) =>
      pod.volumes.some(({ hostPath }) => hostPath !== undefined),
    );
    expect(onNode).toEqual([]);
    const text = JSON.stringify(objects.map(({ manifest }) => manifest));
    expect(text).not.toContain('ClusterRole');
    const { admin } = splitPlan(objects);
    // On OKD, what the job controller of 0.9.4 needs to begin its runs.
    const kinds = admin.map(({ manifest }) => manifest.kind);
    expect([...new Set(kinds)].sort()).toEqual(name === 'bnl-okd' ? ['Role', 'RoleBinding'] : []);
  });

  test('nothing is left to do by hand: whatever a pod names, the plan has', () => {
    const there = new Set(
      objects.map(({ manifest }) => `${manifest.kind}/${manifest.metadata.name}`),
    );
    const secrets = z.object({ stringData: z.record(z.string(), z.unknown()) });
    const keys = new Set(
      objects
        .filter(({ manifest }) => manifest.kind === 'Secret')
        .flatMap(({ manifest }) =>
          Object.keys(secrets.parse(manifest).stringData).map(
            (key) => `${manifest.metadata.name}/${key}`,
          ),
        ),
    );
    const missing = reana.flatMap(({ id, pod }) =>
      [
        ...pod.volumes.flatMap(({ configMap, secret, persistentVolumeClaim: claim }) => [
          ...(configMap === undefined ? [] : [`ConfigMap/${configMap.name}`]),
          ...(secret === undefined ? [] : [`Secret/${secret.secretName}`]),
          ...(claim === undefined ? [] : [`PersistentVolumeClaim/${claim.claimName}`]),
        ]),
        `ServiceAccount/${pod.serviceAccountName}`,
      ]
        .filter((named) => !there.has(named))
        .map((named) => `${id} names ${named}`),
    );
    const unknown = reana.flatMap(({ id, pod }) =>
      [...pod.containers, ...pod.initContainers]
        .flatMap(({ env }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? []))
        .filter((ref) => !keys.has(`${ref.name}/${ref.key}`))
        .map((ref) => `${id} reads ${ref.name}/${ref.key}`),
    );
    expect([...missing, ...unknown]).toEqual([]);
    // The token that upstream has copied by hand is in the Secret that the CronJobs read.
    expect(keys).toContain('reana-admin/ADMIN_ACCESS_TOKEN');
  });
});

test.each([
  ['bnl-reana', 'kubernetes 1.34'],
  ['bnl-reana', 'kubernetes 1.36'],
  ['bnl-okd', 'okd 4.6'],
])('%s moves to %s by its one line, and has what it had', async (name, target) => {
  const environment = loadEnvironment(name);
  const ids = async (of: Target): Promise<string[]> => {
    const plan = await planEnvironment({ ...environment, target: of }, (pin) =>
      ensureUpstream(pin),
    );
    return objectsOf(plan).map(({ id }) => id);
  };
  const moved = await ids(Target.parse(target));
  // The SCC of jobs has another name before OKD 4.11.
  const known = (id: string): string => id.replace('nonroot-v2', 'nonroot');
  const before = (await ids(environment.target)).map(known);
  expect(moved.map(known).sort()).toEqual(before.sort());
});
