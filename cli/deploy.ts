import { down as removeAll, refresh as readAll } from '../deploy/down';
import { countsOf } from '../deploy/preview';
import { up as deployAll } from '../deploy/up';
import { notApproved } from '../review/report/approval';
import { reportOf } from '../review/report/report';
import { changesAgainstState } from './against-state';
import { summaryLine } from './print-changes';
import type { VerbContext } from './run-verb';
import { withSession } from './session';
import { POLICY_PACK } from './variables';

interface JsonOption {
  readonly json?: boolean;
}

interface UpOptions extends JsonOption {
  /**
   * Fingerprint of the preview that was approved.
   *
   * @default - whatever there is to do is done
   */
  readonly expect?: string;
}

/** `beamline up`. With an approval: that very deployment, or none. */
export async function up(
  name: string,
  { json, expect }: UpOptions,
  context: VerbContext,
): Promise<number> {
  // Said early and at length; the policies say it again once the state is locked.
  if (expect !== undefined) await refuseUnapproved(name, expect, context);
  return withSession(name, context, async (session) => {
    const approval =
      expect === undefined ? {} : { approval: { fingerprint: expect, policyPack: POLICY_PACK } };
    const { comparison, deployed } = await deployAll({ ...session, ...approval });
    const counts = countsOf(comparison.changes.objects);
    say(
      json,
      { environment: name, deployed, counts: Object.fromEntries(counts) },
      deployed
        ? summaryLine(name, counts)
        : `${name}: nothing to do, ${comparison.changes.objects.length} objects are as planned`,
    );
    return 0;
  });
}

async function refuseUnapproved(
  name: string,
  approved: string,
  context: VerbContext,
): Promise<void> {
  const { fingerprint, changes } = reportOf((await changesAgainstState(name, {}, context)).set);
  if (changes.length > 0 && fingerprint !== approved)
    throw new Error(notApproved(fingerprint, approved));
}

/** `beamline down`. */
export function down(name: string, { json }: JsonOption, context: VerbContext): Promise<number> {
  return withSession(name, context, async (session) => {
    const removed = await removeAll(session);
    say(
      json,
      { environment: name, removed },
      removed === 0 ? `${name}: nothing was deployed` : `${name}: ${removed} objects removed`,
    );
    return 0;
  });
}

/** `beamline refresh`. */
export function refresh(name: string, { json }: JsonOption, context: VerbContext): Promise<number> {
  return withSession(name, context, async (session) => {
    await readAll(session);
    say(
      json,
      { environment: name },
      `${name}: the state is what the cluster has; 'beamline preview ${name}' shows what differs from the plan`,
    );
    return 0;
  });
}

function say(json: boolean | undefined, result: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(result)}\n` : `${text}\n`);
}
