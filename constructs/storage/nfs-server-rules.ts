import type { PolicyRule } from 'kubernetes-types/rbac/v1';

/**
 * What the provisioner calls on the cluster, read off sig-storage-lib-external-provisioner v4.0.0 and the program.
 * Upstream's role may also change claims, which only serves classes that wait for a first consumer.
 */
export const SERVER_CLUSTER_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: ['get', 'list', 'watch', 'create', 'delete'],
  },
  { apiGroups: [''], resources: ['persistentvolumeclaims'], verbs: ['list', 'watch'] },
  { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
];

/** Its own Service, whose address becomes that of the volumes. */
export function serverRules(name: string): PolicyRule[] {
  return [
    {
      apiGroups: [''],
      resources: ['services', 'endpoints'],
      resourceNames: [name],
      verbs: ['get'],
    },
  ];
}
