import { at, isList, isObject, objectsAt, textAt } from '../../plan/json';
import type { Json } from '../../plan/model';

/** Whether a label selector selects labels. A selector that is not there selects nothing; an empty one everything. */
export function selects(selector: Json | undefined, labels: Json | undefined): boolean {
  if (!isObject(selector)) return false;
  const { matchLabels, matchExpressions } = selector;
  if (matchLabels === undefined && matchExpressions === undefined) {
    return matchesAll(selector, labels);
  }
  return (
    (matchLabels === undefined || matchesAll(matchLabels, labels)) &&
    objectsAt(selector, 'matchExpressions').every((expression) => satisfies(expression, labels))
  );
}

/** Whether labels have every pair of a map, as the plain selector of a Service. */
export function matchesAll(pairs: Json | undefined, labels: Json | undefined): boolean {
  if (!isObject(pairs)) return false;
  return Object.entries(pairs).every(([key, value]) => at(labels, key) === value);
}

function satisfies(expression: Json, labels: Json | undefined): boolean {
  const value = at(labels, textAt(expression, 'key') ?? '');
  const values = at(expression, 'values');
  const listed = isList(values) && value !== undefined && values.includes(value);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return listed;
    case 'NotIn':
      return !listed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}
