import { loadEnvironment } from '../environments/load';
import type { ChangeSet } from '../review/change';
import { changesOfSides } from '../review/sources/between';
import { sideOfPlan } from '../review/sources/side';
import { baseOf } from './base';
import type { VerbContext } from './run-verb';
import { planned } from './session';

/** What changes in an environment between a git ref and the files as they are. */
export async function changesAgainst(
  name: string,
  ref: string,
  context: VerbContext,
): Promise<ChangeSet> {
  const { data } = loadEnvironment(name);
  const [{ plan }, base] = await Promise.all([planned(name, context), baseOf(name, ref, data)]);
  return changesOfSides({
    environment: name,
    comparedWith: `git ref ${ref}`,
    before: base.side,
    after: sideOfPlan(plan),
    moved: plan.moved,
    notes: base.notes,
    hidden: new Set(),
  });
}
