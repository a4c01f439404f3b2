import { isList, isObject } from '../../plan/json';
import type { Json } from '../../plan/model';
import type { Change } from '../change';
import { visible } from './words';

/** Fields by which people know an element of a list, the surest first. */
const NAMES = ['name', 'key', 'host', 'containerPort', 'port', 'ip', 'mountPath', 'id'] as const;

/**
 * A path as people read it: elements of lists by their names instead of their places, `containers[main].env[LEVEL].value`. An element that is called
 * something else on the other side keeps its place.
 */
export function labelOf(path: readonly string[], { before, after }: Change): string {
  let sides: readonly (Json | undefined)[] = [before?.manifest, after?.manifest];
  let label = '';
  for (const part of path) {
    const inList = sides.some((side) => isList(side));
    const next = sides.map((side) => inside(side, part));
    if (inList) label += `[${nameIn(sides, next) ?? part}]`;
    else if (/^[\w()-]+$/.test(part)) label += label === '' ? part : `.${part}`;
    else label += `[${JSON.stringify(part)}]`;
    sides = next;
  }
  return visible(label);
}

function inside(value: Json | undefined, part: string): Json | undefined {
  if (isList(value)) return value[Number(part)];
  return isObject(value) ? value[part] : undefined;
}

/** What an element is called, if it is called the same on both sides and nothing beside it is. */
function nameIn(
  lists: readonly (Json | undefined)[],
  elements: readonly (Json | undefined)[],
): string | undefined {
  const there = elements.filter(isObject);
  for (const field of NAMES) {
    const [first, ...others] = there.map((element) => element[field]);
    if (typeof first !== 'string' && typeof first !== 'number') continue;
    if (others.some((other) => other !== first)) continue;
    const alone = lists.every(
      (list) =>
        !isList(list) || list.filter((one) => isObject(one) && one[field] === first).length < 2,
    );
    if (alone) return String(first);
  }
  return undefined;
}
