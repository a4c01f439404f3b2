import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { subjectsOf, type People } from '../kit/rbac';
import type { TenantProps, TenantRole } from './tenant-props';

const RBAC = 'rbac.authorization.k8s.io';

/** Binds the cluster's own three roles in a namespace. */
export function addRights(at: Construct, part: Part, props: TenantProps): void {
  bind('admin', props.admins ?? {});
  bind('edit', props.editors ?? {});
  bind('view', props.viewers ?? {});

  function bind(role: 'admin' | 'edit' | 'view', people: People): void {
    const subjects = subjectsOf(people);
    if (subjects.length === 0) return;
    kubeObject(at, `Rights-${role}`, 'RoleBinding', {
      metadata: { name: `tenant-${role}`, labels: labelsOf(part) },
      roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
      subjects,
    });
  }
}

/** Adds the tenant's own roles to a namespace. */
export function addRoles(
  at: Construct,
  part: Part,
  roles: Readonly<Record<string, TenantRole>>,
): void {
  for (const [role, { rules, to }] of Object.entries(roles)) {
    const metadata = { name: `tenant-role-${role}`, labels: labelsOf(part) };
    kubeObject(at, `Role-${role}`, 'Role', {
      metadata,
      rules: rules.map(({ group, resources, verbs, names }) => ({
        apiGroups: [group],
        resources: [...resources],
        verbs: [...verbs],
        ...(names === undefined ? {} : { resourceNames: [...names] }),
      })),
    });
    kubeObject(at, `RoleBinding-${role}`, 'RoleBinding', {
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name: metadata.name },
      subjects: subjectsOf(to),
    });
  }
}
