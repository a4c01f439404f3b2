import { PODS_MADE_BY } from '../../../constructs/kit/made-elsewhere';
import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import {
  objectsOf,
  type Json,
  type JsonObject,
  type Plan,
  type PlannedObject,
} from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import { selects } from '../../risk/selector';
import { matches, textsOf, type Workload } from '../pods';

/** Selectors that no pod of the plan has the labels for, and workloads that do not select their own pods. */
export function selectors(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  return objectsOf(plan).flatMap((object) => [
    ...ofOwnPods(object, workloads),
    ...ofOthersPods(object, workloads),
  ]);
}

function ofOwnPods(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const wanted = at(object.manifest, 'spec', 'selector', 'matchLabels');
  const own = workloads.find((workload) => workload.object === object);
  if (own === undefined || !isObject(wanted) || matches(textsOf(wanted), own.labels)) return [];
  return [
    findingAbout(object, {
      rule: 'selector/not-own-pods',
      severity: 'error',
      reason: `spec.selector asks for ${labelText(wanted)}, but the pods of its template are labelled ${labelText(own.labels)}`,
      fix: 'Give the template the labels of the selector; the API server refuses the object otherwise.',
    }),
  ];
}

/** Where each kind says which pods it is about. */
const SELECTORS: Readonly<Record<string, readonly string[]>> = {
  Service: ['spec', 'selector'],
  PodDisruptionBudget: ['spec', 'selector'],
  NetworkPolicy: ['spec', 'podSelector'],
};

function ofOthersPods(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const { manifest } = object;
  const wanted = at(manifest, ...(SELECTORS[manifest.kind] ?? ['-']));
  if (!isObject(wanted) || Object.keys(wanted).length === 0) return [];
  const namespace = manifest.metadata.namespace ?? '';
  const neighbours = workloads.filter((workload) => workload.namespace === namespace);
  if (neighbours.some(({ labels }) => selects(wanted, labels))) return [];
  if (at(manifest, 'metadata', 'annotations', PODS_MADE_BY) !== undefined) return [];
  const near = neighbours.map(({ object: { id } }) => id).slice(0, 3);
  return [
    findingAbout(object, {
      rule: 'selector/matches-nothing',
      severity: 'warning',
      reason: `no pod of namespace '${namespace}' has the labels ${selectorText(wanted)}; ${near.length === 0 ? 'the plan has no pods there' : `there are the pods of ${near.join(', ')}`}`,
      fix: 'Correct the selector, or say who makes the pods (podsMadeBy of constructs/kit/made-elsewhere.ts).',
    }),
  ];
}

function selectorText(selector: JsonObject): string {
  const { matchLabels, matchExpressions } = selector;
  if (matchLabels === undefined && matchExpressions === undefined) return labelText(selector);
  const expressions = objectsAt(selector, 'matchExpressions').map(
    (one) =>
      `${textAt(one, 'key') ?? ''} ${textAt(one, 'operator') ?? ''} ${JSON.stringify(one['values'] ?? [])}`,
  );
  return [...(isObject(matchLabels) ? [labelText(matchLabels)] : []), ...expressions].join(', ');
}

function labelText(labels: Json): string {
  return Object.entries(textsOf(labels))
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
