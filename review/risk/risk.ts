import type { Change } from '../change';
import type { Context } from './context';

/** How bad the worst that a change can do is, the worst first. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/**
 * `critical`: data is gone for good. `high`: data, access or service is at stake, or the deployment fails half-way.
 * `medium`: something is noticed. `low`: nothing is.
 */
export type Severity = (typeof SEVERITIES)[number];

/** One thing that a change can do. */
export interface Risk {
  /** The same for all risks of its sort: `claim-deleted`. */
  readonly rule: string;
  readonly severity: Severity;
  /** What happens and why, as a sentence. */
  readonly why: string;
  /** What is lost. */
  readonly lost: string;
  /** What to do instead, or before. */
  readonly instead: string;
}

/** Judges one change in the light of everything around it. */
export type Rule = (change: Change, context: Context) => readonly Risk[];

/** Whether one severity is at least as bad as another. */
export function atLeast(severity: Severity, other: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(other);
}

/** The worst of some risks, `low` of none. */
export function worst(risks: readonly { readonly severity: Severity }[]): Severity {
  return SEVERITIES.find((severity) => risks.some((risk) => risk.severity === severity)) ?? 'low';
}
