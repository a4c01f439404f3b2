import type { UpstreamPin } from './kit/upstream';

/** A published image by its exact tag. Its digest is in `images.lock` once that was resolved. */
export interface ImagePin {
  /** Registry and repository: `registry.k8s.io/sig-storage/nfs-subdir-external-provisioner`. */
  readonly repository: string;
  readonly tag: string;
}

/** Every third-party image. Nothing else in the code names one. */
export const IMAGES = {
  nfsSubdirProvisioner: {
    repository: 'registry.k8s.io/sig-storage/nfs-subdir-external-provisioner',
    tag: 'v4.0.2',
  },
  traefik: { repository: 'docker.io/library/traefik', tag: 'v3.6.12' },
  whoami: { repository: 'docker.io/traefik/whoami', tag: 'v1.11.0' },
} as const satisfies Readonly<Record<string, ImagePin>>;

/** Every third-party file. */
export const UPSTREAM_FILES = {
  traefikCrds: {
    name: 'traefik-crds',
    version: 'v3.6.12',
    url: 'https://raw.githubusercontent.com/traefik/traefik/v3.6.12/docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    goModule: {
      path: 'github.com/traefik/traefik/v3',
      version: 'v3.6.12',
      file: 'docs/content/reference/dynamic-configuration/kubernetes-crd-definition-v1.yml',
    },
    sha256: '19df8d4caa268314977886df8415cd809ec3faed4c6da608debc2b1c10e38397',
  },
} as const satisfies Readonly<Record<string, UpstreamPin>>;

/** The reference that a container names. */
export function imageRef(image: ImagePin): string {
  return `${image.repository}:${image.tag}`;
}
