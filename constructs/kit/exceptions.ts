import type { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

/** A house rule for rendered objects, as `design.md` has them. */
export type HouseRule =
  | 'readiness-probe'
  | 'liveness-probe'
  | 'non-root'
  | 'privilege-escalation'
  | 'capabilities'
  | 'seccomp'
  | 'read-only-root'
  | 'host-access'
  | 'cluster-role'
  | 'secret-access'
  | 'network-policy'
  | 'disruption-budget';

/** One house rule that an object does not follow, and why. Review lists them. */
export interface Exception {
  readonly rule: HouseRule;
  /**
   * The container it is about.
   *
   * @default - the whole object
   */
  readonly container?: string;
  /** Why, as a sentence for the reviewer. */
  readonly reason: string;
}

/** Stands where a rule asks for something that there is a reason to leave out. */
export interface Exempt {
  readonly exempt: string;
}

const recorded = new WeakMap<IConstruct, readonly Exception[]>();

/** Records that an object departs from a house rule. */
export function exempt(object: ApiObject, exception: Exception): void {
  recorded.set(object, [...(recorded.get(object) ?? []), exception]);
}

/** The departures of an object, in the order they were recorded. */
export function exceptionsOf(object: IConstruct): readonly Exception[] {
  return recorded.get(object) ?? [];
}
