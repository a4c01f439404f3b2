import { join } from 'node:path';

/** Where an environment runs. */
export type Cluster = EmbeddedCluster | PinnedCluster;

/** The embedded control plane: a real API server on this machine with simulated nodes. */
export interface EmbeddedCluster {
  readonly kind: 'embedded';
  readonly nodes: readonly NodePool[];
}

/** Nodes of one size. */
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
  /**
   * Pods that a node takes (`maxPods` of its kubelet).
   *
   * @default - what the kubelets come with: 250 on OKD, 110 elsewhere
   */
  readonly pods?: number;
  /**
   * What devices each node offers by the names that pods ask for, such as `{ 'nvidia.com/gpu': 4 }`.
   *
   * @default {}
   */
  readonly devices?: Readonly<Record<string, number>>;
  /**
   * What of each node is kept from pods, by its kubelet (`kubeReserved`, `systemReserved`, `evictionHard`) or for what the site runs beside its
   * environments: `oc describe node` prints capacity and allocatable, and this is the difference.
   *
   * @default { cpu: 0, memoryGiB: 0 } - nothing is kept, which holds for simulated nodes and hardly for a real one
   */
  readonly reserved?: { readonly cpu: number; readonly memoryGiB: number };
}

/** Pods that a node of the pool takes. */
export function podsPerNode({ pods }: NodePool, okd: boolean): number {
  return pods ?? (okd ? 250 : 110);
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
  /**
   * The nodes that pods of the environment may run on, for `beamline capacity` and `check`. Leave out those with taints that its pods do not
   * tolerate, such as control planes.
   *
   * @default - not known
   */
  readonly nodes?: readonly NodePool[];
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
