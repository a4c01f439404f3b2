import { sccOfClusterRole } from '../../constructs/targets/sccs/bindings';
import { isList, objectsAt, textAt } from '../../plan/json';
import type { JsonObject, Manifest } from '../../plan/model';

/** A right to use SCCs, from one binding. */
export interface UseGrant {
  /** The binding that gives it, by kind and name, for people. */
  readonly binding: string;
  /** Where it holds; everywhere if undefined. */
  readonly namespace: string | undefined;
  /** User names and groups, as a request carries them. */
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Names of the SCCs, or `*`. */
  readonly sccs: readonly string[];
  /** Whether the roles behind it were looked into; a role that is not here may grant more. */
  readonly known: boolean;
}

const SCC_GROUP = 'security.openshift.io';
const SCC_RESOURCE = 'securitycontextconstraints';

/** The rights to use SCCs that Roles and bindings among some objects give. `minor` is that of OKD 4: it decides which roles the cluster brings. */
export function useGrants(objects: readonly Manifest[], minor: number): UseGrant[] {
  return objects.flatMap((binding) => {
    const cluster = binding.kind === 'ClusterRoleBinding';
    if (!cluster && binding.kind !== 'RoleBinding') return [];
    const { namespace, name } = binding.metadata;
    const role = {
      kind: textAt(binding, 'roleRef', 'kind') ?? '',
      name: textAt(binding, 'roleRef', 'name') ?? '',
    };
    const sccs = sccsOf(role, namespace, objects, minor);
    if (sccs !== undefined && sccs.length === 0) return [];
    const subjects = objectsAt(binding, 'subjects');
    return [
      {
        binding: `${binding.kind} ${name}`,
        namespace: cluster ? undefined : namespace,
        users: subjects.flatMap((subject) => userOf(subject, namespace)),
        groups: subjects.flatMap((subject) =>
          textAt(subject, 'kind') === 'Group' ? [textAt(subject, 'name') ?? ''] : [],
        ),
        sccs: sccs ?? [],
        known: sccs !== undefined,
      },
    ];
  });
}

/** Whether grants let somebody use an SCC in a namespace. */
export function isGranted(
  grants: readonly UseGrant[],
  who: { readonly name: string; readonly groups: readonly string[] },
  namespace: string,
  scc: string,
): boolean {
  return grants.some(
    (grant) =>
      (grant.namespace === undefined || grant.namespace === namespace) &&
      (grant.sccs.includes('*') || grant.sccs.includes(scc)) &&
      (grant.users.includes(who.name) || who.groups.some((group) => grant.groups.includes(group))),
  );
}

function userOf(subject: JsonObject, namespace: string | undefined): string[] {
  const name = textAt(subject, 'name') ?? '';
  switch (textAt(subject, 'kind')) {
    case 'User':
      return [name];
    case 'ServiceAccount':
      return [`system:serviceaccount:${textAt(subject, 'namespace') ?? namespace ?? ''}:${name}`];
    default:
      return [];
  }
}

/** The SCCs that a role lets use; undefined if the role is neither among the objects nor one of OKD's. */
function sccsOf(
  role: { readonly kind: string; readonly name: string },
  namespace: string | undefined,
  objects: readonly Manifest[],
  minor: number,
): readonly string[] | undefined {
  if (role.kind === 'ClusterRole') {
    if (role.name === 'cluster-admin') return ['*'];
    const own = sccOfClusterRole(role.name, minor);
    if (own !== undefined) return [own];
  }
  const found = objects.find(
    ({ kind, metadata }) =>
      kind === role.kind &&
      metadata.name === role.name &&
      (kind === 'ClusterRole' || metadata.namespace === namespace),
  );
  return found === undefined ? undefined : objectsAt(found, 'rules').flatMap(sccsOfRule);
}

function sccsOfRule(rule: JsonObject): string[] {
  const covers = (field: string, wanted: string): boolean => {
    const list = textsAt(rule, field);
    return list.includes('*') || list.includes(wanted);
  };
  if (!covers('apiGroups', SCC_GROUP) || !covers('resources', SCC_RESOURCE)) return [];
  if (!covers('verbs', 'use')) return [];
  const names = textsAt(rule, 'resourceNames');
  return names.length === 0 ? ['*'] : names;
}

function textsAt(rule: JsonObject, field: string): string[] {
  const list = rule[field];
  return isList(list) ? list.filter((one) => typeof one === 'string') : [];
}
