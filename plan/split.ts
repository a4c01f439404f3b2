import { objectsOf, type Plan, type PlannedObject } from './model';

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

/**
 * What of a plan somebody deploys: all of it, or the part of a project's admin. What waited for an object of the other part waits for what that one
 * waited for.
 *
 * @throws Error naming what is in another namespace than the project's.
 */
export function deployedPart(
  plan: Plan,
  rights: 'cluster-admin' | { readonly projectAdmin: string },
): Plan {
  if (rights === 'cluster-admin') return plan;
  const { project, admin } = splitPlan(objectsOf(plan));
  const foreign = project.filter(
    ({ manifest }) => manifest.metadata.namespace !== rights.projectAdmin,
  );
  if (foreign.length > 0) {
    throw new Error(
      `environment '${plan.environment}' is deployed by the admin of the project '${rights.projectAdmin}', who cannot make ` +
        `${foreign.map(({ id }) => `'${id}'`).join(', ')}; move it into the project, or deploy with 'cluster-admin' as 'rights'`,
    );
  }
  const left = new Map(admin.map(({ id, dependsOn }) => [id, dependsOn]));
  const within = (ids: readonly string[]): string[] =>
    ids.flatMap((id) => {
      const before = left.get(id);
      return before === undefined ? [id] : within(before);
    });
  const steps = plan.steps
    .filter(({ id }) => !left.has(id))
    .map((step) => ({ ...step, dependsOn: [...new Set(within(step.dependsOn))].sort() }));
  return { ...plan, steps };
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
