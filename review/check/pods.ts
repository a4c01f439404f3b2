import { at, isObject, objectsAt, textAt } from '../../plan/json';
import {
  objectsOf,
  type Json,
  type JsonObject,
  type Plan,
  type PlannedObject,
} from '../../plan/model';

/** An object that makes pods, with the template of these. */
export interface Workload {
  readonly object: PlannedObject;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  /** The containers that run all the time, or the Job's. */
  readonly containers: readonly JsonObject[];
  readonly initContainers: readonly JsonObject[];
  /** How many pods there are at most: the autoscaler's word where there is one. */
  readonly pods: number;
}

/** Every object of a plan that makes pods. Pods that operators make are theirs to say. */
export function workloadsOf(plan: Plan): Workload[] {
  const scaled = scaledTo(plan);
  return objectsOf(plan).flatMap((object) => {
    const template = templateOf(object.manifest);
    const spec = at(template, 'spec');
    if (!isObject(spec)) return [];
    const { manifest } = object;
    return [
      {
        object,
        namespace: manifest.metadata.namespace ?? '',
        labels: textsOf(at(template, 'metadata', 'labels')),
        spec,
        containers: objectsAt(spec, 'containers'),
        initContainers: objectsAt(spec, 'initContainers'),
        pods: scaled.get(object.id) ?? podsOf(manifest),
      },
    ];
  });
}

/** The pod template of a built-in kind, or the pod itself. */
export function templateOf(manifest: JsonObject): Json | undefined {
  switch (manifest['kind']) {
    case 'Pod':
      return manifest;
    case 'CronJob':
      return at(manifest, 'spec', 'jobTemplate', 'spec', 'template');
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'Job':
    case 'DeploymentConfig':
      return at(manifest, 'spec', 'template');
    default:
      return undefined;
  }
}

/** The texts of a map, such as labels. */
export function textsOf(value: Json | undefined): Record<string, string> {
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])),
  );
}

/** Whether labels have everything that `matchLabels` asks for. */
export function matches(
  wanted: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

function podsOf(manifest: JsonObject): number {
  const replicas = at(manifest, 'spec', 'replicas') ?? at(manifest, 'spec', 'parallelism');
  return typeof replicas === 'number' ? replicas : 1;
}

/** The most pods that autoscalers may start, by the id of what they scale. */
function scaledTo(plan: Plan): Map<string, number> {
  const most = new Map<string, number>();
  for (const { manifest } of objectsOf(plan)) {
    const max = at(manifest, 'spec', 'maxReplicas');
    if (manifest.kind !== 'HorizontalPodAutoscaler' || typeof max !== 'number') continue;
    const kind = textAt(manifest, 'spec', 'scaleTargetRef', 'kind')?.toLowerCase() ?? '';
    const name = textAt(manifest, 'spec', 'scaleTargetRef', 'name') ?? '';
    most.set(`${manifest.metadata.namespace ?? ''}/${kind}.apps/${name}`, max);
  }
  return most;
}
