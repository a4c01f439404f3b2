import type { NodePool } from './cluster';
import type { Environment } from './environment';

/** Nodes for a rehearsal of an environment whose own cluster is elsewhere: enough of them for spread and anti-affinity. */
const NODES: readonly NodePool[] = [
  {
    name: 'infra',
    count: 3,
    cpu: 32,
    memoryGiB: 128,
    labels: { 'node-role.kubernetes.io/infra': '' },
  },
  { name: 'worker', count: 5, cpu: 64, memoryGiB: 256 },
];

/** Whether this process rehearses: `beamline rehearse` says so to the Pulumi program that it starts. */
export function isRehearsal(): boolean {
  return process.env['BEAMLINE_REHEARSAL'] === 'true';
}

/**
 * Where the program that stands in for APIs beyond the cluster listens: `beamline rehearse` says so. Nothing listens where nobody says;
 * what the real site reaches is out of reach either way.
 */
export function standInAddress(): string {
  return process.env['BEAMLINE_REHEARSAL_STAND_IN'] ?? 'http://127.0.0.1:9';
}

/** The same environment on an embedded control plane of its own. What it deploys is what the real one would get. */
export function rehearsalOf(environment: Environment): Environment {
  const cluster =
    environment.cluster.kind === 'embedded'
      ? environment.cluster
      : { kind: 'embedded' as const, nodes: NODES };
  return { ...environment, cluster, adopt: [], secretsProvider: 'passphrase' };
}

/** What stands in a rehearsal for an encrypted setting, which is not to be known there. */
export function standInFor(key: string): string {
  return `rehearsal-${key}`;
}
