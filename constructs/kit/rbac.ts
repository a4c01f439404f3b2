import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { PolicyRule, Subject } from 'kubernetes-types/rbac/v1';

import { labelsOf, type Part } from './labels';
import { kubeObject } from './objects';

const RBAC = 'rbac.authorization.k8s.io';

/** Adds the ServiceAccount of a part. Pods that need its token ask for it themselves. */
export function serviceAccount(scope: Construct, id: string, name: string, part: Part): ApiObject {
  return kubeObject(scope, id, 'ServiceAccount', {
    metadata: { name, labels: labelsOf(part) },
    automountServiceAccountToken: false,
  });
}

/** Who is granted something. */
export interface Grant {
  /** Name of the role and of its binding. */
  readonly name: string;
  readonly part: Part;
  readonly rules: readonly PolicyRule[];
  /** The ServiceAccount, by name and namespace. */
  readonly to: { readonly name: string; readonly namespace: string };
  /**
   * Namespace of the grant.
   *
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
}

/** Grants rights in one namespace: a Role, which it answers, and its RoleBinding. */
export function grantInNamespace(scope: Construct, id: string, grant: Grant): ApiObject {
  const metadata = {
    name: grant.name,
    labels: labelsOf(grant.part),
    ...(grant.namespace === undefined ? {} : { namespace: grant.namespace }),
  };
  const role = kubeObject(scope, `${id}Role`, 'Role', { metadata, rules: [...grant.rules] });
  kubeObject(scope, `${id}RoleBinding`, 'RoleBinding', {
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: grant.name },
    subjects: [{ kind: 'ServiceAccount', ...grant.to }],
  });
  return role;
}

/** Grants rights on the cluster: a ClusterRole and its ClusterRoleBinding. */
export function grantOnCluster(
  scope: Construct,
  id: string,
  grant: Omit<Grant, 'namespace'>,
): void {
  const metadata = { name: grant.name, labels: labelsOf(grant.part) };
  kubeObject(scope, `${id}ClusterRole`, 'ClusterRole', { metadata, rules: [...grant.rules] });
  kubeObject(scope, `${id}ClusterRoleBinding`, 'ClusterRoleBinding', {
    metadata,
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: grant.name },
    subjects: [{ kind: 'ServiceAccount', ...grant.to }],
  });
}

/** People, as the cluster's identity provider names them. */
export interface People {
  /** @default [] */
  readonly groups?: readonly string[];
  /** @default [] */
  readonly users?: readonly string[];
}

/** People as subjects of a binding. */
export function subjectsOf(people: People): Subject[] {
  return [
    ...(people.groups ?? []).map((name) => ({ apiGroup: RBAC, kind: 'Group', name })),
    ...(people.users ?? []).map((name) => ({ apiGroup: RBAC, kind: 'User', name })),
  ];
}
