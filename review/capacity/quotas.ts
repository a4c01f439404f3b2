import { at, isList, objectsAt, textAt } from '../../plan/json';
import { objectsOf, type Plan } from '../../plan/model';
import { amountsOf, plus, times, type Amounts } from './amounts';

/** What a namespace may take together, as one of its quotas says. */
export interface Quota {
  /** `notebooks/resourcequota/tenant`. */
  readonly id: string;
  readonly namespace: string;
  readonly hard: Amounts;
}

/** The quotas of a plan. Those that count some pods only (`scopes`) are left out: they bound no sum. */
export function quotasOf(plan: Plan): Quota[] {
  return objectsOf(plan).flatMap(({ id, manifest }) => {
    if (manifest.kind !== 'ResourceQuota') return [];
    const scopes = at(manifest, 'spec', 'scopes');
    const scoped = isList(scopes) && scopes.length > 0;
    if (scoped || at(manifest, 'spec', 'scopeSelector') !== undefined) return [];
    const namespace = manifest.metadata.namespace ?? '';
    return [{ id, namespace, hard: amountsOf(at(manifest, 'spec', 'hard')) }];
  });
}

/** What pods count for in a quota, by the names that quotas have for it. */
export function countedInQuota(requests: Amounts, limits: Amounts): Amounts {
  const { pods = 0, cpu = 0, memory = 0, ...devices } = requests;
  return {
    pods,
    'count/pods': pods,
    cpu,
    memory,
    'requests.cpu': cpu,
    'requests.memory': memory,
    ...named('limits', limits),
    ...named('requests', devices),
  };
}

function named(side: string, amounts: Amounts): Amounts {
  return Object.fromEntries(
    Object.entries(amounts).map(([name, amount]) => [`${side}.${name}`, amount]),
  );
}

/** What a claim counts for in a quota. */
export function claimInQuota(className: string, bytes: number): Amounts {
  const ofClass = `${className}.storageclass.storage.k8s.io`;
  return {
    'requests.storage': bytes,
    persistentvolumeclaims: 1,
    [`${ofClass}/requests.storage`]: bytes,
    [`${ofClass}/persistentvolumeclaims`]: 1,
  };
}

/** What the claims of each namespace count for, those of StatefulSets for each of their pods. */
export function claimsOf(plan: Plan): ReadonlyMap<string, Amounts> {
  const byDefault = objectsOf(plan).find(
    ({ manifest: { kind, metadata } }) =>
      kind === 'StorageClass' &&
      textAt(metadata, 'annotations', 'storageclass.kubernetes.io/is-default-class') === 'true',
  )?.manifest.metadata.name;
  const sums = new Map<string, Amounts>();
  for (const { manifest } of objectsOf(plan)) {
    const sets = manifest.kind === 'StatefulSet';
    const claims = sets
      ? objectsAt(manifest, 'spec', 'volumeClaimTemplates')
      : manifest.kind === 'PersistentVolumeClaim'
        ? [manifest]
        : [];
    const replicas = at(manifest, 'spec', 'replicas');
    const copies = sets && typeof replicas === 'number' ? replicas : 1;
    const namespace = manifest.metadata.namespace ?? '';
    for (const claim of claims) {
      const asked = amountsOf(at(claim, 'spec', 'resources', 'requests'));
      const className = textAt(claim, 'spec', 'storageClassName') ?? byDefault ?? '';
      const counted = times(claimInQuota(className, asked['storage'] ?? 0), copies);
      sums.set(namespace, plus(sums.get(namespace) ?? {}, counted));
    }
  }
  return sums;
}
