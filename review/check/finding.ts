import type { FindingSeverity } from '../../constructs/kit/findings';
import type { ObjectId, PlannedObject } from '../../plan/model';

/** How much a finding weighs: an error fails the check, a warning is to be read, a note is to be known. */
export type Severity = FindingSeverity | 'note';

/** Something that a reviewer should know about an environment before it is deployed. */
export interface CheckFinding {
  /** The rule it breaks, the same for all findings of its sort: `port/closed`. */
  readonly rule: string;
  readonly severity: Severity;
  /** The object it is about; undefined when it is about the environment as a whole. */
  readonly object: ObjectId | undefined;
  /** Path of the construct. */
  readonly path: string;
  /** `file:line` of the calls that made it, innermost first; empty when sources were not traced. */
  readonly source: readonly string[];
  /** What is wrong, with the values found, as a sentence. */
  readonly reason: string;
  /** What to do about it, as a sentence. */
  readonly fix: string;
}

/** What a rule says about one object. */
export type Verdict = Pick<CheckFinding, 'rule' | 'severity' | 'reason' | 'fix'>;

/** The finding of a rule about an object of the plan. */
export function findingAbout(object: PlannedObject, verdict: Verdict): CheckFinding {
  return { ...verdict, object: object.id, path: object.path, source: object.source };
}

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Errors first, then by rule and object, so that two runs print the same. */
export function byWeight(a: CheckFinding, b: CheckFinding): number {
  const weight = WEIGHT[a.severity] - WEIGHT[b.severity];
  return weight === 0 ? compare(keyOf(a), keyOf(b)) : weight;
}

function keyOf({ rule, object, path, reason }: CheckFinding): string {
  return [rule, object ?? path, reason].join('\n');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
