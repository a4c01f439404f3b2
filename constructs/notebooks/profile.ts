import type { MountedShare } from '../kit/mounted-share';
import type { Span } from '../kit/span';

/** GPUs of one session: whole ones, or slices that NVIDIA's MIG cuts them into. */
export type ProfileGpu =
  | { readonly kind: 'whole'; readonly count: number }
  /** `slice` as MIG names it: `1g.5gb`, one seventh of the engines and 5 GB of memory. */
  | { readonly kind: 'slices'; readonly slice: string; readonly count: number };

/** The GPUs of one node, and into what each is cut. */
export interface GpuLayout {
  /** GPUs of a node. */
  readonly perNode: number;
  /** Memory of one GPU, in GB. */
  readonly memoryGB: number;
  /**
   * Slices that each GPU is cut into, by their names: `{ '1g.5gb': 4, '3g.20gb': 1 }`.
   *
   * @default {} - GPUs are given whole
   */
  readonly slices?: Readonly<Record<string, number>>;
}

/** One sort of session that people choose from. */
export interface NotebookProfile {
  /** Name in URLs and in the API, lower case: `analysis`. */
  readonly name: string;
  /** What people read: `Analysis, 4 cores`. */
  readonly title: string;
  /** @default - none */
  readonly description?: string;
  /** Image by exact tag or digest: `quay.io/jupyter/scipy-notebook:2025-03-14`. */
  readonly image: string;
  /** CPU cores. */
  readonly cpu: Span;
  /** Memory in GiB. At `most` the session is killed. */
  readonly memoryGiB: Span;
  /** @default - none */
  readonly gpu?: ProfileGpu;
  /**
   * Shares beside the home: CVMFS, data.
   *
   * @default []
   */
  readonly shares?: readonly MountedShare[];
  /** @default {} */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Labels of the nodes it may run on.
   *
   * @default {} - any node
   */
  readonly nodes?: Readonly<Record<string, string>>;
  /**
   * Groups whose members may take it.
   *
   * @default - everybody who may log in
   */
  readonly groups?: readonly string[];
  /**
   * Whether people may name an image of their own instead, from one of the hub's `registries`.
   *
   * @default false
   */
  readonly customImage?: boolean;
}

/** The extended resource that a session's GPUs are: https://docs.nvidia.com/datacenter/cloud-native/kubernetes/latest/index.html */
export function gpuResource(gpu: ProfileGpu): Readonly<Record<string, string>> {
  switch (gpu.kind) {
    case 'whole':
      return { 'nvidia.com/gpu': String(gpu.count) };
    case 'slices':
      return { [`nvidia.com/mig-${gpu.slice}`]: String(gpu.count) };
  }
}
