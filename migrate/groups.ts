import { UndirectedGraph } from 'graphology';
import { connectedComponents } from 'graphology-components';

import type { Workload } from './record';

/** What the order of a migration depends on. */
export interface Member {
  readonly namespace: string;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly used: number | undefined;
  readonly workloads: readonly Workload[];
}

/** Claims that are moved together, since the same workloads mount them: these are stopped once. */
export interface Group<M extends Member = Member> {
  readonly namespace: string;
  readonly claims: readonly M[];
  /** Seconds that its workloads are down, as estimated. */
  readonly downtime: number;
}

/** Seconds for what is not copying: stopping, swapping, starting. */
const SWAP_SECONDS = 60;

/**
 * The claims in the order in which they are moved: first those that nobody mounts, then the small ones, so that what goes
 * wrong goes wrong early and on little. Down are workloads for the last copy, which reads names and times only, and for the
 * comparison, which reads every byte of both sides.
 */
export function groupsOf<M extends Member>(
  claims: readonly M[],
  bytesPerSecond: number,
): Group<M>[] {
  const graph = new UndirectedGraph();
  const byKey = new Map<string, M>();
  for (const claim of claims) {
    const key = `claim ${claim.namespace}/${claim.name}`;
    byKey.set(key, claim);
    graph.mergeNode(key);
    for (const { kind, name } of claim.workloads)
      graph.mergeEdge(key, `workload ${claim.namespace}/${kind}/${name}`);
  }
  return connectedComponents(graph)
    .map((keys) => keys.flatMap((key) => byKey.get(key) ?? []))
    .map((members) => groupOf(members, bytesPerSecond))
    .sort((a, b) => orderOf(a).localeCompare(orderOf(b)));
}

function groupOf<M extends Member>(members: readonly M[], bytesPerSecond: number): Group<M> {
  const claims = [...members].sort((a, b) => (a.name < b.name ? -1 : 1));
  const bytes = claims.reduce((sum, { used, size }) => sum + (used ?? size), 0);
  const workloads = claims.some((claim) => claim.workloads.length > 0);
  return {
    namespace: claims[0]?.namespace ?? '',
    claims,
    downtime: workloads ? SWAP_SECONDS * claims.length + (2 * bytes) / bytesPerSecond : 0,
  };
}

function orderOf({ claims, downtime, namespace }: Group): string {
  const size = claims.reduce((sum, { used, size: has }) => sum + (used ?? has), 0);
  const rank = (number: number): string => String(Math.ceil(number)).padStart(20, '0');
  return `${downtime === 0 ? 0 : 1} ${rank(size)} ${namespace} ${claims[0]?.name ?? ''}`;
}
