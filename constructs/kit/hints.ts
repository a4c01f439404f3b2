import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/**
 * What a construct knows about one of its objects and the plan cannot read off the manifest.
 * The plan merges it over the defaults of the object's kind (`plan/lifecycle.ts`).
 */
export interface ObjectHints {
  /**
   * Refuse to delete or replace the object until the environment says otherwise.
   *
   * @default - true for kinds that hold data, in environments that keep their data
   */
  readonly protect?: boolean;

  /**
   * Keep the object in the cluster when it leaves the plan.
   *
   * @default - true for kinds whose deletion deletes data, in environments that keep their data
   */
  readonly retainOnDelete?: boolean;

  /**
   * Property paths whose differences are left to whoever else writes them, for example
   * `spec.replicas` of a Deployment that an autoscaler owns.
   *
   * @default - the fields that the cluster is known to write for the kind
   */
  readonly ignoreChanges?: readonly string[];

  /**
   * When the object counts as ready.
   *
   * @default - what ready means for the kind; kinds without a notion of it are ready once they exist
   */
  readonly ready?: ReadyWhen;

  /**
   * Ids of objects that the manifest names and somebody else makes, for example a Secret that an operator writes.
   *
   * @default []
   */
  readonly external?: readonly string[];

  /**
   * The pinned upstream file that the object comes from. Its text stays out of goldens and reports.
   *
   * @default - the object is our own
   */
  readonly upstream?: UpstreamSource;
}

/** When an object counts as ready. */
export type ReadyWhen =
  /** As soon as the API server has it. */
  | { readonly kind: 'exists' }
  /** Rolled out, run to its end or given an address, for the built-in kinds that know of such a thing; else as it exists. */
  | { readonly kind: 'rollout' }
  /** `status.conditions[type=<type>].status` is `True`. */
  | { readonly kind: 'condition'; readonly type: string }
  /** Every field that `path` finds has this value. `path` is JSONPath as RFC 9535 has it, with the leading `$.` left out. */
  | { readonly kind: 'field'; readonly path: string; readonly value: string };

/** Which pinned upstream file an object was read from. */
export interface UpstreamSource {
  readonly name: string;
  readonly version: string;
}

const attached = new WeakMap<IConstruct, ObjectHints>();

/** Attaches hints to an object. Later hints win over earlier ones, field by field. */
export function hint(object: ApiObject, hints: ObjectHints): void {
  attached.set(object, { ...attached.get(object), ...hints });
}

/** The hints attached to an object, merged. */
export function hintsOf(object: IConstruct): ObjectHints {
  return attached.get(object) ?? {};
}
