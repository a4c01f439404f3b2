import type { ObjectId } from '../../plan/model';
import type { Change, ChangeSet } from '../change';
import { World } from './world';

/** What a rule may look at beside the change itself. */
export interface Context {
  readonly before: World;
  readonly after: World;
  readonly changes: ReadonlyMap<ObjectId, Change>;
}

/** Both sides of a change set, indexed once. */
export function contextOf({ before, after, changes }: ChangeSet): Context {
  return {
    before: new World(before),
    after: new World(after),
    changes: new Map(changes.map((change) => [change.id, change])),
  };
}
