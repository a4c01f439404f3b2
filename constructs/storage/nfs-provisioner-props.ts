import type { NfsMount } from './nfs-mount';

/** Which directory of a filer becomes a class of claims, and what happens to their files. */
export interface NfsProvisionerProps extends NfsMount {
  /** Host name or IPv4 address of the filer. */
  readonly server: string;

  /** Absolute path of the exported directory in which every claim gets a subdirectory. */
  readonly path: string;

  /** Name of the StorageClass, for claims to name. */
  readonly className: string;

  /**
   * What becomes of a claim's files when the claim is deleted. `archive` renames its directory to `archived-…` and
   * gives the volume up; `retain` keeps directory and volume. Nothing is ever deleted: the provisioner is not root, so
   * it could not remove what others wrote, and would leave half of it.
   *
   * @default 'archive'
   */
  readonly deletedClaims?: 'archive' | 'retain';

  /**
   * Directory of a claim under `path`, from `${.PVC.namespace}`, `${.PVC.name}` and `${.PVC.labels.<key>}`. A claim
   * made again under the same name finds its files again. Needs `deletedClaims: 'retain'`.
   *
   * @default - `<namespace>-<claim>-<volume>`, different for every claim
   */
  readonly pathPattern?: string;

  /**
   * UID that owns the exported directory; the provisioner runs as it. On OKD that needs nonroot-v2, which its
   * ServiceAccount alone is granted.
   *
   * @default - 65532 on Kubernetes, a UID of the namespace's range on OKD: the directory must be writable to it
   */
  readonly owner?: number;

  /**
   * Whether claims that name no class get this one. At most one class of a cluster.
   *
   * @default false
   */
  readonly isDefault?: boolean;

  /**
   * Number of pods, one of which works. More than one need the right to hold a lock in their namespace.
   *
   * @default 1
   */
  readonly replicas?: number;
}
