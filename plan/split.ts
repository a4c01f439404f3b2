import type { PlannedObject } from './model';

/** Who applies what: the admin of a project, and the admin of the cluster. */
export interface SplitPlan {
  readonly project: readonly PlannedObject[];
  readonly admin: readonly PlannedObject[];
}

const SCC_GROUP = 'security.openshift.io';

/**
 * Parts a plan by who may apply its objects. What is of the cluster is its admin's; so is a Role over SCCs with its binding, as nobody can
 * grant what he does not have.
 */
export function splitPlan(objects: readonly PlannedObject[]): SplitPlan {
  const granted = new Set(
    objects.filter(grantsScc).map(({ manifest }) => keyOf(manifest.metadata)),
  );
  const admin = objects.filter(
    (object) =>
      object.id.startsWith('_/') ||
      object.id.split('/')[1]?.startsWith('namespace.') === true ||
      grantsScc(object) ||
      (object.manifest.kind === 'RoleBinding' && granted.has(keyOf(object.manifest.metadata))),
  );
  return { admin, project: objects.filter((object) => !admin.includes(object)) };
}

function grantsScc({ manifest }: PlannedObject): boolean {
  return manifest.kind === 'Role' && JSON.stringify(manifest['rules'] ?? []).includes(SCC_GROUP);
}

/** Role and binding of a grant have one name (`grantInNamespace`). */
function keyOf({
  namespace,
  name,
}: {
  readonly namespace?: string | undefined;
  readonly name: string;
}): string {
  return `${namespace ?? ''}/${name}`;
}
