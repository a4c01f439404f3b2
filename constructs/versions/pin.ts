/** A published image by its exact tag. Its digest is in `images.lock` once that was resolved. */
export interface ImagePin {
  /** Registry and repository: `registry.k8s.io/sig-storage/nfs-subdir-external-provisioner`. */
  readonly repository: string;
  readonly tag: string;
}

/** A table of images by what the code calls them. */
export type ImagePins = Readonly<Record<string, ImagePin>>;
