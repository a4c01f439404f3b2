import { isList, objectsAt, textAt } from '../../../plan/json';
import type { Json, JsonObject, Manifest } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, goes, listed } from '../look';
import type { Risk, Rule } from '../risk';
import type { World } from '../world';

const RBAC = 'rbac.authorization.k8s.io';
const EVERYBODY = /^system:(authenticated|unauthenticated|anonymous|serviceaccounts)$/;

/** Who may do what: rights that are gained, and programs that lose theirs. */
export const rbac: Rule = (change, context) => {
  switch (manifestOf(change).kind) {
    case 'Role':
    case 'ClusterRole':
      return roles(change, context);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return bindings(change, context);
    default:
      return [];
  }
};

function roles(change: Change, context: Context): Risk[] {
  const wide = manifestOf(change).kind === 'ClusterRole';
  const [before, after] = [rightsOf(change.before?.manifest), rightsOf(change.after?.manifest)];
  const gained = [...after].filter((right) => !before.has(right));
  const powers = gained.flatMap((right) => powerOf(right) ?? []);
  const risks: Risk[] = [];
  if (powers.length > 0) {
    risks.push({
      rule: 'role-gains-power',
      severity:
        change.operation === 'create' && !(wide && powers.includes('everything'))
          ? 'medium'
          : 'high',
      why: `the role lets its subjects ${listed([...new Set(powers)])}${wide ? ', in every namespace it is bound to' : ''}`,
      lost: 'the limits of everybody who has the role',
      instead: 'name the resources, the verbs and, for Secrets, the resourceNames that are needed',
    });
  }
  if (change.operation === 'create') return risks;
  const lost = [...before].filter((right) => !after.has(right));
  const users = goes(change) || lost.length > 0 ? programsBound(change, context) : [];
  if (lost.length > 0 && users.length > 0) {
    risks.push({
      rule: 'program-loses-rights',
      severity: goes(change) ? 'high' : 'medium',
      why: `${listed(users)} may no longer ${listed(lost)}`,
      lost: 'what it does with these rights',
      instead: 'make sure that the program no longer asks for them',
    });
  }
  return risks;
}

