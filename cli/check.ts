import { traceSources } from '../constructs/kit/source';
import { readUpstream } from '../constructs/kit/upstream';
import { isObject } from '../plan/json';
import { objectsOf, type Plan } from '../plan/model';
import { sift } from '../review/check/accepted';
import { findingsOf } from '../review/check/check';
import { byWeight } from '../review/check/finding';
import { images } from '../review/check/rules/images';
import { schemaPin } from '../review/check/schemas/pins';
import { Schemas } from '../review/check/schemas/schemas';
import { definitionsOf } from '../sandbox/apis/definitions';
import { ensureUpstream } from '../upstream/fetch';
import { printCheck } from './print-check';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** How `beamline check` prints. */
export interface CheckOptions {
  /** @default false */
  readonly json?: boolean;
  /** @default false */
  readonly notes?: boolean;
  /**
   * Whether an image without a digest is an error.
   *
   * @default false
   */
  readonly locked?: boolean;
}

/** `beamline check`: judges an environment without a cluster. Exit code 1 when it has errors. */
export async function check(
  name: string,
  { json, notes, locked }: CheckOptions,
  context: VerbContext,
): Promise<number> {
  traceSources();
  const { plan, environment } = await planned(name, context);
  const today = new Date().toISOString().slice(0, 10);
  const all = [
    ...findingsOf(plan, await schemasFor(plan, context)),
    ...images(plan, environment.mirror, locked === true ? 'error' : 'warning'),
  ].sort(byWeight);
  const sifted = sift(all, environment.accepted, today);
  if (json === true) {
    const { findings, accepted } = sifted;
    process.stdout.write(`${JSON.stringify({ environment: name, findings, accepted }, null, 2)}\n`);
  } else {
    process.stdout.write(printCheck(name, sifted, notes === true));
  }
  return sifted.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
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
