import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import { amountOf } from '../../../plan/difference/quantity';
import {
  objectsOf,
  type Json,
  type JsonObject,
  type Plan,
  type PlannedObject,
} from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import type { Workload } from '../pods';

/** Containers that a LimitRange of their namespace does not admit. */
export function limits(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  return objectsOf(plan)
    .filter(({ manifest }) => manifest.kind === 'LimitRange')
    .flatMap((range) =>
      objectsAt(range.manifest, 'spec', 'limits')
        .filter((limit) => limit['type'] === 'Container')
        .flatMap((limit) =>
          workloads
            .filter(({ namespace }) => namespace === range.manifest.metadata.namespace)
            .flatMap((workload) => outside(range, limit, workload)),
        ),
    );
}

/**
 * The API server compares the least with what is requested and the most with the limit, after its defaults are put in: where a LimitRange has no
 * default, the bound itself is one.
 */
function outside(range: PlannedObject, limit: JsonObject, workload: Workload): CheckFinding[] {
  const containers = [...workload.containers, ...workload.initContainers];
  return containers.flatMap((container) => {
    const name = textAt(container, 'name') ?? '';
    const given = (what: 'requests' | 'limits', resource: string) =>
      at(container, 'resources', what, resource);
    const least = amountsOf(limit, 'min').flatMap(([resource, bound]) => {
      const asked =
        given('requests', resource) ??
        given('limits', resource) ??
        at(limit, 'defaultRequest', resource) ??
        at(limit, 'default', resource) ??
        bound.text;
      return (amountOf(asked) ?? bound.amount) >= bound.amount
        ? []
        : [`requests ${spelled(asked)} ${resource}, and the least is ${bound.text}`];
    });
    const most = amountsOf(limit, 'max').flatMap(([resource, bound]) => {
      const allowed = given('limits', resource) ?? at(limit, 'default', resource) ?? bound.text;
      return (amountOf(allowed) ?? bound.amount) <= bound.amount
        ? []
        : [`may use ${spelled(allowed)} ${resource}, and the most is ${bound.text}`];
    });
    return [...least, ...most].map((what) =>
      findingAbout(workload.object, {
        rule: 'limits/outside',
        severity: 'error',
        reason: `container '${name}' ${what} of ${range.id}; its pods would be refused`,
        fix: 'Stay within the LimitRange, or change it.',
      }),
    );
  });
}

interface Bound {
  readonly text: string;
  readonly amount: number;
}

function amountsOf(limit: JsonObject, side: 'min' | 'max'): (readonly [string, Bound])[] {
  const amounts = limit[side];
  if (!isObject(amounts)) return [];
  return Object.entries(amounts).flatMap(([resource, value]) => {
    const amount = amountOf(value);
    return amount === undefined ? [] : [[resource, { text: spelled(value), amount }] as const];
  });
}

/** An amount as it is written: `500m`, `2`. */
function spelled(amount: Json | undefined): string {
  return typeof amount === 'string' ? amount : JSON.stringify(amount ?? null);
}
