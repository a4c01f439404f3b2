import type { Manifest } from '../../../../plan/model';
import { SIMULATED } from '../../../../sandbox/simulator/simulated';
import type { Cluster } from '../../../support/cluster';

/** What a provisioner's account may do. */
export const RIGHTS: readonly string[] = [
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
];

/** The sandbox plays every provisioner but those of classes that say otherwise. */
export function withRealProvisioner(manifest: Manifest): Manifest {
  const annotations = { [SIMULATED]: 'false' };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

/** A field of a claim of the namespace, or of a volume. Empty without the field or the object. */
export function fieldOf(
  cluster: Cluster,
  namespace: string,
): (kind: 'pvc' | 'pv', name: string, path: string) => Promise<string> {
  const options = ['-n', namespace, '--ignore-not-found'];
  return (kind, name, path) =>
    cluster.kubectl(['get', kind, name, ...options, '-o', `jsonpath=${path}`]);
}
