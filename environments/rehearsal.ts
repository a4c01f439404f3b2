import { Target } from '../constructs/targets';
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

/** Tells this process, and the Pulumi program that it starts, that they rehearse. */
export function beginRehearsal(): void {
  process.env['BEAMLINE_REHEARSAL'] = 'true';
  delete process.env['BEAMLINE_REHEARSAL_TARGET'];
}

/**
 * Has plain Kubernetes planned for the version that runs here, where its own is so old, or so new, that no control plane of it can be had: its
 * objects would be of API versions that nobody serves. Answers the target that stands in, if one does.
 */
export function planFor({ target }: Environment, kubernetesVersion: string): Target | undefined {
  const minor = Number(kubernetesVersion.split('.')[1]);
  if (target.flavour === 'okd' || target.kubernetesMinor === minor) return undefined;
  const found = Target.parse(`kubernetes 1.${minor}`);
  process.env['BEAMLINE_REHEARSAL_TARGET'] = found.name;
  return found;
}

/** The same environment on an embedded control plane of its own. What it deploys is what the real one would get. */
export function rehearsalOf(environment: Environment): Environment {
  const target = process.env['BEAMLINE_REHEARSAL_TARGET'];
  const cluster =
    environment.cluster.kind === 'embedded'
      ? environment.cluster
      : { kind: 'embedded' as const, nodes: NODES };
  return {
    ...environment,
    ...(target === undefined ? {} : { target: Target.parse(target) }),
    cluster,
    adopt: [],
    secretsProvider: 'passphrase',
  };
}

/** What stands in a rehearsal for an encrypted setting, which is not to be known there. */
export function standInFor(key: string): string {
  const text = `rehearsal${key.replaceAll(/[^A-Za-z0-9]/g, '')}`;
  // Base64 of something, too: a file such as a keytab stands in a Secret like that.
  return text.padEnd(Math.ceil(text.length / 4) * 4, '0');
}
