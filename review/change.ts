import type { FieldChange } from '../plan/difference/compare';
import type { Manifest, ObjectId, PlannedObject } from '../plan/model';
import type { JsonObject } from '../plan/model';

/** What happens to an object. `retain` leaves the plan and stays in the cluster. */
export type Operation = 'create' | 'update' | 'replace' | 'delete' | 'retain';

/** An object on one side of a comparison, with no secret in clear. */
export interface ReviewedObject extends Pick<
  PlannedObject,
  'id' | 'group' | 'manifest' | 'lifecycle'
> {
  /**
   * Path of the construct that makes it.
   *
   * @default - not known: the state does not record it
   */
  readonly path?: string;
  /**
   * Where the environment's code makes it: `environments/dev/index.ts:18`.
   *
   * @default - not known
   */
  readonly source?: string;
  /**
   * What the cluster last said of it.
   *
   * @default - the cluster was never asked
   */
  readonly status?: JsonObject;
  /**
   * Ids of the steps it waits for.
   *
   * @default []
   */
  readonly dependsOn?: readonly string[];
}

/** All objects of one side, by id. */
export type Side = ReadonlyMap<ObjectId, ReviewedObject>;

/** What happens to one object. */
export interface Change {
  readonly id: ObjectId;
  readonly operation: Operation;
  /** The fields that differ, secrets masked. Empty for what is made or removed. */
  readonly fields: readonly FieldChange[];
  /**
   * The object as it is.
   *
   * @default - it is new
   */
  readonly before?: ReviewedObject;
  /**
   * The object as it will be.
   *
   * @default - it goes
   */
  readonly after?: ReviewedObject;
  /**
   * Why the API server would refuse the change, in its words.
   *
   * @default - it would not, or it was not asked
   */
  readonly refusal?: string;
}

/** Everything that one deployment would do to an environment: the one model that is ranked and printed. */
export interface ChangeSet {
  readonly environment: string;
  /** What the plan is compared with, for people: `the deployed state`, `git ref main`. */
  readonly comparedWith: string;
  readonly before: Side;
  readonly after: Side;
  readonly changes: readonly Change[];
  /** Ids that were renamed, from the old to the new one. */
  readonly moved: ReadonlyMap<ObjectId, ObjectId>;
  /** What a reader must know about the comparison itself: a base that does not compile, a cluster that was not asked. */
  readonly notes: readonly string[];
}

/** The object that a change is about: as it will be, or as it was. */
export function subjectOf({ before, after, id }: Change): ReviewedObject {
  const subject = after ?? before;
  if (subject === undefined) throw new Error(`the change of '${id}' has neither side`);
  return subject;
}

/** The manifest that a change is about. */
export function manifestOf(change: Change): Manifest {
  return subjectOf(change).manifest;
}
