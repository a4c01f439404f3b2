import { changesBetween, type FieldChange } from '../../plan/difference/compare';
import { forcesNew } from '../../plan/difference/force-new';
import { normalForm } from '../../plan/difference/normal-form';
import { covers, pathSegments } from '../../plan/difference/property-path';
import type { Moved, ObjectId } from '../../plan/model';
import type { Change, ChangeSet, ReviewedObject, Side } from '../change';
import { maskedFields, maskedSide, type Hidden } from '../mask';

/** Two sides to compare, and what is known about them. */
export interface Sides {
  readonly environment: string;
  readonly comparedWith: string;
  readonly before: Side;
  readonly after: Side;
  readonly moved: readonly Moved[];
  readonly notes: readonly string[];
  readonly hidden: Hidden;
}

/** Compares two sides object by object, as the engine would compare the later one with a state that records the earlier. */
export function changesOfSides(sides: Sides): ChangeSet {
  const { before, after, ...rest } = sides;
  const former = new Map(sides.moved.map(({ from, to }) => [to, from]));
  const found = new Set<ObjectId>();
  const verdicts: Verdict[] = [];
  for (const [id, now] of after) {
    const earlier = before.has(id) ? id : former.get(id);
    const was = earlier === undefined ? undefined : before.get(earlier);
    if (was === undefined) verdicts.push({ id, operation: 'create', fields: [] });
    else {
      found.add(was.id);
      verdicts.push(...verdictOn(was, now));
    }
  }
  for (const [id, was] of before) {
    if (found.has(id)) continue;
    const operation = was.lifecycle.retainOnDelete ? 'retain' : 'delete';
    verdicts.push({ id, operation, fields: [] });
  }
  return changeSet({ ...rest, before, after }, verdicts);
}

/** What happens to an object, its fields with secrets in clear. */
export type Verdict = Pick<Change, 'id' | 'operation' | 'fields' | 'refusal'>;

/** A change set of verdicts that somebody else came to: secrets masked, losses of protection added. */
export function changeSet(sides: Sides, verdicts: readonly Verdict[]): ChangeSet {
  const { environment, comparedWith, notes, hidden } = sides;
  const former = new Map(sides.moved.map(({ from, to }) => [to, from]));
  const [before, after] = [maskedSide(sides.before, hidden), maskedSide(sides.after, hidden)];
  const changes = verdicts.map((verdict): Change => {
    const { id } = verdict;
    const was = before.get(id) ?? before.get(former.get(id) ?? id);
    const now = after.get(id);
    const gone = verdict.operation === 'delete' || verdict.operation === 'retain';
    return {
      ...verdict,
      fields: maskedFields(
        verdict.fields,
        [sides.before.get(was?.id ?? id), sides.after.get(id)],
        hidden,
      ),
      ...(was === undefined || verdict.operation === 'create' ? {} : { before: was }),
      ...(now === undefined || gone ? {} : { after: now }),
    };
  });
  const moved = new Map(sides.moved.map(({ from, to }) => [from, to]));
  return { environment, comparedWith, notes, before, after, changes, moved };
}

function verdictOn(was: ReviewedObject, now: ReviewedObject): Verdict[] {
  const ignored = now.lifecycle.ignoreChanges.map(pathSegments);
  const fields = changesBetween(normalForm(was.manifest), normalForm(now.manifest)).filter(
    ({ path }) => !ignored.some((pattern) => covers(pattern, path)),
  );
  const all = [...fields, ...lifecycleFields(was, now)];
  if (all.length === 0) return [];
  const replaced = fields.some(({ path }) => forcesNew(now, path));
  return [{ id: now.id, operation: replaced ? 'replace' : 'update', fields: all }];
}

/** The path under which a change of protection is shown: it is no field of the object. */
export const LIFECYCLE = '(lifecycle)';

/** Protection and retention live beside the object. Losing them is what makes the next removal final. */
export function lifecycleFields(was: ReviewedObject, now: ReviewedObject): FieldChange[] {
  return (['protect', 'retainOnDelete'] as const).flatMap((field) => {
    const [before, after] = [was.lifecycle[field], now.lifecycle[field]];
    return before === after
      ? []
      : [{ path: [LIFECYCLE, field], kind: 'change' as const, before, after, empty: false }];
  });
}
