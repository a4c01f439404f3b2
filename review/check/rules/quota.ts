import { at, isObject, textAt } from '../../../plan/json';
import { objectsOf, type JsonObject, type Plan, type PlannedObject } from '../../../plan/model';
import { amountOf } from '../../../plan/difference/quantity';
import { findingAbout, type CheckFinding } from '../finding';
import type { Workload } from '../pods';

/** Namespaces whose pods ask for more than their quota has, or lack what the quota demands of each pod. */
export function quota(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const objects = objectsOf(plan);
  const limited = new Set(
    objects
      .filter(({ manifest }) => manifest.kind === 'LimitRange')
      .map(({ manifest }) => manifest.metadata.namespace ?? ''),
  );
  return objects
    .filter(({ manifest }) => manifest.kind === 'ResourceQuota')
    .flatMap((object) => {
      const namespace = object.manifest.metadata.namespace ?? '';
      const inside = workloads.filter((workload) => workload.namespace === namespace);
      return [
        ...exceeded(object, inside),
        ...(limited.has(namespace) ? [] : unsized(object, inside)),
      ];
    });
}

/** What a quota counts of a pod, by the name of its resource. */
const COUNTED: Readonly<Record<string, readonly [amounts: string, resource: string]>> = {
  cpu: ['requests', 'cpu'],
  memory: ['requests', 'memory'],
  'requests.cpu': ['requests', 'cpu'],
  'requests.memory': ['requests', 'memory'],
  'limits.cpu': ['limits', 'cpu'],
  'limits.memory': ['limits', 'memory'],
};

function exceeded(object: PlannedObject, inside: readonly Workload[]): CheckFinding[] {
  return hardOf(object).flatMap(([resource, allowed]) => {
    const limit = amountOf(allowed);
    const wanted =
      resource === 'pods' || resource === 'count/pods' ? podsOf(inside) : asked(resource, inside);
    if (limit === undefined || wanted === undefined || wanted <= limit) return [];
    return [
      findingAbout(object, {
        rule: 'quota/exceeded',
        severity: 'error',
        reason: `the pods of namespace '${object.manifest.metadata.namespace ?? ''}' come to ${amountText(resource, wanted)} of ${resource} when all run, and the quota has ${String(allowed)}`,
        fix: 'Raise the quota, or let the workloads ask for less.',
      }),
    ];
  });
}

/** A quota on an amount makes the API server refuse every pod that does not name the amount. */
function unsized(object: PlannedObject, inside: readonly Workload[]): CheckFinding[] {
  return hardOf(object).flatMap(([resource]) => {
    const counted = COUNTED[resource];
    if (counted === undefined) return [];
    return inside.flatMap((workload) =>
      [...workload.containers, ...workload.initContainers]
        .filter((container) => amountIn(container, counted) === undefined)
        .map((container) =>
          findingAbout(workload.object, {
            rule: 'quota/unsized',
            severity: 'error',
            reason: `container '${textAt(container, 'name') ?? ''}' names no ${counted.join('.')}, which ${object.id} demands of every container; its pods would be refused`,
            fix: 'Name the amount, or give the namespace a LimitRange with a default.',
          }),
        ),
    );
  });
}

function hardOf({ manifest }: PlannedObject): (readonly [string, unknown])[] {
  const hard = at(manifest, 'spec', 'hard');
  return isObject(hard) ? Object.entries(hard) : [];
}

/** Jobs and CronJobs come and go: they need not fit beside all the others. */
function lasting(inside: readonly Workload[]): Workload[] {
  return inside.filter(
    ({ object: { manifest } }) => !['Job', 'CronJob', 'DaemonSet'].includes(manifest.kind),
  );
}

function podsOf(inside: readonly Workload[]): number {
  return lasting(inside).reduce((total, { pods }) => total + pods, 0);
}

function asked(resource: string, inside: readonly Workload[]): number | undefined {
  const counted = COUNTED[resource];
  if (counted === undefined) return undefined;
  return lasting(inside).reduce((total, { pods, containers, initContainers }) => {
    const together = containers.reduce((sum, one) => sum + (amountIn(one, counted) ?? 0), 0);
    const first = Math.max(0, ...initContainers.map((one) => amountIn(one, counted) ?? 0));
    return total + pods * Math.max(together, first);
  }, 0);
}

function amountIn(
  container: JsonObject,
  [amounts, resource]: readonly [string, string],
): number | undefined {
  return amountOf(at(container, 'resources', amounts, resource));
}

function amountText(resource: string, amount: number): string {
  return resource.endsWith('memory')
    ? `${Math.ceil(amount / 2 ** 20)} MiB`
    : String(Math.round(amount * 1000) / 1000);
}
