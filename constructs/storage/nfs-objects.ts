import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { nfsMountOptions } from './nfs-mount';
import type { NfsProvisionerProps } from './nfs-provisioner-props';

const ROOT_SIZE = '1Mi'; // NFS does not enforce it; the scheduler wants a number

/**
 * The exported directory itself, as a volume and the claim that the provisioner mounts. Not an inline `nfs:` volume:
 * OKD's restricted SCCs refuse those, and the volume carries the mount options.
 */
export function nfsRoot(
  scope: Construct,
  name: string,
  part: Part,
  props: NfsProvisionerProps,
): string {
  const namespace = namespaceOf(scope);
  const volumeName = `${namespace}-${name}`;
  const accessModes = ['ReadWriteMany'];
  kubeObject(scope, 'Volume', 'PersistentVolume', {
    metadata: { name: volumeName, labels: labelsOf(part) },
    spec: {
      accessModes,
      capacity: { storage: ROOT_SIZE },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name },
      mountOptions: nfsMountOptions(props),
      nfs: { server: props.server, path: props.path },
      persistentVolumeReclaimPolicy: 'Retain',
      volumeMode: 'Filesystem',
    },
  });
  kubeObject(scope, 'Claim', 'PersistentVolumeClaim', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      accessModes,
      resources: { requests: { storage: ROOT_SIZE } },
      storageClassName: '', // empty, not absent: keeps the default class away
      volumeName,
    },
  });
  return name;
}

/** The class that claims name. */
export function nfsClass(
  scope: Construct,
  provisioner: string,
  part: Part,
  props: NfsProvisionerProps,
): void {
  const archive = (props.deletedClaims ?? 'archive') === 'archive';
  kubeObject(scope, 'Class', 'StorageClass', {
    metadata: {
      name: props.className,
      labels: labelsOf(part),
      annotations: {
        'storageclass.kubernetes.io/is-default-class': String(props.isDefault ?? false),
      },
    },
    provisioner,
    // The provisioner knows of no growing, and the filer enforces no size.
    allowVolumeExpansion: false,
    reclaimPolicy: archive ? 'Delete' : 'Retain',
    volumeBindingMode: 'Immediate',
    mountOptions: nfsMountOptions(props),
    parameters: {
      ...(archive ? { archiveOnDelete: 'true' } : { onDelete: 'retain' }),
      ...(props.pathPattern === undefined ? {} : { pathPattern: props.pathPattern }),
    },
  });
}
