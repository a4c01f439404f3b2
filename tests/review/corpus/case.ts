import { groupOf, objectIdOf } from '../../../plan/object-id';
import { lifecycleOf, type DataPolicy } from '../../../plan/lifecycle';
import type { Manifest } from '../../../plan/model';
import type { ChangeSet, Side } from '../../../review/change';
import { changesOfSides } from '../../../review/sources/between';

/** A change of a few objects, with what surrounds them. */
export interface Case {
  /** What somebody does, as they would say it. */
  readonly name: string;
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
}

/** One side of a case. Nothing is protected or retained unless `data` says so. */
export function sideOf(manifests: readonly Manifest[], data: DataPolicy = 'disposable'): Side {
  return new Map(
    manifests.map((manifest) => {
      const id = objectIdOf(manifest);
      return [
        id,
        {
          id,
          group: groupOf(manifest.apiVersion),
          manifest,
          lifecycle: lifecycleOf(manifest, {}, data),
        },
      ];
    }),
  );
}

/** The change set of a case. */
export function changesOfCase(
  { before, after }: Pick<Case, 'before' | 'after'>,
  data: DataPolicy = 'disposable',
): ChangeSet {
  return changesOfSides({
    environment: 'corpus',
    comparedWith: 'the fixtures',
    before: sideOf(before, data),
    after: sideOf(after, data),
    moved: [],
    notes: [],
    hidden: new Set(),
  });
}

/** A case from what is around, what was, and what will be. */
export function change(
  name: string,
  before: readonly Manifest[],
  after: readonly Manifest[],
  around: readonly Manifest[] = [],
): Case {
  return { name, before: [...around, ...before], after: [...around, ...after] };
}
