import { copyManifests } from '../constructs/migration/manifests';
import { at, isObject, textAt } from '../plan/json';
import type { JsonObject, Manifest } from '../plan/model';
import { claimRef, nameOf, uidOf } from './cluster';
import { forACopy, shortly, type Destination, type MigrationContext } from './context';
import { FILLED_FROM, jobName, MIGRATION_LABEL } from './names';
import type { MigrationRecord } from './record';
import { bytesOf, readableBytes } from './sizes';
import { endTask, runTask } from './tasks';
import { isOurs, livePods, mounts } from './workloads';

/** What a claim needs to be known of, to say what it becomes in another cluster. */
type Arriving = Pick<MigrationRecord, 'namespace' | 'claim' | 'to' | 'manifest'>;

/** Says on a claim of the destination which claim fills it: no two have the same UID, in whichever cluster. */
function originOf({ sourceUid }: MigrationRecord): string {
  return sourceUid ?? '';
}

/** Takes our mark off a claim that has all its files, so that it is that environment's own. */
export async function handOver(
  { cluster }: Destination,
  { namespace, claim }: MigrationRecord,
): Promise<void> {
  const ref = claimRef(namespace, claim);
  if ((await cluster.get(ref)) === undefined) return; // Whoever deleted it there does not stop the way back.
  await cluster.patch(ref, { metadata: { labels: { [MIGRATION_LABEL]: null } } });
}

/** Forgets on a claim from where it was filled. */
export async function forgetOrigin(
  { cluster }: Destination,
  { namespace, claim }: MigrationRecord,
): Promise<void> {
  const ref = claimRef(namespace, claim);
  if ((await cluster.get(ref)) === undefined) return;
  await cluster.patch(ref, {
    metadata: { labels: { [MIGRATION_LABEL]: null }, annotations: { [FILLED_FROM]: null } },
  });
}

/** Deletes the claim at the destination that this migration made and filled in part; one that was there before stays. */
export async function removeArrival(
  destination: Destination,
  record: MigrationRecord,
): Promise<void> {
  const { cluster } = destination;
  const ref = claimRef(record.namespace, record.claim);
  const live = await cluster.get(ref);
  if (textAt(live, 'metadata', 'annotations', FILLED_FROM) !== originOf(record)) return;
  if (textAt(live, 'metadata', 'labels', MIGRATION_LABEL) === undefined)
    await forgetOrigin(destination, record);
  else if (live !== undefined) await cluster.remove(ref, uidOf(live));
}

/** Why a claim cannot arrive in the other cluster; nothing was changed to find out. */
export async function arrivalProblems(
  destination: Destination,
  arriving: Arriving,
  size: number,
): Promise<string[]> {
  const { environment, objects, cluster } = destination;
  const { namespace, claim, to } = arriving;
  const planned = plannedClaim(objects, arriving);
  const live = await cluster.get(claimRef(namespace, claim));
  const there = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  return [
    ...(there === undefined && plannedNamespace(objects, namespace) === undefined
      ? [`environment '${environment}' has no namespace '${namespace}'; add it there first`]
      : []),
    ...(planned === undefined ? [] : differences(planned, to, size, `'${environment}' says`)),
    ...(live === undefined ? [] : differences(live, to, size, `'${environment}' has`)),
    ...(live === undefined ? [] : await mountProblems(destination, namespace, claim)),
  ];
}

function differences(claim: JsonObject, to: string, size: number, whoSays: string): string[] {
  const className = textAt(claim, 'spec', 'storageClassName') ?? '';
  const asked = textAt(claim, 'spec', 'resources', 'requests', 'storage') ?? '0';
  return [
    ...(className === to
      ? []
      : [`environment ${whoSays} class '${className}' for it, not '${to}'`]),
    ...(bytesOf(asked) >= size
      ? []
      : [`environment ${whoSays} ${asked} for it, less than ${readableBytes(size)} here`]),
  ];
}

/** Who mounts the claim at the destination, in whose way the copy would be. */
export async function mountProblems(
  { cluster, environment }: Destination,
  namespace: string,
  claim: string,
): Promise<string[]> {
  const pods = (await livePods(cluster, namespace)).filter(
    (pod) => mounts(pod, claim) && !isOurs(pod),
  );
  return pods.map(
    (pod) => `pod '${nameOf(pod)}' of environment '${environment}' mounts it; stop that first`,
  );
}

