import type { IDependable } from 'constructs';

/** A Ceph that classes of this cluster can be made on: Rook's, or one outside that ceph-csi reaches. */
export interface CephConnection {
  /** What ceph-csi calls the Ceph cluster, 36 bytes at most. */
  readonly clusterId: string;
  /** Undefined where the driver is not installed. */
  readonly rbd: CephDriver | undefined;
  readonly cephfs: CephDriver | undefined;
  /** Pools that block devices can be in. */
  readonly blockPools: readonly CephPoolFacts[];
  readonly filesystems: readonly CephFilesystemFacts[];
  /** Ids of the key management that encrypted classes can name. */
  readonly keyManagement: readonly string[];
  /** What must be there before a claim can be bound. */
  readonly ready: IDependable;
}

/** A driver as StorageClasses name it, and the Secrets it works with. */
export interface CephDriver {
  readonly name: string;
  readonly secrets: {
    readonly namespace: string;
    readonly provisioner: string;
    readonly node: string;
  };
}

/** A pool, as far as a class depends on it. */
export interface CephPoolFacts {
  readonly name: string;
  /** An erasure-coded pool holds data only: the class needs a replicated one beside it. */
  readonly erasureCoded: boolean;
}

/** A file system and the pools for its files. */
export interface CephFilesystemFacts {
  readonly name: string;
  readonly dataPools: readonly string[];
}

/** How a pool holds its data. */
export type CephRedundancy =
  /** Every object `copies` times. */
  | { readonly kind: 'replicated'; readonly copies: number }
  /** Every object in `data` pieces and `coding` more, as many as may be lost. */
  | { readonly kind: 'erasure-coded'; readonly data: number; readonly coding: number };

/** What of the cluster may be lost at once: each copy or piece is in another. */
export type FailureDomain = 'host' | 'rack' | 'zone' | 'osd';

/** A pool as Rook's objects describe it. */
export function poolSpec(
  redundancy: CephRedundancy,
  failureDomain: FailureDomain,
  deviceClass: string | undefined,
): Record<string, unknown> {
  return {
    failureDomain,
    ...(deviceClass === undefined ? {} : { deviceClass }),
    ...(redundancy.kind === 'replicated'
      ? {
          replicated: { size: redundancy.copies, requireSafeReplicaSize: redundancy.copies > 1 },
        }
      : { erasureCoded: { dataChunks: redundancy.data, codingChunks: redundancy.coding } }),
  };
}

/** What is wrong with how a pool holds its data. */
export function redundancyProblems(field: string, redundancy: CephRedundancy): string[] {
  switch (redundancy.kind) {
    case 'replicated':
      return Number.isInteger(redundancy.copies) && redundancy.copies >= 1
        ? []
        : [`'${field}.copies' must be a whole number from 1, got '${redundancy.copies}'`];
    case 'erasure-coded': {
      const { data, coding } = redundancy;
      return Number.isInteger(data) && Number.isInteger(coding) && data >= 2 && coding >= 1
        ? []
        : [
            `'${field}' must have at least 2 pieces of data and 1 of coding, got ${data} and ${coding}`,
          ];
    }
  }
}

/** Names of pools, file systems and object stores: DNS labels, as Rook makes Services and Deployments of them. */
export const CEPH_NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** What is wrong with such a name. */
export function cephNameProblems(field: string, name: string): string[] {
  return CEPH_NAME.test(name)
    ? []
    : [`'${field}' must be lower-case letters, digits and '-', at most 40, got '${name}'`];
}
