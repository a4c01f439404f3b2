import pc from 'picocolors';

import { compare, isOfAnotherCluster } from '../deploy/deployment';
import { liveRecorded } from '../deploy/live-recorded';
import { recordLive } from '../deploy/record-live';
import { up, type Session } from '../deploy/up';
import { traceSources } from '../constructs/kit/source';
import { driftOf, type Drift } from '../review/drift';
import { pathText, short, visible } from '../review/report/words';
import { sideOfPlan } from '../review/sources/side';
import { hiddenOf, sideOfState } from './change-set';
import type { VerbContext } from './run-verb';
import { withSession } from './session';

/** How `beamline drift` prints, and what it does about it. */
interface DriftOptions {
  readonly json?: boolean;
  /**
   * Whether what was changed is put back.
   *
   * @default false
   */
  readonly repair?: boolean;
}

interface Found {
  readonly objects: number;
  readonly drift: readonly Drift[];
  /** Objects that the plan changes, drift or not. */
  readonly pending: number;
}

/** `beamline drift`: what somebody changed since the last deployment, and who; exit code 2 if anything, 0 if it was put back. */
export function drift(
  name: string,
  { json, repair }: DriftOptions,
  context: VerbContext,
): Promise<number> {
  traceSources();
  return withSession(name, context, async (session) => {
    const found = await lookFor(session);
    const { objects, drift: drifted } = found;
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ environment: name, objects, drift: drifted }, null, 2)}\n`
        : `${text(name, found)}\n`,
    );
    if (drifted.length === 0) return 0;
    if (repair !== true) return 2;
    await putBack(session, found);
    if (json !== true) process.stdout.write(`${name}: ${drifted.length} objects put back\n`);
    return 0;
  });
}

async function lookFor({ environment, plan, engine, cluster }: Session): Promise<Found> {
  const { name, data } = environment;
  const comparison = await compare(environment, plan, engine);
  if (!comparison.recorded)
    throw new Error(`'${name}' was never deployed, so there is nothing to drift from`);
  if (isOfAnotherCluster(comparison.state, cluster))
    throw new Error(`the state of '${name}' is that of another cluster than the one found`);
  const recorded = sideOfState(comparison.state);
  const drifted = driftOf({
    environment: name,
    recorded,
    live: await liveRecorded(cluster.api, comparison.state, data),
    planned: sideOfPlan(plan),
    hidden: hiddenOf(plan, comparison),
  });
  const pending = comparison.changes.objects.filter(({ operation }) => operation !== 'same').length;
  return { objects: recorded.size, drift: drifted, pending };
}

/** Puts back what was deployed. Refuses while the plan has changes of its own, which would be deployed with it unseen. */
async function putBack(session: Session, { drift: drifted, pending }: Found): Promise<void> {
  const { name } = session.environment;
  if (pending > 0)
    throw new Error(
      `nothing was put back: ${pending} objects of '${name}' were changed in the environment and not deployed yet, and would be deployed with it; ` +
        `see 'beamline preview ${name}', and deploy, or go back to the commit that was deployed`,
    );
  await recordLive(session, new Set(drifted.map(({ id }) => id)));
  await up(session);
}

function text(name: string, { objects, drift: drifted }: Found): string {
  if (drifted.length === 0) return `${name}: ${objects} objects are as they were deployed`;
  const lines = drifted.flatMap(({ id, what, path, fields, repair, adopt }) => [
    `${pc.yellow(what === 'gone' ? '-' : '~')} ${visible(id)} ${what}${path === undefined ? '' : pc.dim(` (${path})`)}`,
    ...fields.map(({ path: at, before, after, writers }) => {
      return `    ${visible(pathText({ path: at }))}: ${short(before)} → ${short(after)}${pc.dim(whoText(writers))}`;
    }),
    `    repair: ${repair}`,
    `    adopt: ${adopt}`,
  ]);
  return [...lines, '', `${name}: ${drifted.length} of ${objects} objects drifted`].join('\n');
}

/** Who wrote it last; the API server does not say when for some, such as a change of the scale. */
function whoText([last]: Drift['fields'][number]['writers']): string {
  if (last === undefined) return '';
  return [` by ${visible(last.manager)}`, last.time].filter((part) => part !== '').join(', ');
}