/** Workloads that keep running and whose ServiceAccount a role is bound to. */
function programsBound(change: Change, { after }: Context): string[] {
  return after
    .usersOf(change.id)
    .flatMap(({ manifest }) => subjectsOf(manifest))
    .flatMap((subject) => programsOf(subject, after));
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

function subjectsOf(manifest: Manifest | undefined): Subject[] {
  return objectsAt(manifest, 'subjects').map((subject) => ({
    kind: textAt(subject, 'kind') ?? '',
    name: textAt(subject, 'name') ?? '',
    namespace: textAt(subject, 'namespace') ?? manifest?.metadata.namespace ?? '',
  }));
}

function programsOf({ kind, name, namespace }: Subject, world: World): string[] {
  if (kind !== 'ServiceAccount') return [];
  return world
    .podsUsing(objectId(namespace, '', 'ServiceAccount', name))
    .map(({ object }) => called(object));
}

function bindings(change: Change, context: Context): Risk[] {
  const { before: was, after: will } = change;
  const known = new Set(was === undefined ? [] : subjectsOf(was.manifest).map(keyOf));
  const roleOf = (manifest: Json | undefined): string =>
    `${textAt(manifest, 'roleRef', 'kind') ?? ''}/${textAt(manifest, 'roleRef', 'name') ?? ''}`;
  const sameRole =
    was !== undefined && will !== undefined && roleOf(was.manifest) === roleOf(will.manifest);
  const gained = subjectsOf(will?.manifest).filter(
    (subject) => !sameRole || !known.has(keyOf(subject)),
  );
  return [
    ...(will === undefined ? [] : granted(change, gained, context)),
    ...withdrawn(change, context, sameRole),
  ];
}

function keyOf({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `${kind}/${namespace}/${name}` : `${kind}/${name}`;
}

function granted(change: Change, gained: readonly Subject[], context: Context): Risk[] {
  const world = context.after;
  const { manifest } = change.after ?? { manifest: manifestOf(change) };
  const role = textAt(manifest, 'roleRef', 'name') ?? '';
  const kind = textAt(manifest, 'roleRef', 'kind') ?? '';
  const namespace = kind === 'Role' ? manifest.metadata.namespace : undefined;
  const planned = world.get(objectId(namespace, RBAC, kind, role));
  const powers = [...rightsOf(planned?.manifest)].flatMap((right) => powerOf(right) ?? []);
  const admin = BUILT_IN_POWER.test(role) || powers.includes('everything');
  if (gained.length === 0 || !(admin || powers.length > 0 || gained.some(isEverybody))) return [];
  const everybody = gained.filter(isEverybody);
  const names = gained.map(({ kind: of, name }) => `${of} ${name}`);
  const wide = manifest.kind === 'ClusterRoleBinding';
  const expected = change.operation === 'create' && !wide && isNewPlace(gained, manifest, context);
  const program =
    change.operation === 'create' &&
    gained.every((subject) => programsOf(subject, world).length > 0);
  return [
    {
      rule: 'rights-granted',
      severity:
        everybody.length > 0 && (admin || powers.length > 0)
          ? 'critical'
          : expected || (program && !(wide && admin))
            ? 'medium'
            : 'high',
      why: `${listed(names)} may ${admin ? `do what '${role}' may: ` : ''}${listed(powers.length > 0 ? [...new Set(powers)] : [role])}${wide ? ' in the whole cluster' : ''}`,
      lost:
        everybody.length > 0
          ? 'the difference between an administrator and a visitor'
          : 'the limits of these subjects',
      instead: 'bind a role that names what is needed, in the namespace where it is needed',
    },
  ];
}

/** Whether a binding comes with the namespace or the accounts that it is about: then nobody gains anything in what was there before. */
function isNewPlace(
  gained: readonly Subject[],
  { metadata }: Manifest,
  { before }: Context,
): boolean {
  const home = before.get(objectId(undefined, '', 'Namespace', metadata.namespace ?? ''));
  const fresh = gained.every(
    ({ kind, namespace, name }) =>
      kind === 'ServiceAccount' &&
      before.get(objectId(namespace, '', 'ServiceAccount', name)) === undefined,
  );
  return fresh || (home === undefined && before.contentOf(metadata.namespace ?? '').length === 0);
}

/** Roles of Kubernetes and OKD that are more than looking. */
const BUILT_IN_POWER =
  /^(cluster-admin|admin|edit|sudoer|cluster-reader|system:(masters|node|kube-.*|controller:.*|openshift:scc:(?!restricted|nonroot).*))$/;

function isEverybody({ kind, name }: Subject): boolean {
  return EVERYBODY.test(name) && (kind === 'Group' || kind === 'User');
}

function withdrawn(change: Change, { after }: Context, sameRole: boolean): Risk[] {
  if (change.before === undefined || change.operation === 'retain') return [];
  const left = new Set(
    goes(change) && change.operation === 'delete'
      ? []
      : subjectsOf(change.after?.manifest).map(keyOf),
  );
  const lost = subjectsOf(change.before.manifest).filter(
    (subject) => !sameRole || !left.has(keyOf(subject)),
  );
  if (lost.length === 0) return [];
  const programs = lost.flatMap((subject) => programsOf(subject, after));
  return [
    {
      rule: 'rights-withdrawn',
      severity: programs.length > 0 && change.operation === 'delete' ? 'high' : 'medium',
      why: `${listed(lost.map(({ kind, name }) => `${kind} ${name}`))} loses ${change.operation === 'replace' ? 'its rights while the binding is made anew' : 'its rights'}`,
      lost: programs.length > 0 ? `what ${listed(programs)} does with them` : 'their access',
      instead: programs.length > 0 ? 'make the new binding first' : 'nothing, if it is meant',
    },
  ];
}

/** Rights as `verb resource.group`, `name` appended where the rule is limited to names. */
function rightsOf(manifest: Json | undefined): Set<string> {
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

/** What a right amounts to, where it is more than it says. */
function powerOf(right: string): string | undefined {
  const [, verb = '', resource = '', named] = /^(\S+) (\S+)( named .*)?$/.exec(right) ?? [];
  const all = verb === '*';
  if (all && /^\*(\.\*)?$/.test(resource)) return 'everything';
  if (verb === 'escalate' || verb === 'bind' || verb === 'impersonate')
    return `${verb} ${resource}`;
  const reads = all || /^(get|list|watch)$/.test(verb);
  const writes = all || /^(create|update|patch)$/.test(verb);
  if (reads && (resource === 'secrets' || resource === '*') && named === undefined)
    return 'read every Secret';
  if (
    writes &&
    /^pods\/(exec|attach|ephemeralcontainers)$|^nodes\/proxy$|^serviceaccounts\/token$/.test(
      resource,
    )
  )
    return `use ${resource}`;
  if (
    writes &&
    /^(\*|(cluster)?role(binding)?s(\.rbac\.authorization\.k8s\.io)?|(mutating|validating)webhookconfigurations\..*)$/.test(
      resource,
    )
  )
    return `change ${resource}`;
  if (
    verb === 'use' &&
    /securitycontextconstraints/.test(resource) &&
    !/named (restricted|nonroot)/.test(right)
  )
    return 'use a stronger SCC';
  if (
    /^delete(collection)?$/.test(verb) &&
    /^(namespaces|persistentvolume(claim)?s)$/.test(resource)
  )
    return `delete ${resource}`;
  return undefined;
}