/**
 * Makes the claim at the destination as that environment's own code has it, so that its next `up` takes it over; else as it is at the source. One
 * that is there already is filled only when nothing is on it, or when this migration made it.
 */
export async function makeArrival(
  context: MigrationContext,
  destination: Destination,
  record: MigrationRecord,
): Promise<void> {
  const { cluster, objects } = destination;
  const origin = originOf(record);
  const { namespace, claim } = record;
  const namespaceManifest = plannedNamespace(objects, namespace);
  if (namespaceManifest !== undefined) await cluster.create(namespaceManifest);
  const made = await cluster.create(arrivalOf(objects, record));
  if (made !== undefined) return;
  const ref = claimRef(namespace, claim);
  const live = await cluster.get(ref);
  const mark = textAt(live, 'metadata', 'annotations', FILLED_FROM);
  if (mark === origin) return;
  if (live === undefined || mark !== undefined)
    throw new Error(
      `claim '${namespace}/${claim}' of environment '${destination.environment}' is filled from elsewhere (${mark ?? 'gone'}); ` +
        'finish or release that, or delete the claim',
    );
  await refuseFiles(context, destination, record);
  await cluster.patch(ref, {
    metadata: {
      resourceVersion: textAt(await cluster.get(ref), 'metadata', 'resourceVersion'),
      uid: uidOf(live),
      annotations: { [FILLED_FROM]: origin },
    },
  });
}

/** @throws Error when a claim that somebody else made has files: the copy would delete them. */
async function refuseFiles(
  context: MigrationContext,
  destination: Destination,
  { namespace, claim, user }: MigrationRecord,
): Promise<void> {
  const { cluster, target } = destination;
  const name = jobName(claim, 'survey');
  const props = { name, task: 'survey', source: claim, target: claim, size: 0, user } as const;
  const manifests = copyManifests(target, namespace, props);
  const found = await runTask(
    { cluster },
    namespace,
    { name, task: 'survey', source: claim, target: claim, manifests },
    forACopy(context),
  );
  await endTask(cluster, namespace, name, shortly(context));
  const count = ['files', 'symlinks', 'specials'].reduce(
    (sum, kind) => sum + Number(found[`source.${kind}`] ?? 0),
    Number(found['source.directories'] ?? 1) - 1,
  );
  if (count > 0)
    throw new Error(
      `claim '${namespace}/${claim}' of environment '${destination.environment}' has ${count} files and directories already, which the copy would ` +
        'delete; delete the claim there if nobody needs them',
    );
}

function arrivalOf(objects: readonly Manifest[], record: MigrationRecord): Manifest {
  const { namespace, claim, to, manifest } = record;
  const planned = plannedClaim(objects, record);
  const labels = at(planned ?? manifest, 'metadata', 'labels');
  const {
    dataSource: _data,
    dataSourceRef: _ref,
    selector: _selector,
    volumeName: _volume,
    ...spec
  } = specOf(planned ?? manifest);
  const { 'beamline/environment': mark, ...others } = isObject(labels) ? labels : {};
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claim,
      namespace,
      labels: {
        ...others,
        ...(planned === undefined || mark === undefined ? {} : { 'beamline/environment': mark }),
        [MIGRATION_LABEL]: 'copy',
      },
      annotations: { [FILLED_FROM]: originOf(record) },
    },
    spec: { ...spec, storageClassName: to },
  };
}

function specOf(claim: JsonObject): JsonObject {
  const { spec } = claim;
  return isObject(spec) ? spec : {};
}

function plannedClaim(
  objects: readonly Manifest[],
  { namespace, claim }: Arriving,
): Manifest | undefined {
  return objects.find(
    ({ kind, metadata }) =>
      kind === 'PersistentVolumeClaim' &&
      metadata.namespace === namespace &&
      metadata.name === claim,
  );
}

function plannedNamespace(objects: readonly Manifest[], name: string): Manifest | undefined {
  return objects.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === name);
}
