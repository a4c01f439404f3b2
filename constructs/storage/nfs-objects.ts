import type { Construct } from 'constructs';

import type { Part } from '../kit/labels';
import { nfsMountOptions } from './nfs-mount';
import type { NfsProvisionerProps } from './nfs-provisioner-props';
import { boundPair } from './static-volume';
import { storageClass } from './storage-class';

const ROOT_GIB = 1 / 1024; // NFS does not enforce it; the scheduler wants a number

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
  boundPair(scope, {
    claimName: name,
    part,
    sizeGiB: ROOT_GIB,
    readOnly: false,
    source: { nfs: { server: props.server, path: props.path } },
    mountOptions: nfsMountOptions(props),
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
  storageClass(
    scope,
    'Class',
    {
      className: props.className,
      isDefault: props.isDefault ?? false,
      deletedClaims: archive ? 'delete' : 'keep',
      expandable: false, // the provisioner knows of no growing, and the filer enforces no size
    },
    {
      part,
      provisioner,
      mountOptions: nfsMountOptions(props),
      parameters: {
        ...(archive ? { archiveOnDelete: 'true' } : { onDelete: 'retain' }),
        ...(props.pathPattern === undefined ? {} : { pathPattern: props.pathPattern }),
      },
    },
  );
}
