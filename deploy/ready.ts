import { query, type JsonValue } from 'jsonpath-rfc9535';

import type { ReadyWhen } from '../constructs/kit/hints';
import { at, objectsAt, textAt } from '../plan/json';
import type { Json, JsonObject, PlannedObject } from '../plan/model';

/** Why an object is not ready yet, for people; undefined when it is. */
export function unready(object: PlannedObject, live: JsonObject | undefined): string | undefined {
  if (live === undefined) return 'is not in the cluster';
  return unreadyBy(object.ready, live);
}

function unreadyBy(ready: ReadyWhen, live: JsonObject): string | undefined {
  switch (ready.kind) {
    case 'exists':
      return undefined;
    case 'rollout':
      return rollout(live);
    case 'condition':
      return condition(live, ready.type);
    case 'field': {
      const values = valuesAt(live, ready.path);
      if (values.length > 0 && values.every((value) => value === ready.value)) return undefined;
      return `${ready.path} is ${values.length === 0 ? 'not set' : `'${values.join(', ')}'`}, not '${ready.value}'`;
    }
  }
}

/** What a JSONPath finds, as text. */
function valuesAt(live: JsonObject, path: string): string[] {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- the library asks for a value it may change, and changes none
  const copy: JsonValue = JSON.parse(JSON.stringify(live));
  return query(copy, `$.${path}`).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
}

function condition(live: JsonObject, type: string): string | undefined {
  const found = objectsAt(live, 'status', 'conditions').find((entry) => entry['type'] === type);
  if (found?.['status'] === 'True') return undefined;
  const words = textAt(found, 'message') ?? textAt(found, 'reason');
  return `condition ${type} is ${textAt(found, 'status') ?? 'not set'}${words === undefined ? '' : `: ${words}`}`;
}

/** What `kubectl rollout status` and `kubectl wait` ask of the built-in kinds. */
function rollout(live: JsonObject): string | undefined {
  switch (live['kind']) {
    case 'Deployment':
      return (
        behind(live) ??
        deadline(live) ??
        replicas(live, ['updatedReplicas', 'availableReplicas', 'replicas'])
      );
    case 'StatefulSet':
      return behind(live) ?? replicas(live, ['updatedReplicas', 'readyReplicas']);
    case 'DaemonSet': {
      const wanted = numberAt(live, 'status', 'desiredNumberScheduled');
      const there = Math.min(
        numberAt(live, 'status', 'updatedNumberScheduled'),
        numberAt(live, 'status', 'numberAvailable'),
      );
      return (
        behind(live) ?? (there >= wanted ? undefined : `${there} of ${wanted} pods are available`)
      );
    }
    case 'Job':
      return condition(live, 'Complete') === undefined
        ? undefined
        : (failed(live) ?? 'has not finished');
    case 'Pod':
      return textAt(live, 'status', 'phase') === 'Succeeded' ? undefined : condition(live, 'Ready');
    case 'Service': {
      if (at(live, 'spec', 'type') !== 'LoadBalancer') return undefined;
      return objectsAt(live, 'status', 'loadBalancer', 'ingress').length > 0
        ? undefined
        : 'has no load balancer address';
    }
    default:
      return undefined;
  }
}

/** Whether the controllers have not seen the newest specification yet. */
function behind(live: JsonObject): string | undefined {
  const observed = numberAt(live, 'status', 'observedGeneration');
  return observed >= numberAt(live, 'metadata', 'generation')
    ? undefined
    : 'its newest version was not picked up yet';
}

function deadline(live: JsonObject): string | undefined {
  const progressing = objectsAt(live, 'status', 'conditions').find(
    (entry) => entry['type'] === 'Progressing',
  );
  if (textAt(progressing, 'reason') !== 'ProgressDeadlineExceeded') return undefined;
  return textAt(progressing, 'message') ?? 'has exceeded its progress deadline';
}

function replicas(live: JsonObject, fields: readonly string[]): string | undefined {
  const specified = at(live, 'spec', 'replicas');
  const wanted = typeof specified === 'number' ? specified : 1;
  const counts = fields.map((field) => numberAt(live, 'status', field));
  if (counts.every((count) => count === wanted)) return undefined;
  const going = counts.some((count) => count > wanted) ? ', old ones are going' : '';
  return `${Math.min(...counts)} of ${wanted} pods are up to date and available${going}`;
}

function failed(live: JsonObject): string | undefined {
  const failure = objectsAt(live, 'status', 'conditions').find(
    (entry) => entry['type'] === 'Failed' && entry['status'] === 'True',
  );
  return failure === undefined
    ? undefined
    : `failed: ${textAt(failure, 'message') ?? 'no reason given'}`;
}

function numberAt(value: Json | undefined, ...path: readonly string[]): number {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : 0;
}

/** Whether waiting longer cannot help. */
export function isHopeless(object: PlannedObject, live: JsonObject | undefined): boolean {
  if (live === undefined || object.ready.kind !== 'rollout') return false;
  return (
    (live['kind'] === 'Job' && failed(live) !== undefined) ||
    (live['kind'] === 'Deployment' && deadline(live) !== undefined)
  );
}
