import type { PolicyRule } from 'kubernetes-types/rbac/v1';

const READ = ['get', 'list', 'watch'];
const FOLLOW = ['list', 'watch'];

/** What csi-provisioner calls on the cluster, for drivers without topology. It reads a single volume to clone its claim. */
export const PROVISIONER_RULES: readonly PolicyRule[] = [
  rule('', 'persistentvolumes', [...READ, 'create', 'patch', 'delete']),
  rule('', 'persistentvolumeclaims', FOLLOW),
  rule('storage.k8s.io', 'storageclasses', FOLLOW),
  rule('', 'events', ['create', 'patch']),
];

/** What csi-provisioner calls beside for drivers whose nodes say where they are. */
export const TOPOLOGY_RULES: readonly PolicyRule[] = [
  rule('', 'nodes', READ),
  rule('storage.k8s.io', 'csinodes', READ),
];

/** What csi-resizer calls. */
export const RESIZER_RULES: readonly PolicyRule[] = [
  rule('', 'persistentvolumes', [...READ, 'patch']),
  rule('', 'persistentvolumeclaims', READ),
  rule('', 'persistentvolumeclaims/status', ['patch']),
  rule('', 'events', ['create', 'patch']),
];

/** What csi-attacher calls. */
export const ATTACHER_RULES: readonly PolicyRule[] = [
  rule('', 'persistentvolumes', [...READ, 'patch']),
  rule('storage.k8s.io', 'csinodes', READ),
  rule('storage.k8s.io', 'volumeattachments', [...READ, 'patch']),
  rule('storage.k8s.io', 'volumeattachments/status', ['patch']),
];

/** What csi-snapshotter calls, and csi-provisioner for a claim that is made from a snapshot. */
export const SNAPSHOTTER_RULES: readonly PolicyRule[] = [
  rule('snapshot.storage.k8s.io', 'volumesnapshots', ['get', 'list']),
  rule('snapshot.storage.k8s.io', 'volumesnapshotclasses', READ),
  rule('snapshot.storage.k8s.io', 'volumesnapshotcontents', [...READ, 'update', 'patch']),
  rule('snapshot.storage.k8s.io', 'volumesnapshotcontents/status', ['update', 'patch']),
  rule('', 'events', ['create', 'patch']),
];

/** Locks of the sidecars, in their own namespace. */
export const LOCK_RULES: readonly PolicyRule[] = [
  rule('coordination.k8s.io', 'leases', ['get', 'create', 'update']),
];

/** Reading some Secrets by name, and no other. */
export function secretRules(names: readonly string[]): PolicyRule[] {
  const resourceNames = [...new Set(names)].sort();
  return [{ ...rule('', 'secrets', ['get']), resourceNames }];
}

/** Rules with what several ask of one resource put together. */
export function merged(...lists: (readonly PolicyRule[])[]): PolicyRule[] {
  const byResource = new Map<string, PolicyRule>();
  for (const next of lists.flat()) {
    const key = JSON.stringify([next.apiGroups, next.resources, next.resourceNames]);
    const verbs = [...(byResource.get(key)?.verbs ?? []), ...next.verbs];
    byResource.set(key, { ...next, verbs: [...new Set(verbs)] });
  }
  return [...byResource.values()];
}

function rule(group: string, resource: string, verbs: readonly string[]): PolicyRule {
  return { apiGroups: [group], resources: [resource], verbs: [...verbs] };
}
