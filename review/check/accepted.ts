import type { CheckFinding } from './finding';

/** A finding that the site knows of and lives with until a day. */
export interface AcceptedFinding {
  /** The finding's rule: `selector/matches-nothing`. */
  readonly rule: string;
  /** The object's id, or the construct's path for a finding that is about no object. */
  readonly object: string;
  /** Why the site lives with it, for the reviewer. */
  readonly reason: string;
  /** Last day on which it is accepted: `2027-01-31`. */
  readonly until: string;
}

/** What is left of the findings, and what was accepted. */
export interface Sifted {
  readonly findings: readonly CheckFinding[];
  readonly accepted: readonly { readonly finding: CheckFinding; readonly by: AcceptedFinding }[];
}

/**
 * Takes out what the site accepts on that day. An acceptance that is past its day or fits nothing is a finding itself, so
 * that the list never holds more than it must.
 */
export function sift(
  findings: readonly CheckFinding[],
  acceptances: readonly AcceptedFinding[],
  today: string,
): Sifted {
  const left: CheckFinding[] = [];
  const accepted: { finding: CheckFinding; by: AcceptedFinding }[] = [];
  const fitting = new Set<AcceptedFinding>();
  for (const finding of findings) {
    const by = acceptances.find((one) => fits(one, finding));
    if (by !== undefined) fitting.add(by);
    if (by === undefined || by.until < today) left.push(finding);
    else accepted.push({ finding, by });
  }
  return {
    findings: [
      ...left,
      ...acceptances.flatMap((one) => aboutAcceptance(one, fitting.has(one), today)),
    ],
    accepted,
  };
}

function fits({ rule, object }: AcceptedFinding, finding: CheckFinding): boolean {
  return rule === finding.rule && object === (finding.object ?? finding.path);
}

function aboutAcceptance(one: AcceptedFinding, fits: boolean, today: string): CheckFinding[] {
  const where = { object: undefined, path: one.object, source: [] };
  if (!fits) {
    return [
      {
        ...where,
        rule: 'accepted/unused',
        severity: 'warning',
        reason: `the environment accepts '${one.rule}' of '${one.object}', and there is no such finding`,
        fix: 'Remove the entry from accepted.',
      },
    ];
  }
  if (one.until >= today) return [];
  return [
    {
      ...where,
      rule: 'accepted/expired',
      severity: 'error',
      reason: `'${one.rule}' of '${one.object}' was accepted until ${one.until} ("${one.reason}")`,
      fix: 'Mend what was found, or agree on a later day.',
    },
  ];
}
