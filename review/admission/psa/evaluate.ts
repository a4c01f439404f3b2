import type { Pod } from '../pod';
import { BASELINE } from './baseline';
import type { Judge, PsaCheck } from './check';
import { PSA_LEVELS, type PsaLevel, type PsaPolicy } from './level';
import { RESTRICTED } from './restricted';

/** Something a pod does that a level forbids. */
export interface Violation {
  /** The rule, as the plugin calls it: `capabilities_restricted`. */
  readonly check: string;
  readonly detail: string;
}

/**
 * What a pod does that a policy forbids. `cluster` is the minor of the cluster's Kubernetes: a policy pinned to a later one counts as the
 * cluster's own, and its rules are what the cluster's own release knows.
 */
export function violations(pod: Pod, policy: PsaPolicy, cluster: number): Violation[] {
  if (policy.level === 'privileged') return [];
  const version = policy.version === 'latest' ? cluster : Math.min(policy.version, cluster);
  return checksOf(policy.level, version).flatMap(({ id, judge }) => {
    const detail = judge(pod);
    return detail === undefined ? [] : [{ check: id, detail }];
  });
}

/** The strictest level that takes a pod on a cluster. */
export function strictestFor(pod: Pod, cluster: number): PsaLevel {
  const fitting = PSA_LEVELS.filter(
    (level) => violations(pod, { level, version: 'latest' }, cluster).length === 0,
  );
  return fitting.at(-1) ?? 'privileged';
}

function checksOf(
  level: 'baseline' | 'restricted',
  version: number,
): { readonly id: string; readonly judge: Judge }[] {
  const more = level === 'baseline' ? [] : RESTRICTED.flatMap((check) => inForce(check, version));
  const replaced = new Set(more.flatMap(({ overrides }) => overrides));
  const base = BASELINE.flatMap((check) => inForce(check, version));
  return [...base.filter(({ id }) => !replaced.has(id)), ...more];
}

function inForce(
  { id, versions, overrides }: PsaCheck,
  version: number,
): { readonly id: string; readonly judge: Judge; readonly overrides: readonly string[] }[] {
  const judge = versions.filter(({ since }) => since <= version).at(-1)?.judge;
  return judge === undefined ? [] : [{ id, judge, overrides }];
}
