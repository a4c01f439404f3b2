import { textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import type { ClaimFacts } from './inventory';
import type { MigrationCluster } from './cluster';
import { bytesOf, readableBytes } from './sizes';

/**
 * Why there is no room for copies of these claims beside the claims themselves: quotas of their namespace, and what the
 * driver says of its capacity (CSIStorageCapacity), where it says anything. Storage that says nothing is found out by the copy.
 */
export async function spaceProblems(
  cluster: MigrationCluster,
  namespace: string,
  to: string,
  claims: readonly ClaimFacts[],
): Promise<string[]> {
  const size = claims.reduce((sum, claim) => sum + claim.size, 0);
  return [
    ...(await quotaProblems(cluster, namespace, to, { count: claims.length, size })),
    ...(await capacityProblems(cluster, to, claims)),
    ...claims.flatMap(({ name, used, size: has }) =>
      used !== undefined && used > has
        ? [
            `claim '${name}' has ${readableBytes(used)} in ${readableBytes(has)}: the old storage did not hold it to its size, the new one may; make it larger first`,
          ]
        : [],
    ),
  ];
}

async function quotaProblems(
  cluster: MigrationCluster,
  namespace: string,
  to: string,
  { count, size }: { readonly count: number; readonly size: number },
): Promise<string[]> {
  const quotas = await cluster.list({ apiVersion: 'v1', kind: 'ResourceQuota', namespace });
  const wanted: Readonly<Record<string, number>> = {
    'requests.storage': size,
    persistentvolumeclaims: count,
    [`${to}.storageclass.storage.k8s.io/requests.storage`]: size,
    [`${to}.storageclass.storage.k8s.io/persistentvolumeclaims`]: count,
  };
  return quotas.flatMap((quota) =>
    Object.entries(wanted).flatMap(([resource, amount]) => {
      const hard = textAt(quota, 'status', 'hard', resource);
      if (hard === undefined) return [];
      const free = bytesOf(hard) - bytesOf(textAt(quota, 'status', 'used', resource) ?? '0');
      if (amount <= free) return [];
      const shown = resource.endsWith('storage') ? readableBytes : String;
      return [
        `quota '${textAt(quota, 'metadata', 'name') ?? ''}' of namespace '${namespace}' leaves ${shown(Math.max(0, free))} of ${resource}, and the copies ` +
          `need ${shown(amount)} beside their claims; raise it for the time of the migration`,
      ];
    }),
  );
}

async function capacityProblems(
  cluster: MigrationCluster,
  to: string,
  claims: readonly ClaimFacts[],
): Promise<string[]> {
  const stated = await cluster.list({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
  });
  const ours = stated.filter((one) => textAt(one, 'storageClassName') === to);
  if (ours.length === 0) return [];
  const free = ours.flatMap((one) => sizeAt(one, 'capacity'));
  // What the scheduler goes by, too: a volume is as large as the driver says, else as all that is free.
  const volumes = ours.flatMap((one) => {
    const stated = sizeAt(one, 'maximumVolumeSize');
    return stated.length > 0 ? stated : sizeAt(one, 'capacity');
  });
  // A driver that states neither says nothing.
  const largest = volumes.length === 0 ? Infinity : Math.max(...volumes);
  const total = free.length === 0 ? Infinity : Math.max(...free);
  const size = claims.reduce((sum, claim) => sum + claim.size, 0);
  return [
    ...claims
      .filter((claim) => claim.size > largest)
      .map(
        (claim) =>
          `claim '${claim.name}' has ${readableBytes(claim.size)}, and class '${to}' has room for volumes of ${readableBytes(largest)} at most`,
      ),
    ...(claims.length > 1 && size > total
      ? [
          `class '${to}' has room for ${readableBytes(total)}, and the claims together have ${readableBytes(size)}`,
        ]
      : []),
  ];
}

function sizeAt(object: JsonObject, field: string): number[] {
  const text = textAt(object, field);
  return text === undefined ? [] : [bytesOf(text)];
}
