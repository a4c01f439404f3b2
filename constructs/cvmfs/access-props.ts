import type { EnvVar, SecurityContext, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { CvmfsCsiDriver } from './csi-driver';
import type { CvmfsRepositories } from './repositories';
import type { CvmfsShare } from './share';

/** How the pods of one program come to CVMFS, best first for a shared cluster. */
export type CvmfsWay = ExportWay | CsiWay | CvmfsExecWay | ParrotWay;

/** Files over NFS from the site's tier: nothing is asked of the pod. */
export interface ExportWay {
  readonly type: 'export';
  readonly share: CvmfsShare;
  /**
   * By the claim of the share, or by an address written into the pod: without the options that a failover needs, and
   * not for users of OKD.
   *
   * @default 'claim'
   */
  readonly volume?: 'claim' | 'inline';
}

/** The client of the node, by the CSI driver: nothing is asked of the pod, everything of the node. */
export interface CsiWay {
  readonly type: 'csi';
  readonly driver: CvmfsCsiDriver;
}

/** A client inside the pod, in a user namespace: nothing is shared, each pod has its own cache. */
export interface CvmfsExecWay {
  readonly type: 'cvmfsexec';
  readonly repositories: CvmfsRepositories;
  /** Names of repositories to mount before the program starts. */
  readonly mount: readonly string[];
  /** Directory of the image that `makedist` filled: `/opt/cvmfsexec`. */
  readonly directory: string;
  /** Kernel of the nodes, for example `5.14`. FUSE in user namespaces needs 4.18. */
  readonly nodeKernel: string;
  /** ServiceAccount of the pods, which OKD grants the SCC `nested-container`. */
  readonly serviceAccount: string;
  /** How `/dev/fuse` comes into the pod: by CRI-O's annotation, or as a resource of a device plugin. */
  readonly fuse: { readonly by: 'crio' } | { readonly by: 'plugin'; readonly resource: string };
  /** Seccomp profile that allows mount, unshare and pivot_root, below the kubelet's directory of profiles. */
  readonly seccompProfile: string;
}

/** A client that rewrites the program's system calls (ptrace): for programs that nothing else can help. Slow. */
export interface ParrotWay {
  readonly type: 'parrot';
  readonly repositories: CvmfsRepositories;
  /** `parrot_run` in the image. */
  readonly program: string;
}

/** A privilege that a way needs, and who has to give it. */
export interface Privilege {
  readonly what: string;
  /** `nobody` when nothing is needed. */
  readonly from: 'nobody' | 'the cluster admin, once' | 'the cluster admin, per account';
}

/** What a pod gets so that its program reads `/cvmfs`. */
export interface CvmfsPod {
  readonly volumes: readonly Volume[];
  readonly mounts: readonly VolumeMount[];
  readonly env: readonly EnvVar[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Put before the program's own command. */
  readonly wrapper: readonly string[];
  /** Fields of the container's security context beyond the house rules. Undefined when there are none. */
  readonly context: SecurityContext | undefined;
  /** Further resources that the container asks for. */
  readonly resources: Readonly<Record<string, string>>;
  /** `hostUsers` of the pod. Undefined when it does not matter. */
  readonly hostUsers: boolean | undefined;
}

/** The pod of a way that asks for nothing; each way fills in what it needs. */
export const PLAIN: CvmfsPod = {
  volumes: [],
  mounts: [],
  env: [],
  annotations: {},
  wrapper: [],
  context: undefined,
  resources: {},
  hostUsers: undefined,
};
