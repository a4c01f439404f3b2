import { isObject } from '../plan/json';
import type { Manifest, PlannedObject } from '../plan/model';

/** Under which name the API server records who set a field. */
export const FIELD_MANAGER = 'beamline';

/**
 * The manifest with what the provider reads from annotations.
 *
 * `patchFieldManager`: left to itself the provider draws a name for each object and keeps it in the state. A run that is
 * killed before it saved its state would leave fields behind that nobody could remove any more.
 *
 * `waitFor`: an object is done as soon as the API server has it. `readiness.ts` waits for whole collections at once, while
 * the provider watches each object by itself and takes 10 s for any Service (`docs/decisions/0004-readiness.md`). Not
 * `skipAwait`, which would also skip waiting for deletion.
 */
export function withEngineAnnotations({ manifest }: PlannedObject): Manifest {
  const { annotations } = manifest.metadata;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: {
        ...(isObject(annotations) ? annotations : {}),
        'pulumi.com/patchFieldManager': FIELD_MANAGER,
        ...(AWAITED.has(manifest.kind) ? { 'pulumi.com/waitFor': 'jsonpath={.metadata.uid}' } : {}),
      },
    },
  };
}

/** Kinds that the provider awaits by itself (pulumi-kubernetes `provider/pkg/await/awaiters.go`). */
const AWAITED = new Set([
  'DaemonSet',
  'Deployment',
  'Ingress',
  'Job',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Pod',
  'ReplicationController',
  'ResourceQuota',
  'Secret',
  'Service',
  'ServiceAccount',
  'StatefulSet',
]);
