import { CONSENT, GRANTED_UNTIL } from '../../../constructs/kit/leave';
import { textAt } from '../../../plan/json';
import { manifestOf } from '../../change';
import type { Risk, Rule } from '../risk';

/** Leave that a remote team has, and consents by which somebody may more than `restricted`: given, changed, taken back. */
export const grants: Rule = (change) => {
  const was = annotationsIn(change.before?.manifest);
  const will = annotationsIn(change.after?.manifest);
  const { kind, metadata } = manifestOf(change);
  const where = `'${metadata.name}'${metadata.namespace === undefined ? '' : ` in '${metadata.namespace}'`}`;
  return [
    ...leave(where, was.until, will.until),
    ...consent(`${kind} ${where}`, was.consent, will.consent),
  ];
};

interface Annotations {
  readonly until?: string | undefined;
  readonly consent?: string | undefined;
}

function annotationsIn(manifest: Parameters<typeof textAt>[0]): Annotations {
  return {
    until: textAt(manifest, 'metadata', 'annotations', GRANTED_UNTIL),
    consent: textAt(manifest, 'metadata', 'annotations', CONSENT),
  };
}

function leave(team: string, was: string | undefined, will: string | undefined): Risk[] {
  if (was === will) return [];
  if (will === undefined) {
    return [
      {
        rule: 'grant-revoked',
        severity: 'medium',
        why: `the leave of team ${team}, until ${was ?? ''}, is taken back: every token that was handed out is void at once`,
        lost: 'what the team runs there, with the namespace',
        instead: 'tell the team before; to end it later, set its last day',
      },
    ];
  }
  const longer = was === undefined || will > was;
  return [
    {
      rule: was === undefined ? 'grant-given' : longer ? 'grant-extended' : 'grant-shortened',
      severity: longer ? 'medium' : 'low',
      why: `team ${team} may run its service until ${will}${was === undefined ? '' : `, before until ${was}`}`,
      lost: longer ? 'nothing; somebody outside gets access' : 'nothing before that day',
      instead: longer ? 'make sure that the days, images and ports are what was agreed' : 'nothing',
    },
  ];
}

function consent(of: string, was: string | undefined, will: string | undefined): Risk[] {
  if (was === will || will === undefined) return [];
  return [
    {
      rule: 'consent-given',
      severity: 'medium',
      why: `${of} may more than restricted: ${will}`,
      lost: 'the limits that hold every other pod',
      instead: 'make sure that whoever agreed is who may',
    },
  ];
}
