import { join } from 'node:path';

/** Where an environment runs. */
export type Cluster = EmbeddedCluster | PinnedCluster;

/** The embedded control plane: a real API server on this machine with simulated nodes. */
export interface EmbeddedCluster {
  readonly kind: 'embedded';
  readonly nodes: readonly NodePool[];
}

/** Simulated nodes of one size. */
export interface NodePool {
  /** Prefix of the nodes' names: `<name>-0`, `<name>-1`, … */
  readonly name: string;
  readonly count: number;
  /** CPU cores of each node. */
  readonly cpu: number;
  /** Memory of each node in GiB. */
  readonly memoryGiB: number;
  /**
   * Labels of each node, beside the ones Kubernetes sets itself.
   *
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
}

/** A cluster reached through a kubeconfig, pinned so that nothing is ever deployed to another one. */
export interface PinnedCluster {
  readonly kind: 'kubeconfig';
  /** Name of the context in the kubeconfig. */
  readonly context: string;
  /** URL of the API server, as the kubeconfig spells it. */
  readonly server: string;
  /**
   * UID of the `kube-system` namespace: `kubectl get namespace kube-system -o jsonpath={.metadata.uid}`. Of the project's namespace where the
   * environment is deployed with a project admin's rights.
   */
  readonly clusterId: string;
}

/** Where Beamline keeps what belongs to this checkout: state, embedded clusters, logs. Never in git. */
export function checkoutHome(): string {
  return process.env['BEAMLINE_HOME'] ?? join(__dirname, '..', '.beamline');
}

/** Kubeconfig of the embedded control plane of an environment. */
export function embeddedKubeconfig(environment: string): string {
  return join(checkoutHome(), 'clusters', environment, 'kubeconfig');
}

/** Kubeconfig of a project's admin on that control plane, for the rehearsal of an environment which has no more rights than his. */
export function projectAdminKubeconfig(environment: string): string {
  return join(checkoutHome(), 'clusters', environment, 'project-admin.kubeconfig');
}
