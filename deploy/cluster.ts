import { existsSync } from 'node:fs';

import { embeddedKubeconfig, projectAdminKubeconfig } from '../environments/cluster';
import type { Environment } from '../environments/environment';
import { textAt } from '../plan/json';
import { KubeApi, KubeError } from './kube-api';
import { readKubeconfig } from './kubeconfig';

/** A cluster that was reached and is the one the environment means. */
export interface GuardedCluster {
  readonly api: KubeApi;
  /** UID of its `kube-system` namespace, or of the project's that the environment is confined to. */
  readonly clusterId: string;
  readonly access: ClusterAccess;
}

/** How the provider reaches the cluster. */
export interface ClusterAccess {
  readonly context: string;
  /**
   * Path of the kubeconfig.
   *
   * @default - the one that the user's environment names
   */
  readonly kubeconfig?: string;
}

/**
 * Connects to an environment's cluster and refuses any other.
 *
 * @throws Error when the kubeconfig lacks the context, the API server is not the pinned one, cannot be reached,
 *   or is another cluster than the one pinned; it says which cluster it found.
 */
export async function openCluster(environment: Environment): Promise<GuardedCluster> {
  const access = await accessOf(environment);
  const kubeconfig = await readKubeconfig(access.kubeconfig);
  const { contexts } = kubeconfig;
  if (!contexts.includes(access.context)) {
    throw new Error(
      `environment '${environment.name}' wants the kubeconfig context '${access.context}'; ` +
        `the kubeconfig has ${contexts.length === 0 ? 'none' : contexts.map((name) => `'${name}'`).join(', ')}`,
    );
  }
  const api = await KubeApi.open(kubeconfig.connect(access.context));
  try {
    const clusterId = await idOf(api, environment);
    refuseOther(environment, access.context, api.server, clusterId);
    return { api, clusterId, access };
  } catch (error) {
    await api.close();
    throw error;
  }
}

function refuseOther(
  { name, cluster }: Environment,
  context: string,
  server: string,
  clusterId: string,
): void {
  if (cluster.kind === 'embedded') return;
  if (server !== cluster.server) {
    throw new Error(
      `environment '${name}' is pinned to the API server ${cluster.server}, but context '${context}' leads to ${server}, ` +
        `the cluster ${clusterId}; nothing was deployed`,
    );
  }
  if (clusterId !== cluster.clusterId) {
    throw new Error(
      `environment '${name}' is pinned to the cluster ${cluster.clusterId}, but ${server} is the cluster ${clusterId}; ` +
        'nothing was deployed',
    );
  }
}

/** How an environment's cluster is reached. @throws Error when the embedded control plane was never started. */
export async function accessOf(environment: Environment): Promise<ClusterAccess> {
  const { cluster, name, rights } = environment;
  switch (cluster.kind) {
    case 'kubeconfig':
      return { context: cluster.context };
    case 'embedded': {
      const kubeconfig =
        rights === 'cluster-admin' ? embeddedKubeconfig(name) : projectAdminKubeconfig(name);
      if (!existsSync(kubeconfig)) {
        throw new Error(
          `the embedded control plane of '${name}' was never started here; 'beamline cluster start ${name}' starts it`,
        );
      }
      return { context: (await readKubeconfig(kubeconfig)).current, kubeconfig };
    }
  }
}

async function idOf(api: KubeApi, { name, rights }: Environment): Promise<string> {
  const namespace = rights === 'cluster-admin' ? 'kube-system' : rights.projectAdmin;
  try {
    return textAt(await api.get(`/api/v1/namespaces/${namespace}`), 'metadata', 'uid') ?? '';
  } catch (error) {
    if (error instanceof KubeError) {
      throw new Error(
        `the API server ${api.server} of environment '${name}' refused: ${error.message}`,
        { cause: error },
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `the API server ${api.server} of environment '${name}' cannot be reached: ${reason}`,
      { cause: error },
    );
  }
}
