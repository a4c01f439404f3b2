import { isObject } from '../plan/json';
import type { Manifest, PlannedObject } from '../plan/model';

/**
 * Tells the provider that an object is done as soon as the API server has it: `readiness.ts` waits for whole
 * collections at once, while the provider watches each object by itself and takes 10 s for any Service
 * (`docs/decisions/0004-readiness.md`). `waitFor` rather than `skipAwait`, which would also skip waiting for deletion.
 */
export function withAwait(object: PlannedObject): Manifest {
  const { manifest } = object;
  if (!AWAITED.has(manifest.kind)) return manifest;
  const { annotations } = manifest.metadata;
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: {
        ...(isObject(annotations) ? annotations : {}),
        'pulumi.com/waitFor': 'jsonpath={.metadata.uid}',
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
