import { isObject } from '../plan/json';
import type { ObjectId, Plan, PlannedObject } from '../plan/model';
import { isObjectType } from '../plan/object-type';
import { formerUrns } from './aliases';
import { withEngineAnnotations } from './engine-annotations';
import { changesBetween, pruned, type FieldChange } from '../plan/difference/compare';
import { forcesNew } from '../plan/difference/force-new';
import { nameIn, registrationOf, STASH_TYPE, urnOf } from './identity';
import { normalForm } from '../plan/difference/normal-form';
import { covers, pathSegments, takenFrom } from '../plan/difference/property-path';
import { isKept, secretsOfPlan, stashName } from './secrets';
import type { RecordedResource, RecordedState } from './state';
import { withSecrets, type SecretLookup } from './values';

/** What a deployment would do to one object. */
export type Operation = 'create' | 'update' | 'replace' | 'delete' | 'retain' | 'same';

/** What a deployment would do to one object, and why. */
export interface ObjectChange {
  readonly id: ObjectId;
  readonly operation: Operation;
  /** The fields that differ, secrets in clear: never print them as they are. Empty for objects made or removed. */
  readonly fields: readonly FieldChange[];
  /**
   * The object as planned.
   *
   * @default - it leaves the plan
   */
  readonly planned?: PlannedObject;
  /**
   * The object as the state records it.
   *
   * @default - it is new
   */
  readonly recorded?: RecordedResource;
}

/** What a deployment would do. */
export interface Changes {
  readonly objects: readonly ObjectChange[];
  /** Whether the engine has something to write down even if no object changes: an order, a protection, an internal resource. */
  readonly bookkeeping: boolean;
}

/**
 * Compares a plan with the recorded state, as the engine would with the provider's help, without either.
 * Nothing is sent anywhere.
 */
export function changesOf(plan: Plan, state: RecordedState, valueOf: SecretLookup): Changes {
  const stack = plan.environment;
  const found = new Map<string, string>();
  const objects: ObjectChange[] = [];
  let bookkeeping = false;
  for (const step of plan.steps) {
    const { type, name } = registrationOf(step);
    const urn = urnOf(stack, type, name);
    const candidates =
      step.step === 'object' ? [urn, ...formerUrns(stack, step, plan.moved)] : [urn];
    const known = candidates.find((candidate) => state.resources.has(candidate));
    const recorded = known === undefined ? undefined : state.resources.get(known);
    if (known !== undefined) found.set(known, urn);
    if (step.step === 'object') objects.push(changeOf(step, recorded, valueOf));
    if (recorded === undefined || known !== urn) bookkeeping = true;
    else if (step.step === 'object' && step.lifecycle.protect !== recorded.protect)
      bookkeeping = true;
    else if (step.step === 'object' && step.lifecycle.retainOnDelete !== recorded.retainOnDelete)
      bookkeeping = true;
    else if (!sameOrder(step.dependsOn, recorded)) bookkeeping = true;
  }
  for (const value of secretsOfPlan(plan)) {
    if (!isKept(value)) continue;
    const urn = urnOf(stack, STASH_TYPE, stashName(value));
    if (state.resources.has(urn)) found.set(urn, urn);
    else bookkeeping = true;
  }
  for (const [urn, recorded] of state.resources) {
    if (found.has(urn)) continue;
    if (recorded.type === STASH_TYPE) bookkeeping = true;
    if (!isObjectType(recorded.type)) continue;
    objects.push({
      id: nameIn(urn),
      operation: recorded.retainOnDelete ? 'retain' : 'delete',
      fields: [],
      recorded,
    });
  }
  return { objects, bookkeeping };
}

function changeOf(
  planned: PlannedObject,
  recorded: RecordedResource | undefined,
  valueOf: SecretLookup,
): ObjectChange {
  const { id } = planned;
  if (recorded === undefined) return { id, operation: 'create', fields: [], planned };
  const ignored = planned.lifecycle.ignoreChanges.map(pathSegments);
  const wanted = ignored.reduce(
    (manifest, pattern) => takenFrom(manifest, recorded.inputs, pattern),
    withSecrets(withEngineAnnotations(planned), valueOf),
  );
  const inputs = recorded.outputs['__inputs'];
  const before = pruned(
    normalForm(recorded.outputs),
    normalForm(isObject(inputs) ? inputs : recorded.inputs),
  );
  const fields = changesBetween(before, normalForm(wanted)).filter(
    ({ path }) => !ignored.some((pattern) => covers(pattern, path)),
  );
  const operation =
    fields.length === 0
      ? 'same'
      : fields.some(({ path }) => forcesNew(planned, path))
        ? 'replace'
        : 'update';
  return { id, operation, fields, planned, recorded };
}

function sameOrder(dependsOn: readonly string[], recorded: RecordedResource): boolean {
  const names = new Set(recorded.dependencies.map(nameIn));
  return names.size === dependsOn.length && dependsOn.every((id) => names.has(id));
}
