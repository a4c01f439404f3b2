import { isBeyondCluster } from '../constructs/kit/beyond-cluster';
import { isObject, textAt } from './json';
import type { Plan, PlannedObject, Step } from './model';

/**
 * The plan with what goes somewhere else than to the cluster sent to a stand-in: `https://registry.example.org` becomes
 * `<stand-in>/registry.example.org`.
 */
export function towardsStandIn(plan: Plan, standIn: string): Plan {
  const steps = plan.steps.map((step) => (isBeyond(step) ? redirected(step, standIn) : step));
  return steps.every((step, at) => step === plan.steps[at]) ? plan : { ...plan, steps };
}

/** Whether a step goes somewhere else than to the cluster. */
export function isBeyond(step: Step): step is PlannedObject {
  return step.step === 'object' && isBeyondCluster(step.manifest.apiVersion);
}

function redirected(step: PlannedObject, standIn: string): PlannedObject {
  const { connection } = step.manifest;
  if (!isObject(connection)) return step;
  const { host } = new URL(textAt(connection, 'url') ?? '');
  const manifest = { ...step.manifest, connection: { ...connection, url: `${standIn}/${host}` } };
  return { ...step, manifest };
}
