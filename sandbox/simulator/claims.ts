import { z } from 'zod';

import { isLookedAfter, SIMULATED } from './simulated';
import { later, MERGE, watch, type World } from './watch';

const resources = z.record(z.string(), z.string());

const claimSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    accessModes: z.array(z.string()).default([]),
    storageClassName: z.string().default(''),
    volumeMode: z.string().default('Filesystem'),
    volumeName: z.string().default(''),
    resources: z.object({ requests: resources.default({}) }),
  }),
  status: z
    .object({ phase: z.string().default('Pending'), capacity: resources.default({}) })
    .prefault({}),
});

const classSchema = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  provisioner: z.string(),
  reclaimPolicy: z.string().default('Delete'),
  volumeBindingMode: z.string().default('Immediate'),
  mountOptions: z.array(z.string()).optional(),
});

const volumeSchema = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({ persistentVolumeReclaimPolicy: z.string() }),
  status: z.object({ phase: z.string().default('') }).prefault({}),
});

type Claim = z.infer<typeof claimSchema>;
type Class = z.infer<typeof classSchema>;

/**
 * Plays every provisioner at once: makes a volume for each claim whose class has a provisioner, and
 * deletes it by the class's policy. Which claim gets which volume stays the controller manager's decision.
 */
export function simulateProvisioners(world: World): void {
  const claims = watch(world, '/api/v1/persistentvolumeclaims', (object) => consider(object));
  const classes = watch(world, '/apis/storage.k8s.io/v1/storageclasses', () =>
    claims.list().forEach(consider),
  );
  watch(world, '/api/v1/persistentvolumes', (object) => clear(world, object));

  function consider(object: unknown): void {
    const claim = claimSchema.parse(object);
    if (claim.metadata.deletionTimestamp !== undefined) return;
    const found = classes
      .list()
      .find(({ metadata }) => metadata?.name === claim.spec.storageClassName);
    if (found === undefined) return;
    const storageClass = classSchema.parse(found);
    if (wantsVolume(claim, storageClass)) {
      later(`provisioning ${claim.metadata.namespace}/${claim.metadata.name}`, () =>
        provision(world, claim, storageClass),
      );
    } else if (wantsMore(claim)) {
      later(`growing ${claim.metadata.namespace}/${claim.metadata.name}`, () => grow(world, claim));
    }
  }
}

/** The controller manager names the provisioner once it found no volume that is there already. */
const PROVISIONER_WANTED = 'volume.kubernetes.io/storage-provisioner';
/** The scheduler names the node once a pod needs the claim. */
const NODE_CHOSEN = 'volume.kubernetes.io/selected-node';

/** Whether the claim waits for a volume of this class. */
export function wantsVolume(
  { metadata, spec, status }: Claim,
  { metadata: { annotations }, provisioner, volumeBindingMode }: Class,
): boolean {
  if (isLookedAfter(annotations)) return false;
  if (spec.volumeName !== '' || status.phase !== 'Pending') return false;
  if (provisioner === 'kubernetes.io/no-provisioner') return false;
  if (volumeBindingMode === 'WaitForFirstConsumer' && !(NODE_CHOSEN in metadata.annotations))
    return false;
  // In-tree provisioners (Gluster, Cinder, …) left the controller manager, which therefore names none for them.
  return PROVISIONER_WANTED in metadata.annotations || isInTree(provisioner);
}

function wantsMore({ spec, status }: Claim): boolean {
  const { storage } = spec.resources.requests;
  return (
    status.phase === 'Bound' &&
    status.capacity['storage'] !== undefined &&
    storage !== status.capacity['storage']
  );
}

async function provision({ api }: World, claim: Claim, storageClass: Class): Promise<void> {
  const answer = await api.call(
    'POST',
    '/api/v1/persistentvolumes',
    volumeFor(claim, storageClass),
  );
  if (answer.status >= 300 && answer.status !== 409) throw new Error(JSON.stringify(answer.body)); // 409: it is there.
}

/** The volume that a claim gets. */
export function volumeFor({ metadata, spec }: Claim, storageClass: Class): object {
  const { provisioner, reclaimPolicy, mountOptions } = storageClass;
  const { name, namespace, uid } = metadata;
  // The controller manager would call an in-tree plugin it does not have any more: it gets another name.
  const provisionedBy = isInTree(provisioner)
    ? provisioner.replace('kubernetes.io/', 'sandbox.beamline/')
    : provisioner;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: `pvc-${uid}`,
      annotations: { 'pv.kubernetes.io/provisioned-by': provisionedBy, [SIMULATED]: 'true' },
    },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources.requests['storage'] },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid },
      hostPath: { path: `/simulated/${uid}` }, // Nothing is ever written: the nodes are simulated, too.
      ...(mountOptions === undefined ? {} : { mountOptions }),
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      volumeMode: spec.volumeMode,
    },
  };
}

function isInTree(provisioner: string): boolean {
  return provisioner.startsWith('kubernetes.io/');
}

/** Deletes a volume whose claim is gone, when its policy says so. */
function clear({ api }: World, object: unknown): void {
  const { metadata, spec, status } = volumeSchema.parse(object);
  if (metadata.annotations[SIMULATED] !== 'true' || metadata.deletionTimestamp !== undefined)
    return;
  if (
    spec.persistentVolumeReclaimPolicy !== 'Delete' ||
    !['Released', 'Failed'].includes(status.phase)
  )
    return;
  later(`deleting volume ${metadata.name}`, async () => {
    await api.call('DELETE', `/api/v1/persistentvolumes/${metadata.name}`);
  });
}

/** Gives a bound claim the size it asks for; the API server has checked that its class allows it. */
async function grow({ api }: World, { metadata, spec }: Claim): Promise<void> {
  const capacity = { storage: spec.resources.requests['storage'] };
  await api.send(
    'PATCH',
    `/api/v1/persistentvolumes/${spec.volumeName}`,
    { spec: { capacity } },
    MERGE,
  );
  const claim = `/api/v1/namespaces/${metadata.namespace}/persistentvolumeclaims/${metadata.name}`;
  await api.send('PATCH', `${claim}/status`, { status: { capacity } }, MERGE);
}
