import type { IConstruct } from 'constructs';

import { markSource } from './source';

/** How bad a finding is: an error stops `beamline check`, a warning does not. */
export type FindingSeverity = 'error' | 'warning';

/** Something a construct sees about its own declaration that is allowed, and that a reviewer should know. */
export interface Finding {
  /** What rule it breaks, the same for all findings of its sort: `storage/over-committed`. */
  readonly rule: string;
  readonly severity: FindingSeverity;
  /** What is wrong, with the values given, as a sentence. */
  readonly reason: string;
  /** What to do about it, as a sentence. */
  readonly fix: string;
}

const recorded = new WeakMap<IConstruct, readonly Finding[]>();

/** Records a finding about a construct or one of its objects. `beamline check` lists it with the construct's path. */
export function find(construct: IConstruct, finding: Finding): void {
  recorded.set(construct, [...(recorded.get(construct) ?? []), finding]);
  markSource(construct);
}

/** The findings about a construct, in the order they were recorded. */
export function findingsOf(construct: IConstruct): readonly Finding[] {
  return recorded.get(construct) ?? [];
}
