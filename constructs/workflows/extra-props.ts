import type { IFileShare, IStorageClass, SecretRef } from '../contracts';
import type { DaskDefinitions } from './dask-definitions';

/** Where jobs have CVMFS from. They mount one claim, `<prefix>-cvmfs`, whose directories are the repositories. */
export type ReanaCvmfs =
  /** A share that is there, as the export tier makes them, under that name in the namespace of runs. */
  | { readonly kind: 'share'; readonly share: IFileShare }
  /** A class of the CVMFS CSI driver, `<prefix>-cvmfs`. REANA makes the claim when a workflow first asks. */
  | { readonly kind: 'class'; readonly class: IStorageClass };

/** An application that the GitLab knows, with the redirect `https://<host>/api/gitlab/`. */
export interface ReanaGitLab {
  /** Host name: `gitlab.example.org`. */
  readonly host: string;
  readonly appId: SecretRef;
  readonly appSecret: SecretRef;
}

/** Dask clusters for workflows that ask for one, in `resources` of `reana.yaml`. An operator of REANA's makes them, in the namespace of runs. */
export interface ReanaDask {
  /**
   * Why users may reach each other's clusters. A scheduler of Dask asks nobody who he is, so that whoever runs a job here can run code in the workers
   * of another's workflow, which hold his secrets.
   */
  readonly consent: string;
  /** The kinds of Dask, which a cluster has once: made beside by its admin, or there for another operator. */
  readonly definitions: DaskDefinitions | 'cluster';
  /**
   * Whether a cluster grows and shrinks with its work, instead of having all its workers from the beginning.
   *
   * @default true
   */
  readonly autoscaled?: boolean;
  /**
   * Memory of all workers of a workflow, in MiB.
   *
   * @default 16384
   */
  readonly clusterMiB?: number;
  /**
   * Workers of a workflow.
   *
   * @default { usual: 2, most: 20 }
   */
  readonly workers?: DaskChoice;
  /**
   * Memory of one worker, in MiB.
   *
   * @default { usual: 2048, most: 8192 }
   */
  readonly workerMiB?: DaskChoice;
  /**
   * Threads of one worker.
   *
   * @default { usual: 4, most: 8 }
   */
  readonly workerThreads?: DaskChoice;
}

/** What a workflow has that asks for nothing, and the most that it may ask for. */
export interface DaskChoice {
  readonly usual: number;
  readonly most: number;
}

/** Proxies of virtual organisations, for steps with `voms_proxy: true`, out of what their user gave to REANA. */
export interface ReanaVoms {
  /**
   * Image with `voms-proxy-init` that knows the servers of the organisations, by exact tag.
   *
   * @default - upstream's, which knows CERN's experiments
   */
  readonly image?: string;
}
