import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import type { Plan, Step } from './model';

/** The plan without what goes somewhere else than to the cluster, and without waiting for it. */
export function withinCluster(plan: Plan): Plan {
  const beyond = new Set(plan.steps.filter(isBeyond).map(({ id }) => id));
  if (beyond.size === 0) return plan;
  const steps = plan.steps
    .filter(({ id }) => !beyond.has(id))
    .map((step) => ({ ...step, dependsOn: step.dependsOn.filter((id) => !beyond.has(id)) }));
  return { ...plan, steps };
}

function isBeyond(step: Step): boolean {
  return step.step === 'object' && isBeyondCluster(step.manifest.apiVersion);
}
