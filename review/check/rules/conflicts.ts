import { at, isObject, objectsAt, textAt } from '../../../plan/json';
import { objectsOf, type Plan, type PlannedObject } from '../../../plan/model';
import { findingAbout, type CheckFinding } from '../finding';
import { matches, textsOf, type Workload } from '../pods';

/** Declarations that are right one by one and cannot work together (`hep.md` 3.5). */
export function conflicts(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const byId = new Map(objectsOf(plan).map((object) => [object.id, object]));
  return [
    ...workloads.flatMap((workload) => userNamespaces(workload, byId)),
    ...objectsOf(plan).flatMap((object) => [
      ...budgets(object, workloads),
      ...scalers(object, workloads),
      ...policies(object, workloads),
    ]),
  ];
}

/** The kernel's NFS client cannot map users, so the kubelet fails to start such a pod (`hep.md` 2.7). */
function userNamespaces(
  { object, spec, namespace }: Workload,
  byId: ReadonlyMap<string, PlannedObject>,
): CheckFinding[] {
  if (spec['hostUsers'] !== false) return [];
  return objectsAt(spec, 'volumes').flatMap((volume) => {
    const claim = textAt(volume, 'persistentVolumeClaim', 'claimName');
    const nfs =
      volume['nfs'] !== undefined ||
      (claim !== undefined && isNfs(byId, `${namespace}/persistentvolumeclaim/${claim}`));
    if (!nfs) return [];
    return [
      findingAbout(object, {
        rule: 'conflict/user-namespace-nfs',
        severity: 'error',
        reason: `its pods have a user namespace of their own (hostUsers: false) and volume '${textAt(volume, 'name') ?? ''}' is NFS, which cannot be mounted in one`,
        fix: 'Take a CephFS volume, or leave hostUsers out.',
      }),
    ];
  });
}

function isNfs(byId: ReadonlyMap<string, PlannedObject>, claimId: string): boolean {
  const claim = byId.get(claimId)?.manifest;
  const volume = byId.get(
    `_/persistentvolume/${textAt(claim, 'spec', 'volumeName') ?? ''}`,
  )?.manifest;
  const name = textAt(claim, 'spec', 'storageClassName') ?? '';
  const provisioner = textAt(
    byId.get(`_/storageclass.storage.k8s.io/${name}`)?.manifest,
    'provisioner',
  );
  return at(volume, 'spec', 'nfs') !== undefined || /(^|[./-])nfs/.test(provisioner ?? '');
}

/** A budget that never lets a pod go keeps its node from being drained. */
function budgets(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const { manifest } = object;
  if (manifest.kind !== 'PodDisruptionBudget') return [];
  const wanted = at(manifest, 'spec', 'selector', 'matchLabels');
  const selected = workloads.filter(
    ({ namespace, labels }) =>
      namespace === manifest.metadata.namespace &&
      isObject(wanted) &&
      matches(textsOf(wanted), labels),
  );
  const pods = selected.reduce((total, one) => total + one.pods, 0);
  const least = at(manifest, 'spec', 'minAvailable');
  const most = at(manifest, 'spec', 'maxUnavailable');
  const stuck =
    most === 0 ||
    most === '0%' ||
    least === '100%' ||
    (typeof least === 'number' && selected.length > 0 && least >= pods);
  if (!stuck) return [];
  return [
    findingAbout(object, {
      rule: 'conflict/budget-blocks-drain',
      severity: 'warning',
      reason: `it lets none of its ${pods} pods be evicted (${least === undefined ? `maxUnavailable ${JSON.stringify(most)}` : `minAvailable ${JSON.stringify(least)}`}), so that a drain of their nodes waits for ever`,
      fix: 'Let one pod go (maxUnavailable: 1), or run more pods.',
    }),
  ];
}

/** An autoscaler on CPU in percent knows nothing of a container that requests none. */
function scalers(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const { manifest } = object;
  if (manifest.kind !== 'HorizontalPodAutoscaler') return [];
  const kind = textAt(manifest, 'spec', 'scaleTargetRef', 'kind') ?? '';
  const name = textAt(manifest, 'spec', 'scaleTargetRef', 'name') ?? '';
  const scaled = workloads.find(
    ({ object: { manifest: one } }) =>
      one.kind === kind &&
      one.metadata.name === name &&
      one.metadata.namespace === manifest.metadata.namespace,
  );
  if (scaled === undefined) return []; // The plan refuses a reference that leads nowhere.
  return scaled.containers
    .filter((container) => at(container, 'resources', 'requests', 'cpu') === undefined)
    .map((container) =>
      findingAbout(object, {
        rule: 'conflict/scaler-without-requests',
        severity: 'error',
        reason: `it scales ${scaled.object.id} by CPU in percent of the request, and container '${textAt(container, 'name') ?? ''}' requests none`,
        fix: 'Give the container a CPU request.',
      }),
    );
}

/** Policies do not hold for pods on the node's network. */
function policies(object: PlannedObject, workloads: readonly Workload[]): CheckFinding[] {
  const { manifest } = object;
  const wanted = at(manifest, 'spec', 'podSelector', 'matchLabels');
  if (manifest.kind !== 'NetworkPolicy' || !isObject(wanted)) return [];
  return workloads
    .filter(
      ({ namespace, labels, spec }) =>
        spec['hostNetwork'] === true &&
        namespace === manifest.metadata.namespace &&
        matches(textsOf(wanted), labels),
    )
    .map((workload) =>
      findingAbout(object, {
        rule: 'conflict/policy-on-host-network',
        severity: 'warning',
        reason: `it selects the pods of ${workload.object.id}, which are on their node's network, where policies do not hold`,
        fix: "Guard the node's port instead, and remove the policy.",
      }),
    );
}
