import { isList, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject, Manifest } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import type { World } from '../world';

export const RBAC = 'rbac.authorization.k8s.io';

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

export function subjectsOf(manifest: Manifest | undefined): Subject[] {
  return objectsAt(manifest, 'subjects').map((subject) => ({
    kind: textAt(subject, 'kind') ?? '',
    name: textAt(subject, 'name') ?? '',
    namespace: textAt(subject, 'namespace') ?? manifest?.metadata.namespace ?? '',
  }));
}

/** Roles of Kubernetes and OKD that are more than looking. */
export const BUILT_IN_POWER =
  /^(cluster-admin|admin|edit|sudoer|cluster-reader|system:(masters|node|kube-.*|controller:.*|openshift:scc:(?!restricted|nonroot).*))$/;

/** Rights as `verb resource.group`, `name` appended where the rule is limited to names. */
export function rightsOf(manifest: Json | undefined): Set<string> {
  const texts = (rule: JsonObject, field: string): string[] => {
    const list = rule[field];
    return isList(list) ? list.map(String) : [];
  };
  return new Set(
    objectsAt(manifest, 'rules').flatMap((rule) => {
      const groups = texts(rule, 'apiGroups');
      const names = texts(rule, 'resourceNames');
      return texts(rule, 'verbs').flatMap((verb) =>
        texts(rule, 'resources').flatMap((resource) =>
          (groups.length === 0 ? [''] : groups).map(
            (group) =>
              `${verb} ${resource}${group === '' ? '' : `.${group}`}${names.length > 0 ? ` named ${names.join(' or ')}` : ''}`,
          ),
        ),
      );
    }),
  );
}

/** Whoever makes one of these names its account, its volumes and its image. */
const RUNS_PODS =
  /^(pods|replicationcontrollers|(deployments|statefulsets|daemonsets|replicasets)\.apps|(jobs|cronjobs)\.batch|\*\.(apps|batch)|deploymentconfigs\..*)$/;

/** What a right amounts to, where it is more than it says. */
export function powerOf(right: string): string | undefined {
  const [, verb = '', resource = '', named] = /^(\S+) (\S+)( named .*)?$/.exec(right) ?? [];
  const all = verb === '*';
  if (all && /^\*(\.\*)?$/.test(resource)) return 'everything';
  if (verb === 'escalate' || verb === 'bind' || verb === 'impersonate')
    return `${verb} ${resource}`;
  const reads = all || /^(get|list|watch)$/.test(verb);
  const writes = all || /^(create|update|patch)$/.test(verb);
  if (reads && (resource === 'secrets' || resource === '*') && named === undefined)
    return 'read every Secret';
  if (writes && /^pods\/(exec|attach|ephemeralcontainers)$|^serviceaccounts\/token$/.test(resource))
    return `use ${resource}`;
  if (writes && /^nodes(\/status)?$/.test(resource))
    return 'decide by labels and taints what runs where';
  if (/^(nodes|pods)\/proxy$/.test(resource) && (reads || writes)) return `use ${resource}`;
  if (writes && named === undefined && RUNS_PODS.test(resource))
    return 'run pods as any account of the namespace';
  if (writes && /^persistentvolumes$/.test(resource)) return "reach the nodes' disks by volumes";
  if (
    /^(approve|sign|update|patch|\*)$/.test(verb) &&
    /^(certificatesigningrequests\/(approval|status)|signers)\./.test(resource)
  )
    return 'sign certificates of anybody';
  if (
    writes &&
    /^(\*|(cluster)?role(binding)?s(\.rbac\.authorization\.k8s\.io)?|(mutating|validating)(webhookconfigurations|admissionpolic(y|ies)(bindings)?)\..*|securitycontextconstraints(\..*)?|customresourcedefinitions(\..*)?|apiservices(\..*)?)$/.test(
      resource,
    )
  )
    return `change ${resource}`;
  if (
    verb === 'use' &&
    /securitycontextconstraints/.test(resource) &&
    !/ named (restricted|nonroot)(-v\d)?( or (restricted|nonroot)(-v\d)?)*$/.test(right)
  )
    return 'use a stronger SCC';
  if (
    /^delete(collection)?$/.test(verb) &&
    /^(namespaces|persistentvolume(claim)?s)$/.test(resource)
  )
    return `delete ${resource}`;
  return undefined;
}

/** What a ServiceAccount may do that is more than it says, by all bindings of the plan to it or to all accounts. */
export function powersOf(namespace: string, name: string, world: World): Set<string> {
  const bindings = [...world.all('RoleBinding'), ...world.all('ClusterRoleBinding')];
  const groups = new Set([
    'system:serviceaccounts',
    `system:serviceaccounts:${namespace}`,
    'system:authenticated',
  ]);
  const isIts = (subject: Subject): boolean =>
    subject.kind === 'ServiceAccount'
      ? subject.name === name && subject.namespace === namespace
      : subject.kind === 'Group' && groups.has(subject.name);
  return new Set(
    bindings
      .filter(({ manifest }) => subjectsOf(manifest).some(isIts))
      .flatMap(({ manifest }) => powersOfRole(manifest, world)),
  );
}

/** What a binding hands on. */
export function powersOfRole(binding: Manifest, world: World): string[] {
  const [kind, role] = ['kind', 'name'].map((field) => textAt(binding, 'roleRef', field) ?? '');
  if (kind === undefined || role === undefined) return [];
  const home = kind === 'Role' ? binding.metadata.namespace : undefined;
  const planned = world.get(objectId(home, RBAC, kind, role));
  const powers = [...rightsOf(planned?.manifest)].flatMap((right) => powerOf(right) ?? []);
  return planned === undefined && BUILT_IN_POWER.test(role) ? [`do what '${role}' may`] : powers;
}
