import pc from 'picocolors';

import type { Sifted } from '../review/check/accepted';
import type { CheckFinding, Severity } from '../review/check/finding';

const COLOUR: Readonly<Record<Severity, (text: string) => string>> = {
  error: pc.red,
  warning: pc.yellow,
  note: pc.dim,
};

/** The findings for a terminal, the worst first, and what they come to. Notes are counted unless they are asked for. */
export function printCheck(environment: string, sifted: Sifted, notes: boolean): string {
  const shown = sifted.findings.filter(({ severity }) => notes || severity !== 'note');
  const accepted = sifted.accepted.map(
    ({ finding, by }) =>
      `${pc.dim('accepted')} ${finding.rule}  ${subjectOf(finding)}\n    until ${by.until}: ${by.reason}\n`,
  );
  return [...shown.map(paragraph), ...accepted, summary(environment, sifted, notes)].join('\n');
}

function paragraph(finding: CheckFinding): string {
  const { severity, rule, reason, fix, source } = finding;
  const lines = [
    `${COLOUR[severity](severity)} ${pc.bold(rule)}  ${subjectOf(finding)}`,
    `    ${reason}`,
    `    ${pc.dim('fix:')} ${fix}`,
    ...(source.length === 0 ? [] : [pc.dim(`    at ${source.join(' < ')}`)]),
  ];
  return `${lines.join('\n')}\n`;
}

function subjectOf({ object, path }: CheckFinding): string {
  return object ?? path;
}

function summary(environment: string, { findings, accepted }: Sifted, notes: boolean): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const hidden = notes || count('note') === 0 ? '' : " ('--notes' lists them)";
  const [errors, warnings] = [count('error'), count('warning')];
  const words = `${errors} errors, ${warnings} warnings, ${accepted.length} accepted, ${count('note')} notes${hidden}`;
  const next = `It judges what is written down. What the last change does, to immutable fields above all, needs what was before: beamline preview ${environment} --base <git ref>`;
  return `${environment}: ${errors === 0 ? pc.green(words) : pc.red(words)}\n${pc.dim(next)}\n`;
}
