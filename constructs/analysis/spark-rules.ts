import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { SPARK_API } from './spark-parts';

const READ = ['get', 'list', 'watch'];

/** What the operator does in a tenant's namespace, `spark-submit` counted. It makes no Ingress here: these are the site's to open. */
export const OPERATOR_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['pods'], verbs: [...READ, 'create', 'update', 'delete'] },
  { apiGroups: [''], resources: ['configmaps'], verbs: [...READ, 'create', 'update', 'patch'] },
  {
    apiGroups: [''],
    resources: ['services'],
    verbs: [...READ, 'create', 'update', 'patch', 'delete'],
  },
  { apiGroups: [''], resources: ['events'], verbs: ['create', 'update', 'patch'] },
  {
    apiGroups: [SPARK_API],
    resources: ['sparkapplications'],
    verbs: [...READ, 'create', 'delete'],
  },
  {
    apiGroups: [SPARK_API],
    resources: ['scheduledsparkapplications', 'sparkconnects'],
    verbs: READ,
  },
  {
    apiGroups: [SPARK_API],
    resources: ['sparkapplications', 'scheduledsparkapplications', 'sparkconnects'].flatMap(
      (kind) => [`${kind}/status`, `${kind}/finalizers`],
    ),
    verbs: ['update'],
  },
];

/** What a driver does with its executors: https://spark.apache.org/docs/4.0.1/running-on-kubernetes.html#rbac */
export const DRIVER_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [''],
    resources: ['pods', 'services', 'configmaps'],
    verbs: [...READ, 'create', 'update', 'patch', 'delete', 'deletecollection'],
  },
];

/** What people of a tenant do with their applications. */
export const PEOPLE_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [SPARK_API],
    resources: ['sparkapplications', 'scheduledsparkapplications', 'sparkconnects'],
    verbs: [...READ, 'create', 'update', 'patch', 'delete'],
  },
];
