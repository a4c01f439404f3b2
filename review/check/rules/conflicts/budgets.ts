import { at, textAt } from '../../../../plan/json';
import { objectsOf, type Json, type Plan, type PlannedObject } from '../../../../plan/model';
import { selects } from '../../../risk/selector';
import { findingAbout, type CheckFinding } from '../../finding';
import type { Workload } from '../../pods';

/** A budget that never lets a pod go keeps its node from being drained. */
export function budgets(plan: Plan, workloads: readonly Workload[]): CheckFinding[] {
  const objects = objectsOf(plan);
  return objects
    .filter(({ manifest }) => manifest.kind === 'PodDisruptionBudget')
    .flatMap((object) => {
      const { manifest } = object;
      const guarded = workloads.filter(
        ({ namespace, labels }) =>
          namespace === manifest.metadata.namespace &&
          selects(at(manifest, 'spec', 'selector'), labels),
      );
      const pods = guarded.reduce((total, one) => total + leastPodsOf(one, objects), 0);
      const [least, most] = [
        at(manifest, 'spec', 'minAvailable'),
        at(manifest, 'spec', 'maxUnavailable'),
      ];
      if (!keepsAll(least, most, guarded.length === 0 ? undefined : pods)) return [];
      return [
        findingAbout(object, {
          rule: 'conflict/budget-blocks-drain',
          severity: 'warning',
          reason: `it lets none of its ${pods} pods be evicted (${least === undefined ? `maxUnavailable ${JSON.stringify(most)}` : `minAvailable ${JSON.stringify(least)}`}), so that a drain of their nodes waits for ever`,
          fix: 'Let one pod go (maxUnavailable: 1), or run more pods.',
        }),
      ];
    });
}

/** Percentages are rounded up, on both sides. Nothing is known of pods that the plan does not make. */
function keepsAll(
  least: Json | undefined,
  most: Json | undefined,
  pods: number | undefined,
): boolean {
  if (most !== undefined) return countOf(most, pods ?? 1) === 0;
  if (least === '100%') return true;
  if (least === undefined || pods === undefined || pods === 0) return false;
  return countOf(least, pods) >= pods;
}

function countOf(value: Json, pods: number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Math.ceil((Number.parseFloat(value) / 100) * pods) : pods;
}

/** The fewest pods that there are in peace: where something scales it, the least that this leaves. */
function leastPodsOf({ object, pods }: Workload, objects: readonly PlannedObject[]): number {
  const { kind, metadata } = object.manifest;
  const scaler = objects.find(
    ({ manifest }) =>
      manifest.kind === 'HorizontalPodAutoscaler' &&
      manifest.metadata.namespace === metadata.namespace &&
      textAt(manifest, 'spec', 'scaleTargetRef', 'kind') === kind &&
      textAt(manifest, 'spec', 'scaleTargetRef', 'name') === metadata.name,
  );
  if (scaler === undefined) return pods;
  const least = at(scaler.manifest, 'spec', 'minReplicas');
  return typeof least === 'number' ? least : 1;
}
