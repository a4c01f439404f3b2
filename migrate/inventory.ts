import { at, isList, objectsAt, textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { nameOf, type MigrationCluster, type Ref } from './cluster';
import type { MigrationContext, MigrationRequest } from './context';
import { MIGRATION_LABEL } from './names';
import { bytesOf } from './sizes';
import type { Workload } from './record';
import { usedBytes } from './usage';
import { readRunning, usersOf } from './workloads';

/** A claim that is to be moved, with everything that has to be known before. */
export interface ClaimFacts {
  readonly namespace: string;
  readonly name: string;
  readonly live: JsonObject;
  /** Size in bytes: what it asks for or has, whichever is larger. */
  readonly size: number;
  /** Bytes in use, as the node that mounts it says; undefined when none does. */
  readonly used: number | undefined;
  readonly accessModes: readonly string[];
  readonly volumeMode: string;
  readonly workloads: readonly Workload[];
  /** Pods that mount it now. */
  readonly pods: readonly JsonObject[];
  /** Why it cannot be moved as it is. */
  readonly problems: readonly string[];
}

/** The claims of a class in the namespaces of a request. */
export async function inventory(
  { cluster, target }: MigrationContext,
  { from, namespaces }: Pick<MigrationRequest, 'from' | 'namespaces'>,
): Promise<ClaimFacts[]> {
  const found: ClaimFacts[] = [];
  for (const namespace of namespaces) {
    const claims = await cluster.list({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      namespace,
    });
    const wanted = claims.filter(
      (claim) =>
        classOf(claim) === from &&
        textAt(claim, 'metadata', 'labels', MIGRATION_LABEL) === undefined,
    );
    if (wanted.length === 0) continue;
    const running = await readRunning(cluster, target, namespace);
    const pods = running.pods.filter((pod) =>
      wanted.some((claim) => usersOf(nameOf(claim), { ...running, pods: [pod] }).pods.length > 0),
    );
    const used = await usedBytes(cluster, pods);
    for (const live of wanted) {
      const users = usersOf(nameOf(live), running);
      found.push(factsOf(live, namespace, used.get(`${namespace}/${nameOf(live)}`), users));
    }
  }
  return found;
}

/** The facts of one claim now. @throws Error when it is gone. */
export async function factsNow(
  { cluster, target }: MigrationContext,
  namespace: string,
  claim: string,
): Promise<ClaimFacts> {
  const ref: Ref = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claim };
  const live = await cluster.get(ref);
  if (live === undefined) throw new Error(`there is no claim '${namespace}/${claim}'`);
  const running = await readRunning(cluster, target, namespace);
  return factsOf(live, namespace, undefined, usersOf(claim, running));
}

function factsOf(
  live: JsonObject,
  namespace: string,
  used: number | undefined,
  users: ReturnType<typeof usersOf>,
): ClaimFacts {
  const modes = modesOf(live);
  const volumeMode = textAt(live, 'spec', 'volumeMode') ?? 'Filesystem';
  const phase = textAt(live, 'status', 'phase') ?? 'Pending';
  const pod = objectsAt(live, 'metadata', 'ownerReferences').find(
    (owner) => owner['kind'] === 'Pod',
  );
  return {
    namespace,
    name: nameOf(live),
    live,
    size: sizeOf(live),
    used,
    accessModes: modes,
    volumeMode,
    workloads: users.workloads,
    pods: users.pods,
    problems: [
      ...(phase === 'Bound' ? [] : [`it is ${phase}, not Bound: it has no files to move`]),
      ...(volumeMode === 'Filesystem'
        ? []
        : [
            `its volume is a block device, and what is moved are files; copy it with the program that wrote it`,
          ]),
      ...(modes.includes('ReadWriteOnce') ||
      modes.includes('ReadWriteMany') ||
      modes.includes('ReadWriteOncePod')
        ? []
        : ['it can only be read, so no copy can be written under the same modes']),
      ...(pod === undefined
        ? []
        : [`it belongs to pod '${textAt(pod, 'name') ?? ''}' and goes with it`]),
      ...users.problems,
    ],
  };
}

/** The class of a claim: by its field, or by the annotation of old claims. */
export function classOf(claim: JsonObject): string | undefined {
  return (
    textAt(claim, 'spec', 'storageClassName') ??
    textAt(claim, 'metadata', 'annotations', 'volume.beta.kubernetes.io/storage-class')
  );
}

function sizeOf(claim: JsonObject): number {
  const asked = bytesOf(textAt(claim, 'spec', 'resources', 'requests', 'storage') ?? '0');
  return Math.max(asked, bytesOf(textAt(claim, 'status', 'capacity', 'storage') ?? '0'));
}

function modesOf(claim: JsonObject): string[] {
  const modes = at(claim, 'spec', 'accessModes');
  return isList(modes) ? modes.filter((mode) => typeof mode === 'string') : [];
}

/** The classes of the cluster. */
export async function readClasses(cluster: MigrationCluster): Promise<JsonObject[]> {
  return cluster.list({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass' });
}
