import { objectsOf, type Plan } from '../../plan/model';
import { admissionOf } from '../admission/plan/admission-of';
import { byWeight, findingAbout, type CheckFinding } from './finding';
import { workloadsOf } from './pods';
import { api } from './rules/api';
import { conflicts } from './rules/conflicts';
import { limits } from './rules/limits';
import { needs } from './rules/needs';
import { ports } from './rules/ports';
import { quota } from './rules/quota';
import { rights } from './rules/rights';
import { selectors } from './rules/selectors';
import { validity } from './rules/validity';
import type { Schemas } from './schemas/schemas';

/** Judges a plan without a cluster: every finding of every rule, the worst first. */
export function findingsOf(plan: Plan, schemas: Schemas): CheckFinding[] {
  const workloads = workloadsOf(plan);
  return [
    ...api(plan, schemas),
    ...validity(plan),
    ...selectors(plan, workloads),
    ...ports(plan, workloads),
    ...rights(plan, workloads),
    ...needs(plan, workloads),
    ...quota(plan, workloads),
    ...limits(plan, workloads),
    ...conflicts(plan, workloads),
    ...admissionOf(plan).findings,
    ...declared(plan),
    ...departures(plan),
  ].sort(byWeight);
}

/** What constructs found about their own declarations. */
function declared(plan: Plan): CheckFinding[] {
  return plan.findings.map((finding) => ({ ...finding, object: finding.object }));
}

/** Departures from the house rules, each with the reason that the construct gives. */
function departures(plan: Plan): CheckFinding[] {
  return objectsOf(plan).flatMap((object) =>
    object.exceptions.map(({ rule, container, reason }) =>
      findingAbout(object, {
        rule: `house/${rule}`,
        severity: 'note',
        reason: container === undefined ? reason : `container '${container}': ${reason}`,
        fix: 'Nothing, if the reason holds.',
      }),
    ),
  );
}
