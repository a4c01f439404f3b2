import type { ObjectId } from '../plan/model';
import type { ChangeSet } from './change';
import { ranked, type RankedChange } from './risk/rank';

/** A change that promotion makes, and whether it was made before where it is promoted from. */
export interface PromotedChange {
  readonly change: RankedChange;
  /**
   * `tried`: the same change, on the object of the same id, is part of the environment it comes from. `partly`: that object changes there, too, but
   * to something else: what the two folders say differs. `untried`: nothing there changes like it.
   */
  readonly tried: 'tried' | 'partly' | 'untried';
}

/** What a promotion does. */
export interface Promotion {
  readonly changes: readonly PromotedChange[];
  /** Changes of the environment it comes from that do not arrive: objects and fields that only that one has. */
  readonly left: readonly ObjectId[];
}

/** Compares what the same commits change in two environments: everything else that differs between them is what their folders say. */
export function promotionOf(from: ChangeSet, to: ChangeSet): Promotion {
  const there = new Map(from.changes.map((change) => [change.id, change]));
  const deeds = new Set(from.changes.flatMap(deedsOf));
  const arrived = new Set(to.changes.map(({ id }) => id));
  return {
    changes: ranked(to).map((change) => ({
      change,
      tried: !there.has(change.id)
        ? 'untried'
        : deedsOf(change).every((deed) => deeds.has(deed))
          ? 'tried'
          : 'partly',
    })),
    left: from.changes.flatMap(({ id }) => (arrived.has(id) ? [] : [id])),
  };
}

/** What a change does, apart from where: the fields it sets and to what. An object made anew is compared as a whole. */
function deedsOf({ id, operation, fields, after }: ChangeSet['changes'][number]): string[] {
  if (operation === 'update' || operation === 'replace') {
    return fields.map(({ path, kind, after: value }) =>
      JSON.stringify([id, operation, kind, path, value]),
    );
  }
  const { metadata: _labels, ...content } = after?.manifest ?? { metadata: undefined };
  return [JSON.stringify([id, operation, content])];
}
