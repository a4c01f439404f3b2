import { at, isList, objectsAt, textAt } from '../../plan/json';
import type { JsonObject } from '../../plan/model';
import { matches, textsOf } from '../check/pods';

type Labels = Readonly<Record<string, string>>;

/** Whether a node with these labels may run a pod: its node selector, and the affinity that it requires. */
export function mayRunOn(spec: JsonObject, labels: Labels): boolean {
  const terms = objectsAt(
    spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  );
  return (
    matches(textsOf(spec['nodeSelector']), labels) &&
    (terms.length === 0 ||
      terms.some((term) =>
        objectsAt(term, 'matchExpressions').every((expression) => holds(expression, labels)),
      ))
  );
}

function holds(expression: JsonObject, labels: Labels): boolean {
  const value = labels[textAt(expression, 'key') ?? ''];
  const listed = at(expression, 'values');
  const values = isList(listed) ? listed.map(String) : [];
  switch (textAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return false;
  }
}

/** Whether two such pods never share a node: a port of the node, or an affinity that keeps them apart. */
export function standsApart(spec: JsonObject, labels: Labels): boolean {
  const kept = objectsAt(
    spec,
    'affinity',
    'podAntiAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
  ).some(
    (term) =>
      textAt(term, 'topologyKey') === 'kubernetes.io/hostname' &&
      matches(textsOf(at(term, 'labelSelector', 'matchLabels')), labels),
  );
  const ports = objectsAt(spec, 'containers').flatMap((one) => objectsAt(one, 'ports'));
  return (
    kept ||
    ports.some((port) => port['hostPort'] !== undefined) ||
    (spec['hostNetwork'] === true && ports.length > 0)
  );
}
