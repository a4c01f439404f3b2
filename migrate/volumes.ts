import { textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { claimRef, nameOf, uidOf, volumeRef, type MigrationCluster, type Ref } from './cluster';
import { KEPT_LABEL, KEPT_OF } from './names';
import type { Remains } from './remake';
import { claimOn, remake } from './remake';
import { until, type Patience } from './until';

/** A volume and what becomes of it when its claim is deleted. */
export interface Volume {
  readonly name: string;
  readonly policy: string;
}

/** Keeps a volume whatever happens to its claim, and says on it whose data it has. */
export async function keepVolume(
  cluster: MigrationCluster,
  volume: string,
  namespace: string,
  claim: string,
): Promise<void> {
  await cluster.patch(volumeRef(volume), {
    metadata: {
      labels: { [KEPT_LABEL]: 'true' },
      annotations: { [KEPT_OF]: `${namespace}/${claim}` },
    },
    spec: { persistentVolumeReclaimPolicy: 'Retain' },
  });
  const live = await cluster.get(volumeRef(volume));
  if (textAt(live, 'spec', 'persistentVolumeReclaimPolicy') !== 'Retain')
    throw new Error(`volume '${volume}' does not stay on Retain; nothing was deleted`);
}

/** Deletes a claim that is bound to a kept volume, and waits until it is gone. Any other claim of that name is left alone. */
export async function unbind(
  cluster: MigrationCluster,
  ref: Ref,
  volume: string,
  patience: Patience,
): Promise<void> {
  const live = await cluster.get(ref);
  if (live === undefined || textAt(live, 'spec', 'volumeName') !== volume) return;
  const uid = uidOf(live);
  await cluster.remove(ref, uid);
  await until(
    async () => {
      const now = await cluster.get(ref);
      return now === undefined || uidOf(now) !== uid ? true : undefined;
    },
    () =>
      `claim '${ref.namespace}/${ref.name}' was deleted and does not go; something still mounts it`,
    patience,
  );
}

/** What a claim that is to be made again was, which class it gets and on which volume it stands. */
export interface Rebinding {
  readonly namespace: string;
  readonly claim: string;
  readonly remains: Remains;
  readonly className: string;
  readonly volume: string;
}

/** Gives a volume that nobody claims to a claim of that name, and waits until the two are bound. */
export async function rebind(
  cluster: MigrationCluster,
  { namespace, claim, remains, className, volume }: Rebinding,
  patience: Patience,
): Promise<void> {
  const ref = claimRef(namespace, claim);
  const found = await cluster.get(ref);
  if (found === undefined) {
    await cluster.patch(volumeRef(volume), {
      // With a UID it would wait for the claim that is gone.
      metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': null } },
      spec: {
        claimRef: {
          apiVersion: 'v1',
          kind: 'PersistentVolumeClaim',
          namespace,
          name: claim,
          uid: null,
          resourceVersion: null,
        },
      },
    });
  } else if (textAt(found, 'spec', 'volumeName') !== volume) {
    throw new Error(
      `somebody made a claim '${namespace}/${claim}' while it was moved (volume '${textAt(found, 'spec', 'volumeName') ?? 'none'}'); ` +
        'delete that claim, which has none of the data, and run again',
    );
  }
  await remake(cluster, claimOn(remains.manifest, className, volume), remains.managedFields);
  await until(
    async () => (isBound(await cluster.get(ref)) ? true : undefined),
    () => `claim '${namespace}/${claim}' is not bound to volume '${volume}'`,
    patience,
  );
}

/** Gives a volume back what it was before: its policy, and no mark of ours. */
export async function letGo(cluster: MigrationCluster, { name, policy }: Volume): Promise<void> {
  const live = await cluster.get(volumeRef(name));
  if (live === undefined) return;
  await cluster.patch(volumeRef(name), {
    metadata: { labels: { [KEPT_LABEL]: null }, annotations: { [KEPT_OF]: null } },
    spec: { persistentVolumeReclaimPolicy: policy },
  });
}

/** The volume a bound claim stands on. @throws Error when there is none. */
export async function volumeOf(cluster: MigrationCluster, claim: JsonObject): Promise<Volume> {
  const name = textAt(claim, 'spec', 'volumeName') ?? '';
  const live = name === '' ? undefined : await cluster.get(volumeRef(name));
  if (live === undefined) throw new Error(`claim '${nameOf(claim)}' has no volume`);
  return { name, policy: textAt(live, 'spec', 'persistentVolumeReclaimPolicy') ?? 'Retain' };
}

export function isBound(claim: JsonObject | undefined): boolean {
  return textAt(claim, 'status', 'phase') === 'Bound';
}
