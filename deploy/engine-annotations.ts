import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import { isObject } from '../plan/json';
import type { JsonObject, Manifest, PlannedObject } from '../plan/model';

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
      },
    },
  };
}

function awaitAnnotation(kind: string): JsonObject {
  if (SKIPPED.has(kind)) return { 'pulumi.com/skipAwait': 'true' };
  return WAITED_FOR.has(kind) ? { 'pulumi.com/waitFor': 'jsonpath={.metadata.uid}' } : {};
}

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
