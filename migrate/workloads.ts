import type { Target } from '../constructs/targets';
import { at, isObject, objectsAt, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { nameOf, type Collection, type MigrationCluster, type Ref } from './cluster';
import type { Workload } from './record';

/** What runs in a namespace, as far as claims are concerned. */
export interface Running {
  readonly workloads: readonly JsonObject[];
  /** Pods that have not ended. */
  readonly pods: readonly JsonObject[];
}

/** How many pods a workload wants is written in `spec.replicas`. */
export const SCALED = [
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'DeploymentConfig',
  'ReplicationController',
];
const STOPPABLE = new Set([...SCALED, 'DaemonSet', 'CronJob']);

/** Everything in a namespace that can mount a claim. */
export async function readRunning(
  cluster: MigrationCluster,
  target: Target,
  namespace: string,
): Promise<Running> {
  const kinds: Collection[] = [
    ...(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'] as const).map((kind) => ({
      apiVersion: 'apps/v1',
      kind,
      namespace,
    })),
    { apiVersion: target.apiVersion('CronJob'), kind: 'CronJob', namespace },
    { apiVersion: 'v1', kind: 'ReplicationController', namespace },
    ...(target.flavour === 'okd'
      ? [{ apiVersion: 'apps.openshift.io/v1', kind: 'DeploymentConfig', namespace }]
      : []),
  ];
  const lists = await Promise.all(kinds.map((kind) => cluster.list(kind)));
  return { workloads: lists.flat(), pods: await livePods(cluster, namespace) };
}

/** The pods of a namespace that have not ended. */
export async function livePods(
  cluster: MigrationCluster,
  namespace: string,
): Promise<JsonObject[]> {
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace });
  return pods.filter(
    (pod) => !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? ''),
  );
}

/** Whether a pod, or the pods of a workload, mount a claim. */
export function mounts(object: JsonObject, claim: string): boolean {
  const pod = podSpecOf(object);
  const named = objectsAt(pod, 'volumes').some(
    (volume) => textAt(volume, 'persistentVolumeClaim', 'claimName') === claim,
  );
  return named || templateOf(object, claim) !== undefined;
}

/** The template of a StatefulSet from which a claim was made. */
export function templateOf(set: JsonObject, claim: string): JsonObject | undefined {
  if (set['kind'] !== 'StatefulSet') return undefined;
  return objectsAt(set, 'spec', 'volumeClaimTemplates').find((template) => {
    const prefix = `${nameOf(template)}-${nameOf(set)}-`;
    return claim.startsWith(prefix) && /^\d+$/.test(claim.slice(prefix.length));
  });
}

function podSpecOf(object: JsonObject): JsonObject | undefined {
  const spec =
    object['kind'] === 'Pod'
      ? object['spec']
      : (at(object, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ??
        at(object, 'spec', 'template', 'spec'));
  return isObject(spec) ? spec : undefined;
}

/** Who has to be stopped for a claim, and who stands in the way of that. */
export interface Users {
  readonly workloads: readonly Workload[];
  readonly pods: readonly JsonObject[];
  /** One sentence for each pod or workload that cannot be stopped. */
  readonly problems: readonly string[];
}

/** Who mounts a claim: workloads by their templates, pods by the chain of their owners. */
export function usersOf(claim: string, { workloads, pods }: Running): Users {
  const known = workloads.filter(
    (workload) => mounts(workload, claim) && controllerOf(workload) === undefined,
  );
  const mounting = pods.filter((pod) => mounts(pod, claim) && !isOurs(pod));
  const problems = new Set<string>();
  for (const pod of mounting) {
    const problem = inTheWay(pod, workloads);
    if (problem !== undefined) problems.add(problem);
  }
  for (const set of known) {
    if (deletesClaims(set))
      problems.add(
        `StatefulSet '${nameOf(set)}' deletes its claims when it is scaled down; set persistentVolumeClaimRetentionPolicy.whenScaled to Retain first`,
      );
  }
  const owned = workloads.filter(
    (workload) => mounts(workload, claim) && !known.includes(workload),
  );
  for (const workload of owned) {
    const owner = controllerOf(workload);
    if (owner !== undefined && !STOPPABLE.has(owner.kind))
      problems.add(
        `${textAt(workload, 'kind') ?? ''} '${nameOf(workload)}' belongs to ${owner.kind} '${owner.name}', which would start it again; stop that first`,
      );
  }
  return { workloads: known.map(asWorkload), pods: mounting, problems: [...problems] };
}

function asWorkload(object: JsonObject): Workload {
  return {
    apiVersion: textAt(object, 'apiVersion') ?? '',
    kind: textAt(object, 'kind') ?? '',
    name: nameOf(object),
  };
}

/** Why a pod cannot be stopped; undefined when a workload that we know made it. */
function inTheWay(pod: JsonObject, workloads: readonly JsonObject[]): string | undefined {
  const name = nameOf(pod);
  const owner = ownerOf(pod, workloads);
  if (owner === undefined)
    return `pod '${name}' mounts it and belongs to no workload; delete it, or wait until it has ended`;
  if (workloads.some((one) => one['kind'] === owner.kind && nameOf(one) === owner.name))
    return undefined;
  if (owner.kind !== 'Job')
    return `pod '${name}' belongs to ${owner.kind} '${owner.name}', which Beamline cannot stop; stop it first`;
  // The Jobs of a CronJob end by themselves once no new one is started.
  const ofCron = workloads.some(
    (one) => one['kind'] === 'CronJob' && owner.name.startsWith(`${nameOf(one)}-`),
  );
  return ofCron ? undefined : `Job '${owner.name}' mounts it; wait until it has ended`;
}

/** The last of an object's owners that we know, or the first that we do not. */
function ownerOf(object: JsonObject, workloads: readonly JsonObject[]): Ref | undefined {
  const owner = controllerOf(object);
  if (owner === undefined) return undefined;
  const found = workloads.find((one) => one['kind'] === owner.kind && nameOf(one) === owner.name);
  return found === undefined ? owner : (ownerOf(found, workloads) ?? owner);
}

function controllerOf(object: JsonObject): Ref | undefined {
  const owner = objectsAt(object, 'metadata', 'ownerReferences').find(
    (one) => one['controller'] === true,
  );
  if (owner === undefined) return undefined;
  return {
    apiVersion: textAt(owner, 'apiVersion') ?? '',
    kind: textAt(owner, 'kind') ?? '',
    name: textAt(owner, 'name') ?? '',
  };
}

function deletesClaims(set: JsonObject): boolean {
  return textAt(set, 'spec', 'persistentVolumeClaimRetentionPolicy', 'whenScaled') === 'Delete';
}

/** Whether a pod is one of a migration's own tasks. */
export function isOurs(pod: JsonObject): boolean {
  return textAt(pod, 'metadata', 'labels', 'app.kubernetes.io/part-of') === 'migration';
}
