import type { Toleration } from 'kubernetes-types/core/v1';

import type { CvmfsRepositories } from './repositories';

/** The CSI driver of CVMFS: a client on every node, which mounts into the pods there. */
export interface CvmfsCsiDriverProps {
  readonly repositories: CvmfsRepositories;
  /** Why the site lets a privileged program with the processes and devices of the node run on every node. */
  readonly consent: string;
  /**
   * The SCC that admits it on OKD, of which upstream ships none. Kubernetes has no SCCs.
   *
   * @default 'privileged'
   */
  readonly scc?: 'privileged' | { readonly named: string } | 'none';
  /**
   * Name of the StorageClass of claims to all repositories.
   *
   * @default 'cvmfs'
   */
  readonly className?: string;
  /**
   * Directory of the node for the cache, as large as the quota of the catalogue.
   *
   * @default '/var/lib/cvmfs.csi.cern.ch/cache'
   */
  readonly cacheDirectory?: string;
  /**
   * Labels of the nodes that it runs on.
   *
   * @default {} - every node
   */
  readonly nodes?: Readonly<Record<string, string>>;
  /** @default [] */
  readonly tolerations?: readonly Toleration[];
}
