import { at, isObject, textAt } from '../../../plan/json';
import type { Json, Manifest } from '../../../plan/model';
import { objectId } from '../../../plan/object-id';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { called, goes, listed, touches } from '../look';
import type { Risk, Rule } from '../risk';
import type { World } from '../world';
import { BUILT_IN_POWER, powerOf, RBAC, rightsOf, subjectsOf, type Subject } from './powers';

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
  risks.push(...aggregated(change));
  if (change.operation === 'create') return risks;
  const lost = [...before].filter((right) => !after.has(right));
  const users = goes(change) || lost.length > 0 ? programsBound(change, context) : [];
  if (lost.length > 0 && users.length > 0) {
    risks.push({
      rule: 'program-loses-rights',
      severity:
        goes(change) || after.size === 0 || lost.some((right) => mayOnlyLook(right, after))
          ? 'high'
          : 'medium',
      why: `${listed(users)} may no longer ${listed(lost)}`,
      lost: 'what it does with these rights',
      instead: 'make sure that the program no longer asks for them',
    });
  }
  return risks;
}

const WRITES = /^(\*|create|update|patch|delete|deletecollection) /;

/** Whether a right that goes is the last to change things of its sort: a program that may only look on does not do what it is there for. */
function mayOnlyLook(right: string, left: ReadonlySet<string>): boolean {
  const of = (one: string): string => one.replace(/^\S+ /, '');
  return WRITES.test(right) && ![...left].some((one) => WRITES.test(one) && of(one) === of(right));
}

/** Labels by which the rules of a role become rules of `admin`, `edit` or `view`, and selectors that collect them. */
function aggregated(change: Change): Risk[] {
  if (goes(change)) return [];
  const labels = (side: Change['before']): string[] => {
    const all = at(side?.manifest, 'metadata', 'labels');
    return Object.entries(isObject(all) ? all : {}).flatMap(([key, value]) =>
      /^rbac\.authorization\.k8s\.io\/aggregate-to-/.test(key) && value === 'true'
        ? [key.replace(/^.*aggregate-to-/, '')]
        : [],
    );
  };
  const known = labels(change.before);
  const fresh = labels(change.after).filter((name) => !known.includes(name));
  const collects = change.operation === 'update' && touches(change, 'aggregationRule');
  if (fresh.length === 0 && !collects) return [];
  return [
    {
      rule: 'role-aggregated',
      severity: change.operation === 'create' && !fresh.includes('view') ? 'medium' : 'high',
      why: collects
        ? 'the role collects the rules of other roles than before'
        : `everybody who has ${listed(fresh)} in a namespace gets these rules, too`,
      lost: 'the limits of everybody who has that role',
      instead: 'bind the role to those who need it',
    },
  ];
}

/** Workloads that keep running and whose ServiceAccount a role is bound to. */
function programsBound(change: Change, { after }: Context): string[] {
  return after
    .usersOf(change.id)
    .flatMap(({ manifest }) => subjectsOf(manifest))
    .flatMap((subject) => programsOf(subject, after));
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
