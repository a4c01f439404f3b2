import type { Scc } from '../../../constructs/targets/sccs/scc';
import type { Behaviour } from './behaviour';

/** `util/sort/byrestrictions.go` of openshift/apiserver-library-go: the fewer points, the stricter an SCC, the earlier it is tried. */
interface Weights {
  readonly privileged: number;
  readonly hostPorts: number;
  readonly hostNetwork: number;
  readonly hostVolume: number;
  readonly volume: number;
}

const WEIGHTS: Weights = {
  privileged: 1_600_000,
  hostPorts: 800_000,
  hostNetwork: 400_000,
  hostVolume: 200_000,
  volume: 100_000,
};
const OLD_WEIGHTS: Weights = {
  privileged: 1_000_000,
  hostPorts: 400_000,
  hostNetwork: 200_000,
  hostVolume: 100_000,
  volume: 50_000,
};

const STRATEGY = {
  RunAsAny: 40_000,
  MustRunAsNonRoot: 30_000,
  MustRunAsRange: 20_000,
  MustRunAs: 10_000,
} as const;

const TRIVIAL = new Set(['secret', 'configMap', 'emptyDir', 'downwardAPI', 'projected', 'none']);

/** How lax an SCC is, in points. */
export function pointsOf(scc: Scc, behaviour: Behaviour): number {
  const weights = weightsOf(behaviour);
  return (
    (scc.allowPrivilegedContainer ? weights.privileged : 0) +
    (scc.allowHostPorts ? weights.hostPorts : 0) +
    (scc.allowHostNetwork ? weights.hostNetwork : 0) +
    volumePoints(scc.volumes, weights) +
    STRATEGY[scc.seLinuxContext.type] +
    STRATEGY[scc.runAsUser.type] +
    capabilityPoints(scc)
  );
}

/** The SCCs in the order in which they are tried: by priority, then the strictest, then by name. */
export function ranked(sccs: readonly Scc[], behaviour: Behaviour): Scc[] {
  const points = new Map(sccs.map((scc) => [scc, pointsOf(scc, behaviour)]));
  return [...sccs].sort((a, b) => {
    const priority = (b.priority ?? 0) - (a.priority ?? 0);
    if (priority !== 0) return priority;
    const strictness = (points.get(a) ?? 0) - (points.get(b) ?? 0);
    if (strictness !== 0) return strictness;
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
}

/** Why an SCC is tried before another, as the second half of a sentence about it. */
export function whyBefore(first: Scc, second: Scc, behaviour: Behaviour): string {
  if ((first.priority ?? 0) !== (second.priority ?? 0)) {
    return `has priority ${first.priority ?? 0} against ${second.priority ?? 0}`;
  }
  const [a, b] = [pointsOf(first, behaviour), pointsOf(second, behaviour)];
  if (a === b) return 'is as strict and comes first by name';
  const weights = weightsOf(behaviour);
  const differences: (readonly [boolean, boolean, string])[] = [
    [first.allowPrivilegedContainer, second.allowPrivilegedContainer, 'privileged containers'],
    [first.allowHostPorts, second.allowHostPorts, 'host ports'],
    [first.allowHostNetwork, second.allowHostNetwork, "the node's network"],
    ...([weights.hostVolume, weights.volume] as const).map(
      (weight) =>
        [
          volumePoints(first.volumes, weights) >= weight,
          volumePoints(second.volumes, weights) >= weight,
          weight === weights.hostVolume ? "the node's files" : 'volumes from elsewhere',
        ] as const,
    ),
  ];
  const forbidden = differences.find(([has, others]) => !has && others)?.[2];
  const what =
    forbidden === undefined
      ? Math.floor((a % weights.volume) / 10_000) < Math.floor((b % weights.volume) / 10_000)
        ? 'leaves less choice of user and SELinux context'
        : 'allows fewer capabilities'
      : `forbids ${forbidden}`;
  return `${what} (${a} points against ${b})`;
}

function weightsOf({ oldWeights }: Behaviour): Weights {
  return oldWeights ? OLD_WEIGHTS : WEIGHTS;
}

function volumePoints(volumes: readonly string[], weights: Weights): number {
  if (volumes.includes('hostPath') || volumes.includes('*')) return weights.hostVolume;
  return volumes.some((volume) => !TRIVIAL.has(volume)) ? weights.volume : 0;
}

function capabilityPoints(scc: Scc): number {
  const has = (list: readonly string[], wanted: string): boolean =>
    list.some((name) => name.toUpperCase() === wanted);
  const { allowedCapabilities: allowed, requiredDropCapabilities: dropped } = scc;
  const points =
    5000 +
    300 * scc.defaultAddCapabilities.length +
    (has(allowed, '*') || has(allowed, 'ALL') ? 4000 : 10 * allowed.length) -
    (has(dropped, 'ALL') ? 3000 : 50 * dropped.length);
  return Math.min(9999, Math.max(0, points));
}
