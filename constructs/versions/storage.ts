import type { ImagePins } from './pin';

/** Images of the storage constructs. */
export const STORAGE_IMAGES = {
  nfsSubdirProvisioner: {
    repository: 'registry.k8s.io/sig-storage/nfs-subdir-external-provisioner',
    tag: 'v4.0.2',
  },
} as const satisfies ImagePins;
