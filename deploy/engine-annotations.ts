import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import { isObject } from '../plan/json';
import type { JsonObject, Manifest, PlannedObject } from '../plan/model';
import { groupOf } from '../plan/object-id';

/** Under which name the API server records who set a field. */
export const FIELD_MANAGER = 'beamline';

/**
 * The manifest with what the provider reads from annotations.
 *
 * `patchFieldManager`: left to itself the provider draws a name for each object and keeps it in the state. A run that is
 * killed before it saved its state would leave fields behind that nobody could remove any more.
 *
 * `skipAwait`: an object is done as soon as the API server has it. `readiness.ts` waits for whole collections at once, while
 * the provider watches each object by itself and takes 10 s for any Service (`docs/decisions/0004-readiness.md`).
 *
 * `waitFor`: the same, for kinds whose deletion would not be awaited either with `skipAwait`. It costs a watch an object.
 *
 * `deletionPropagationPolicy`: what has nothing below it goes at once. By default the provider has the cluster's garbage collector look below
 * each object before it goes, and that one has 20 requests a second for everybody. Pods, and what an operator may have made, are waited for.
 */
export function withEngineAnnotations({ manifest }: PlannedObject): Manifest {
  if (isBeyondCluster(manifest.apiVersion)) return manifest;
  const { annotations } = manifest.metadata;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: {
        ...(isObject(annotations) ? annotations : {}),
        'pulumi.com/patchFieldManager': FIELD_MANAGER,
        ...awaitAnnotation(manifest.kind),
        ...deletionAnnotation(manifest),
      },
    },
  };
}

function awaitAnnotation(kind: string): JsonObject {
  if (SKIPPED.has(kind)) return { 'pulumi.com/skipAwait': 'true' };
  return WAITED_FOR.has(kind) ? { 'pulumi.com/waitFor': 'jsonpath={.metadata.uid}' } : {};
}

function deletionAnnotation({ apiVersion, kind }: Manifest): JsonObject {
  const group = groupOf(apiVersion);
  return BY_ITSELF.has(group === '' ? kind : `${kind}.${group}`)
    ? { 'pulumi.com/deletionPropagationPolicy': 'background' }
    : {};
}

/** Kinds that own nothing a deletion has to wait for. */
const BY_ITSELF = new Set([
  'ConfigMap',
  'LimitRange',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'HorizontalPodAutoscaler.autoscaling',
  'Ingress.networking.k8s.io',
  'NetworkPolicy.networking.k8s.io',
  'PodDisruptionBudget.policy',
  'PriorityClass.scheduling.k8s.io',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'StorageClass.storage.k8s.io',
]);

/**
 * Kinds that the provider awaits by itself (pulumi-kubernetes 4.29 `provider/pkg/await/awaiters.go`), without and with those
 * for which `skipAwait` also means deletion (`allowsSkipAwaitWithDelete` in `provider/pkg/metadata/overrides.go`).
 */
const SKIPPED = new Set([
  'Ingress',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
]);
const WAITED_FOR = new Set([
  'DaemonSet',
  'Deployment',
  'Job',
  'Pod',
  'ReplicationController',
  'StatefulSet',
]);
