import { at, isList, isObject, objectsAt } from '../../plan/json';
import type { Json, PlannedObject } from '../../plan/model';
import type { Arrow } from './model';
import { namespaceOf, type World } from './world';

type Direction = 'Ingress' | 'Egress';

/**
 * Who may reach whom: what a policy names, and the policies of the other side let through. What only the policies of a whole namespace say of
 * all its pods is no arrow.
 */
export function policyArrows(world: World): Arrow[] {
  const [inwards, outwards] = [new Rules(world, 'Ingress'), new Rules(world, 'Egress')];
  return [
    ...outwards.named.filter(([from, to]) => inwards.allow(to, from)),
    ...inwards.named
      .map(([to, from]) => [from, to] as const)
      .filter(([from, to]) => outwards.allow(from, to)),
  ].map(([from, to]) => ({ from, to, talk: 'may-reach' }));
}

/** The policies of one direction. */
class Rules {
  /** The box that a policy is about, and a box that it names on the other side. */
  readonly named: readonly (readonly [own: string, other: string])[];
  private readonly restricted = new Set<string>();
  private readonly open = new Set<string>();
  private readonly pairs = new Set<string>();

  constructor(world: World, direction: Direction) {
    this.named = world
      .all('NetworkPolicy')
      .filter((policy) => typesOf(policy).includes(direction))
      .flatMap((policy) => this.read(world, policy, direction));
  }

  /** Whether the policies about a box, if there are any, let the other through. */
  allow(own: string, other: string): boolean {
    return !this.restricted.has(own) || this.open.has(own) || this.pairs.has(`${own}\n${other}`);
  }

  private read(world: World, policy: PlannedObject, direction: Direction): [string, string][] {
    const namespace = namespaceOf(policy) ?? '';
    const selector = at(policy.manifest, 'spec', 'podSelector') ?? {};
    const about = world.selected(namespace, selector);
    for (const own of about) this.restricted.add(own);
    const [list, side] = direction === 'Ingress' ? ['ingress', 'from'] : ['egress', 'to'];
    const named: [string, string][] = [];
    for (const rule of objectsAt(policy.manifest, 'spec', list)) {
      const peers = objectsAt(rule, side);
      if (peers.length === 0) for (const own of about) this.open.add(own);
      for (const peer of peers) {
        const specific = !(isEverything(selector) && isEverything(at(peer, 'podSelector')));
        for (const other of world.peers(namespace, peer)) {
          for (const own of about) {
            this.pairs.add(`${own}\n${other}`);
            if (specific && own !== other) named.push([own, other]);
          }
        }
      }
    }
    return named;
  }
}

/** What a policy restricts: what it says, else the way in, and the way out where it has rules for that. */
function typesOf({ manifest }: PlannedObject): Json[] {
  const types = at(manifest, 'spec', 'policyTypes');
  if (isList(types)) return [...types];
  return ['Ingress', ...(at(manifest, 'spec', 'egress') === undefined ? [] : ['Egress'])];
}

function isEverything(selector: Json | undefined): boolean {
  if (!isObject(selector)) return selector === undefined;
  const labels = at(selector, 'matchLabels');
  return (
    objectsAt(selector, 'matchExpressions').length === 0 &&
    (!isObject(labels) || Object.keys(labels).length === 0)
  );
}
