import type { PolicyRule } from 'kubernetes-types/rbac/v1';

/**
 * What the provisioner calls, read off sig-storage-lib-external-provisioner v6.0.0 and the program itself. Upstream's
 * role may also read nodes and write claims; those serve classes that wait for a first consumer, which ours never do.
 */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: ['get', 'list', 'watch', 'create', 'delete'],
  },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['list', 'watch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
];

/** The lock that decides which of several provisioners works: an Endpoints object named after the provisioner. */
export function lockRules(provisioner: string): PolicyRule[] {
  const endpoints = { apiGroups: [''], resources: ['endpoints'] };
  return [
    { ...endpoints, verbs: ['create'] }, // a name cannot restrict create
    { ...endpoints, resourceNames: [provisioner.replace('/', '-')], verbs: ['get', 'update'] },
  ];
}
