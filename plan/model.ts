import type { Exception } from '../constructs/kit/exceptions';
import type { PlacedPods } from '../constructs/kit/expected-pods';
import type { Finding } from '../constructs/kit/findings';
import type { ReadyWhen, UpstreamSource } from '../constructs/kit/hints';
import type { Target } from '../constructs/targets';

/** Any value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. A missing field and an undefined one are the same. */
export interface JsonObject {
  readonly [field: string]: Json | undefined;
}

/** A Kubernetes object as it is sent to the API server. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace?: string };
}

/**
 * `<namespace|_>/<kind>.<group>/<name>` in lower case, without `.<group>` for the core group.
 * Made from what the object is, never from where the code makes it, so that moving code moves nothing else.
 */
export type ObjectId = string;

/** How an object may be changed and removed. */
export interface Lifecycle {
  /** Deleting or replacing it is refused. */
  readonly protect: boolean;
  /** It stays in the cluster when it leaves the plan. */
  readonly retainOnDelete: boolean;
  /** Property paths that only a new object can change, beside those the provider knows. */
  readonly replaceOnChanges: readonly string[];
  /** Property paths whose differences are left alone. */
  readonly ignoreChanges: readonly string[];
}

/** One object of a plan. */
export interface PlannedObject {
  readonly step: 'object';
  readonly id: ObjectId;
  readonly group: string;
  readonly manifest: Manifest;
  /** Path of the construct that made it, for people. */
  readonly path: string;
  /** The ids of the steps that must be done and ready before. Transitively reduced, sorted. */
  readonly dependsOn: readonly string[];
  readonly lifecycle: Lifecycle;
  readonly ready: ReadyWhen;
  /**
   * The pinned upstream file it was read from.
   *
   * @default - it is our own
   */
  readonly upstream?: UpstreamSource;
  /** The house rules that it departs from, with the reasons. */
  readonly exceptions: readonly Exception[];
  /** `file:line` of the calls that made it, innermost first; empty unless sources are traced. */
  readonly source: readonly string[];
}

/** A point that a whole subtree must reach before the steps behind it begin. */
export interface Barrier {
  readonly step: 'barrier';
  /** `barrier/<construct path>`. */
  readonly id: string;
  readonly dependsOn: readonly string[];
}

export type Step = PlannedObject | Barrier;

/** A rename: what was deployed as `from` is now `to`, and stays the same object. */
export interface Moved {
  readonly from: ObjectId;
  readonly to: ObjectId;
}

/** The ordered objects of an environment. */
export interface Plan {
  readonly environment: string;
  readonly target: Target;
  /** Topological order: a step stands behind everything it depends on. The same for every construction order. */
  readonly steps: readonly Step[];
  readonly moved: readonly Moved[];
  /** What constructs found about their own declarations. */
  readonly findings: readonly PlannedFinding[];
  /** Pods that programs in the cluster will make, as the constructs say that run these programs. */
  readonly expected: readonly PlannedPods[];
}

/** Pods to come, and the construct that says so. */
export interface PlannedPods extends PlacedPods {
  /** Path of the construct. */
  readonly path: string;
}

/** A finding of a construct, and where it stands. */
export interface PlannedFinding extends Finding {
  /** Path of the construct. */
  readonly path: string;
  /**
   * The object it is about.
   *
   * @default - the construct as a whole
   */
  readonly object?: ObjectId;
  /** `file:line` of the calls that made it, innermost first; empty unless sources are traced. */
  readonly source: readonly string[];
}

/** The objects of a plan in apply order. */
export function objectsOf(plan: Plan): PlannedObject[] {
  return plan.steps.filter((step) => step.step === 'object');
}
