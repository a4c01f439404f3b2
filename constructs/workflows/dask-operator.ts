import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { httpProbe } from '../kit/containers';
import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { grantInNamespace, serviceAccount } from '../kit/rbac';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { databaseVariables } from './database-access';
import { REANA_USER, type ReanaSite } from './reana-site';
import type { ReanaSecrets } from './secrets';
import { databaseOf } from './server';

const HEALTH = 8080;

/**
 * What the operator asks of the namespace of runs. It follows kinds and pods by Kopf, which writes its progress and its finalizers on
 * them, and makes what a cluster consists of (`dask_kubernetes/operator/controller/controller.py`); REANA's part of it keeps the log of a pod before
 * that is gone (`reana_dask_kubernetes_operator/watcher.py`).
 */
const RULES: readonly PolicyRule[] = [
  {
    apiGroups: ['kubernetes.dask.org'],
    resources: ['daskclusters', 'daskautoscalers'],
    verbs: ['get', 'list', 'patch', 'watch'],
  },
  {
    apiGroups: ['kubernetes.dask.org'],
    resources: ['daskworkergroups'],
    verbs: ['create', 'get', 'list', 'patch', 'watch'],
  },
  { apiGroups: ['kubernetes.dask.org'], resources: ['daskworkergroups/scale'], verbs: ['patch'] },
  {
    // OKD asks for it of whoever makes an object that blocks the deletion of its owner.
    apiGroups: ['kubernetes.dask.org'],
    resources: ['daskclusters/finalizers', 'daskworkergroups/finalizers'],
    verbs: ['update'],
  },
  { apiGroups: ['kubernetes.dask.org'], resources: ['daskjobs'], verbs: ['list', 'watch'] },
  {
    apiGroups: ['apps'],
    resources: ['deployments'],
    verbs: ['create', 'delete', 'get', 'list'],
  },
  {
    apiGroups: [''],
    resources: ['services'],
    verbs: ['create', 'get', 'list', 'patch', 'watch'],
  },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'patch', 'watch'] },
  { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create'] },
];

/** Kopf otherwise asks again and again for the namespaces and definitions of the cluster, which nobody gives it; no argument of its says so. */
const SETTINGS = `import kopf


@kopf.on.startup()
def look_no_further(settings, **_):
    settings.scanning.disabled = True
`;

/** Adds REANA's operator for Dask, which serves the namespace of runs and no other. */
export function addDaskOperator(
  scope: Construct,
  site: ReanaSite,
  runs: Construct,
  secrets: ReanaSecrets,
): ApiObject {
  const name = site.nameOf('dask-operator');
  const part = site.part('dask-operator');
  const config = kubeObject(scope, 'DaskOperatorConfig', 'ConfigMap', {
    metadata: { name, labels: labelsOf(part) },
    data: { 'settings.py': SETTINGS },
  });
  serviceAccount(scope, 'ServiceAccount-dask-operator', name, part);
  grantInNamespace(runs, 'Rights-dask-operator', {
    name,
    part,
    rules: RULES,
    to: { name, namespace: site.namespace },
  });
  return deployment(scope, 'DaskOperator', {
    name,
    part,
    // Two would do everything twice: Kopf tells them from each other by a kind of its own, which is of the cluster.
    replicas: 1,
    serviceAccount: name,
    usesApi: true,
    user: REANA_USER,
    config: [config, ...databaseOf(secrets)],
    containers: [
      {
        name: 'operator',
        image: imageRef(IMAGES.reanaDaskOperator),
        args: [
          `--liveness=http://0.0.0.0:${HEALTH}/healthz`,
          '--standalone',
          `--namespace=${site.runsNamespace}`,
          '/etc/reana/settings.py',
        ],
        // Logs of its pods go to the database.
        env: databaseVariables(site),
        ports: { health: HEALTH },
        resources: { cpu: '50m', memory: '256Mi', memoryLimit: '512Mi' },
        probes: {
          readiness: httpProbe('health', '/healthz'),
          liveness: { ...httpProbe('health', '/healthz'), failureThreshold: 6 },
        },
        mounts: [{ name: 'config', mountPath: '/etc/reana', readOnly: true }],
        scratch: { '/tmp': '64Mi' },
      },
    ],
    volumes: [{ name: 'config', configMap: { name } }],
  });
}
