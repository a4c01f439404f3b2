import { traceSources } from '../constructs/kit/source';
import type { Judgement, Violation } from '../deploy/policies';
import { objectsOf } from '../plan/model';
import type { CheckFinding } from '../review/check/finding';
import { maskedText, type Hidden } from '../review/mask';
import { notApproved } from '../review/report/approval';
import { reportOf } from '../review/report/report';
import type { ReportedChange } from '../review/report/schema';
import { changesAgainstState } from './against-state';
import { judged } from './judged';
import type { VerbContext } from './run-verb';

/**
 * What `beamline check` and `beamline preview` say of an environment, as violations of the policy pack. The preview that has the `approved`
 * fingerprint may do what it does; where one is named, no other may do anything.
 */
export async function judgementOf(
  name: string,
  approved: string | undefined,
  context: VerbContext,
): Promise<Judgement> {
  traceSources();
  const { environment, plan, set, hidden } = await changesAgainstState(name, {}, context);
  const { findings } = await judged({ environment, plan }, false, context);
  const { fingerprint, changes } = reportOf(set);
  const violations = [
    ...findings.flatMap((finding) => ofFinding(finding, hidden)),
    ...ofApproval(changes.length, fingerprint, approved),
    ...changes.flatMap(ofRefusal),
    ...changes.flatMap((change) => ofRisks(change, fingerprint, approved)),
  ];
  return { planned: new Set(objectsOf(plan).map(({ id }) => id)), violations };
}

function ofFinding(finding: CheckFinding, hidden: Hidden): Violation[] {
  const { severity, rule, object, path, source, reason, fix } = finding;
  if (severity === 'note') return [];
  const text = [
    `${rule}: ${object ?? path}: ${reason}`,
    `fix: ${fix}`,
    madeBy(path, source.join(' < ')),
  ].join('\n');
  const policy = severity === 'error' ? 'errors' : 'warnings';
  return [{ policy, object, text: maskedText(text, hidden) }];
}

/** Who names an approval wants that very deployment, or none. */
function ofApproval(
  changes: number,
  fingerprint: string,
  approved: string | undefined,
): Violation[] {
  if (approved === undefined || approved === fingerprint || changes === 0) return [];
  return [{ policy: 'errors', object: undefined, text: notApproved(fingerprint, approved) }];
}

function ofRefusal({ id, operation, refusal, path = id, source }: ReportedChange): Violation[] {
  if (refusal === undefined) return [];
  const text = `change/refused: ${id}: the API server refuses to ${operation} it: ${refusal}\n${madeBy(path, source)}`;
  return [{ policy: 'errors', object: id, text }];
}

function ofRisks(
  { id, operation, severity, risks, path = id, source }: ReportedChange,
  fingerprint: string,
  approved: string | undefined,
): Violation[] {
  if (severity === 'low') return [];
  const stops = severity === 'critical' && approved !== fingerprint;
  const text = [
    `${severity}: ${operation} ${id}`,
    ...risks
      .filter((risk) => risk.severity === severity)
      .flatMap(({ rule, why, lost, instead }) => [
        `${rule}: ${why}`,
        `lost: ${lost}`,
        `instead: ${instead}`,
      ]),
    madeBy(path, source),
    ...(stops ? [`to do it all the same: BEAMLINE_APPROVED=${fingerprint}`] : []),
  ].join('\n');
  return [{ policy: stops ? 'data-loss' : 'risks', object: id, text }];
}

function madeBy(path: string, source = ''): string {
  return `made by ${source === '' ? path : `${path} at ${source}`}`;
}
