import type { Comparison } from '../deploy/deployment';
import { nameIn } from '../deploy/identity';
import type { TriedChange } from '../deploy/preview';
import { secretsOfPlan } from '../deploy/secrets';
import type { RecordedState } from '../deploy/state';
import { isManifest, isObject } from '../plan/json';
import type { Plan } from '../plan/model';
import { groupOf } from '../plan/object-id';
import { isObjectType } from '../plan/object-type';
import type { ChangeSet, ReviewedObject, Side } from '../review/change';
import { changeSet, lifecycleFields } from '../review/sources/between';
import { withoutEngine } from '../review/sources/without-engine';
import { sideOfPlan } from '../review/sources/side';

/** What the comparison with the state came to, in the form that review ranks: with no secret in clear. */
export function changeSetOf(
  plan: Plan,
  comparison: Comparison,
  changes: readonly TriedChange[],
  notes: readonly string[],
): ChangeSet {
  const before = sideOfState(comparison.state);
  const after = sideOfPlan(plan);
  const verdicts = changes.flatMap((change) => {
    const { id, operation, refusal } = change;
    const was = before.get(change.recorded === undefined ? id : nameIn(change.recorded.urn));
    const now = after.get(id);
    const lifted = was === undefined || now === undefined ? [] : lifecycleFields(was, now);
    const fields = [...change.fields, ...lifted.filter(({ after: kept }) => kept === false)];
    if (operation === 'same' && fields.length === 0) return [];
    return [
      {
        id,
        operation: operation === 'same' ? ('update' as const) : operation,
        fields,
        ...(refusal === undefined ? {} : { refusal }),
      },
    ];
  });
  return changeSet(
    {
      environment: plan.environment,
      comparedWith: 'the deployed state',
      before,
      after,
      moved: plan.moved,
      notes,
      hidden: hiddenOf(plan, comparison),
    },
    verdicts,
  );
}

/** The recorded objects of an environment, secrets in clear. Never print them. */
export function sideOfState(state: RecordedState): Side {
  const side = new Map<string, ReviewedObject>();
  for (const { urn, type, inputs, outputs, protect, retainOnDelete } of state.resources.values()) {
    if (!isObjectType(type) || !isManifest(inputs)) continue;
    const id = nameIn(urn);
    const manifest = withoutEngine(inputs);
    const { status } = outputs;
    side.set(id, {
      id,
      group: groupOf(manifest.apiVersion),
      manifest,
      lifecycle: { protect, retainOnDelete, replaceOnChanges: [], ignoreChanges: [] },
      ...(isObject(status) ? { status } : {}),
    });
  }
  return side;
}

/** Words that are marked as secret because they stand in a Secret, and that stand everywhere else, too: `postgres`, `true`, `5432`. */
const PLAIN_WORD = /^([a-z][a-z-]{0,11}|[0-9]{1,5})?$/i;

/** Every value that no report may show: those of the plan's secrets, and what the state marks as secret. */
export function hiddenOf(
  plan: Plan,
  { state, valueOf }: Pick<Comparison, 'state' | 'valueOf'>,
): ReadonlySet<string> {
  const asked = secretsOfPlan(plan).map(valueOf);
  const recorded = [...(state.secrets ?? [])].filter((value) => !PLAIN_WORD.test(value));
  const clear = [...asked, ...recorded].filter((value) => value !== '');
  return new Set([...clear, ...clear.map((value) => Buffer.from(value).toString('base64'))]);
}
