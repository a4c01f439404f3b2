import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { NodePool } from '../../environments/cluster';

/** Which control plane is wanted. */
export interface ControlPlaneSpec {
  /** Name of the environment; names the kubeconfig's context. */
  readonly name: string;
  /** Kubernetes of the target: a minor (`1.34`) or an exact version (`1.34.4`). */
  readonly kubernetesVersion: string;
  /** The simulated nodes. */
  readonly nodes: readonly NodePool[];
  /**
   * Version of OKD whose APIs are served beside Kubernetes' own: `4.21`, `3.11`.
   *
   * @default - plain Kubernetes
   */
  readonly okd?: string;
  /** Where everything of this control plane lives: data, logs, certificates. Only this control plane's. */
  readonly directory: string;
  /** The kubeconfig to write. */
  readonly kubeconfig: string;
}

/** Raised whenever what is laid out changes, so that older directories are laid out anew around their data. */
const LAYOUT_REVISION = 1;

/** Where the files of a control plane are. */
export interface Layout {
  /** What kwokctl calls the cluster's directory. */
  readonly cluster: string;
  /** `KWOK_WORKDIR`. */
  readonly kwokHome: string;
  /** kwokctl's description of the components. */
  readonly kwokConfig: string;
  /** kwokctl's own kubeconfig, which the components read. */
  readonly innerKubeconfig: string;
  readonly state: string;
  readonly lock: string;
}

/** Paths under a control plane's directory. */
export function layoutOf(directory: string): Layout {
  const kwokHome = join(directory, 'kwok');
  const cluster = join(kwokHome, 'clusters', KWOK_NAME);
  return {
    kwokHome,
    cluster,
    kwokConfig: join(cluster, 'kwok.yaml'),
    innerKubeconfig: join(cluster, 'kubeconfig.yaml'),
    state: join(directory, 'control-plane.json'),
    lock: join(directory, 'control-plane'),
  };
}

/** Each control plane has a kwokctl home of its own, so its name there can be short: paths are limited. */
export const KWOK_NAME = 'cp';

const stateSchema = z.object({
  /** What was asked for, so that a start of the same can be told at a glance. */
  spec: z.string(),
  /** How it was laid out. */
  layout: z.string(),
  asked: z.string(),
  kubernetes: z.string(),
  substitution: z.string().optional(),
  server: z.string(),
});

/** What a control plane's directory says about itself. */
export type ControlPlaneState = z.infer<typeof stateSchema>;

/** Reads it; undefined before the first start, or when the file is not ours. */
export function readState(directory: string): ControlPlaneState | undefined {
  const path = layoutOf(directory).state;
  if (!existsSync(path)) return undefined;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // A half-written or foreign file is as good as none: the start writes it anew.
  }
}

/** Writes it whole or not at all. */
export function writeState(directory: string, state: ControlPlaneState): void {
  const { state: path } = layoutOf(directory);
  writeFileSync(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`);
  renameSync(`${path}.new`, path);
}

/** Same key, same control plane: nothing needs doing when everything runs. */
export function specKey(spec: ControlPlaneSpec): string {
  return keyOf([
    LAYOUT_REVISION,
    spec.kubernetesVersion,
    spec.nodes,
    spec.okd ?? '',
    spec.directory,
    spec.kubeconfig,
  ]);
}

/** Same key, same files: the directory needs no new layout. */
export function layoutKey(directory: string, kubernetes: string, binaries: object): string {
  return keyOf([LAYOUT_REVISION, directory, kubernetes, binaries]);
}

function keyOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
