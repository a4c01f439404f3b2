import { objectsOf, type Plan, type PlannedObject } from '../../plan/model';
import { dataOf } from './data';
import { doorsOf } from './doors';
import { foldedTo, withFewerDoors } from './fold';
import type { Arrow, Box, Graph, Group, Talk } from './model';
import { podBoxes } from './pods';
import { policyArrows } from './policies';
import { callsOf } from './talks';
import { World } from './world';

/** More boxes than these are no picture. */
const MOST_BOXES = 160;

/** What an environment looks like: what runs where, who comes in, who talks to whom, where data lives. The same for every run. */
export function graphOfPlan(plan: Plan): Graph {
  const pods = podBoxes(plan);
  const world = new World(
    plan,
    pods.map((one) => one.pods),
  );
  const doors = doorsOf(world);
  const data = dataOf(world);
  const homes = homesOf(plan);
  const found: Box[] = [
    ...pods.map(({ box, pods: { namespace } }) => ({ ...box, group: namespace })),
    ...[...doors.boxes, ...data.boxes].map(({ box, object }) => ({
      ...box,
      group: object === undefined ? undefined : groupOfObject(object, homes),
    })),
  ];
  const arrows = [...doors.arrows, ...callsOf(world), ...policyArrows(world), ...data.arrows];
  const folded = foldedTo(MOST_BOXES, withFewerDoors({ boxes: found, arrows }));
  return {
    environment: plan.environment,
    target: plan.target.name,
    groups: groupsOf(plan, folded.boxes, homes),
    boxes: folded.boxes,
    arrows: strongest(folded.arrows),
  };
}

function stackOf({ path }: PlannedObject): string {
  return path.split('/')[0] ?? '';
}

/** The namespace of a stack that has one only: what it makes for the cluster is drawn there. */
function homesOf(plan: Plan): ReadonlyMap<string, string> {
  const spaces = new Map<string, Set<string>>();
  for (const object of objectsOf(plan)) {
    const { namespace } = object.manifest.metadata;
    if (namespace === undefined) continue;
    const stack = stackOf(object);
    spaces.set(stack, (spaces.get(stack) ?? new Set()).add(namespace));
  }
  return new Map(
    [...spaces].flatMap(([stack, names]) =>
      names.size === 1 ? [[stack, [...names].join('')]] : [],
    ),
  );
}

/** Ends the name of a group that is in no namespace. */
const CLUSTER = ' (cluster)';

/** A namespace is a group, and what a stack makes for the cluster is one where the stack has no namespace of its own. */
function groupOfObject(object: PlannedObject, homes: ReadonlyMap<string, string>): string {
  const stack = stackOf(object);
  return object.manifest.metadata.namespace ?? homes.get(stack) ?? `${stack}${CLUSTER}`;
}

function groupsOf(plan: Plan, boxes: readonly Box[], homes: ReadonlyMap<string, string>): Group[] {
  const drawn = new Set(boxes.map(({ id }) => id));
  const ids = new Set(boxes.flatMap(({ group }) => group ?? []));
  return [...ids].sort().map((id) => {
    const inside = objectsOf(plan).filter((object) => groupOfObject(object, homes) === id);
    const rest = countsOf(
      inside
        .filter((object) => !drawn.has(object.id))
        .map(({ manifest }) => SORTS.get(manifest.kind) ?? 'others'),
    );
    const stacks = countsOf(inside.map(stackOf)).map(([stack]) => stack);
    const title = stacks.join(', ');
    return {
      id,
      title: title.toLowerCase() === id || id.endsWith(CLUSTER) ? title : `${title} · ${id}`,
      where: id.endsWith(CLUSTER) ? 'of the whole cluster' : `namespace ${id}`,
      rest: rest.map(([sort, count]) => `${count} ${sort}`).join(', '),
    };
  });
}

/** How often each word comes, the most frequent first. */
function countsOf(words: readonly string[]): (readonly [word: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([a, more], [b, fewer]) =>
    more === fewer ? (a < b ? -1 : 1) : fewer - more,
  );
}

/** What objects that are not drawn are for. */
const SORTS = new Map([
  ...['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ServiceAccount'].map(
    (kind) => [kind, 'for rights'] as const,
  ),
  ['SecurityContextConstraints', 'for rights'],
  ['NetworkPolicy', 'network policies'],
  ['ConfigMap', 'settings'],
  ['Secret', 'secrets'],
  ['CustomResourceDefinition', 'definitions'],
  ['ResourceQuota', 'limits'],
  ['LimitRange', 'limits'],
]);

const STRENGTH: Readonly<Record<Talk, number>> = { enters: 3, keeps: 2, calls: 1, 'may-reach': 0 };

/** One arrow between two boxes, the one that says most; and none from a box to itself. */
function strongest(arrows: readonly Arrow[]): Arrow[] {
  const best = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const key = `${arrow.from}\n${arrow.to}`;
    const known = best.get(key);
    if (arrow.from === arrow.to) continue;
    if (known === undefined || STRENGTH[known.talk] < STRENGTH[arrow.talk]) best.set(key, arrow);
  }
  return [...best].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrow]) => arrow);
}
