import { readUpstream } from '../constructs/kit/upstream';
import { isObject } from '../plan/json';
import { objectsOf, type Plan } from '../plan/model';
import { sift, type Sifted } from '../review/check/accepted';
import { capacityFindings } from '../review/capacity/findings';
import { findingsOf } from '../review/check/check';
import { byWeight } from '../review/check/finding';
import { images } from '../review/check/rules/images';
import { schemaPin } from '../review/check/schemas/pins';
import { Schemas } from '../review/check/schemas/schemas';
import { definitionsOf } from '../sandbox/apis/definitions';
import { ensureUpstream } from '../upstream/fetch';
import { capacityIn } from './pools';
import type { VerbContext } from './run-verb';
import type { Planned } from './session';

/** What is found in an environment without a cluster, and what of it the environment accepts today. */
export async function judged(
  { plan, environment }: Planned,
  locked: boolean,
  context: VerbContext,
): Promise<Sifted> {
  const today = new Date().toISOString().slice(0, 10);
  const all = [
    ...findingsOf(plan, await schemasFor(plan, context)),
    ...capacityFindings(plan, capacityIn({ plan, environment })),
    ...images(plan, environment.mirror, locked ? 'error' : 'warning'),
  ].sort(byWeight);
  return sift(all, environment.accepted, today);
}

/** The schemas of the target's own version, of what its flavour brings and of what the plan defines. */
async function schemasFor(plan: Plan, { report }: VerbContext): Promise<Schemas> {
  const pin = schemaPin(plan.target.kubernetesMinor);
  await ensureUpstream(pin, report);
  const given: unknown[] = await definitionsOf(plan.target.flavour, report);
  const planned = objectsOf(plan)
    .map(({ manifest }) => manifest)
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
  return new Schemas(readUpstream(pin), [...planned, ...given.filter(isObject)]);
}
