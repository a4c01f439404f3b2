import type { Construct } from 'constructs';
import type { PersistentVolumeSpec } from 'kubernetes-types/core/v1';

import { listed } from '../kit/containers';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { gibibytes } from '../kit/quantity';

/** A volume that is there and the one claim that may have it. */
export interface BoundPair {
  readonly claimName: string;
  readonly part: Part;
  readonly sizeGiB: number;
  readonly readOnly: boolean;
  /** What the volume is, as a volume spec has it: `{ nfs: { … } }`. */
  readonly source: Partial<PersistentVolumeSpec>;
  /** @default [] */
  readonly mountOptions?: readonly string[];
}

/** Adds the volume and its claim, each reserved for the other. The files stay when both go. */
export function boundPair(scope: Construct, pair: BoundPair): void {
  const { claimName: name, part, source } = pair;
  const namespace = namespaceOf(scope);
  const volumeName = `${namespace}-${name}`;
  const storage = gibibytes(pair.sizeGiB);
  const accessModes = [pair.readOnly ? 'ReadOnlyMany' : 'ReadWriteMany'];
  kubeObject(scope, 'Volume', 'PersistentVolume', {
    metadata: { name: volumeName, labels: labelsOf(part) },
    spec: {
      accessModes,
      capacity: { storage },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
      ...listed('mountOptions', pair.mountOptions ?? []),
      ...source,
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    },
  });
  kubeObject(scope, 'Claim', 'PersistentVolumeClaim', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      accessModes,
      resources: { requests: { storage } },
      storageClassName: '', // empty, not absent: keeps the default class away
      volumeName,
    },
  });
}
