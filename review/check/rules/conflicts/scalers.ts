import { at, objectsAt, textAt } from '../../../../plan/json';
import { objectsOf, type JsonObject, type Plan, type PlannedObject } from '../../../../plan/model';
import { findingAbout, type CheckFinding } from '../../finding';
import type { Workload } from '../../pods';

/** An autoscaler in percent of what containers request knows nothing of one that requests none. */
export function scalers(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const objects = objectsOf(plan);
  return objects
    .filter(({ manifest }) => manifest.kind === 'HorizontalPodAutoscaler')
    .flatMap((object) => {
      const scaled = workloads.find((workload) => isScaled(object, workload));
      if (scaled === undefined) return []; // The plan refuses a reference that leads nowhere.
      return percentagesOf(object.manifest).flatMap(({ resource, container }) =>
        runningIn(scaled)
          .filter(
            (one) =>
              (container === undefined || one['name'] === container) &&
              !requests(one, resource, scaled.namespace, objects),
          )
          .map((one) =>
            findingAbout(object, {
              rule: 'conflict/scaler-without-requests',
              severity: 'error',
              reason: `it scales ${scaled.object.id} by ${resource} in percent of the request, and container '${textAt(one, 'name') ?? ''}' requests none`,
              fix: `Give the container a request of ${resource}.`,
            }),
          ),
      );
    });
}

function isScaled({ manifest }: PlannedObject, { object: { manifest: one } }: Workload): boolean {
  return (
    one.kind === textAt(manifest, 'spec', 'scaleTargetRef', 'kind') &&
    one.metadata.name === textAt(manifest, 'spec', 'scaleTargetRef', 'name') &&
    one.metadata.namespace === manifest.metadata.namespace
  );
}

interface Percentage {
  readonly resource: string;
  /** The one container that counts; all of the pod where there is none. */
  readonly container: string | undefined;
}

/** What it scales by in percent. Without any metric it is CPU, as the API server fills in. */
function percentagesOf(manifest: JsonObject): Percentage[] {
  const metrics = objectsAt(manifest, 'spec', 'metrics');
  if (metrics.length === 0) return [{ resource: 'cpu', container: undefined }];
  return metrics.flatMap((metric) => {
    const source = at(metric, 'resource') ?? at(metric, 'containerResource');
    const isPercent =
      at(source, 'target', 'averageUtilization') !== undefined ||
      at(source, 'targetAverageUtilization') !== undefined;
    const resource = textAt(source, 'name');
    return isPercent && resource !== undefined
      ? [{ resource, container: textAt(source, 'container') }]
      : [];
  });
}

/** The containers that run beside each other, init containers that stay among them. */
function runningIn({ containers, initContainers }: Workload): JsonObject[] {
  return [...containers, ...initContainers.filter((one) => one['restartPolicy'] === 'Always')];
}

/** A limit is taken for the request that is missing, and so is what the namespace gives. */
function requests(
  container: JsonObject,
  resource: string,
  namespace: string,
  objects: readonly PlannedObject[],
): boolean {
  const own = (side: string) => at(container, 'resources', side, resource) !== undefined;
  return (
    own('requests') ||
    own('limits') ||
    objects.some(
      ({ manifest }) =>
        manifest.kind === 'LimitRange' &&
        manifest.metadata.namespace === namespace &&
        objectsAt(manifest, 'spec', 'limits').some(
          (limit) =>
            limit['type'] === 'Container' &&
            (at(limit, 'defaultRequest', resource) ?? at(limit, 'default', resource)) !== undefined,
        ),
    )
  );
}
