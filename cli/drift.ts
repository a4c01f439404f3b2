import pc from 'picocolors';

import { compare, isOfAnotherCluster } from '../deploy/deployment';
import { liveObjects } from '../deploy/live';
import { lifecycleOf } from '../plan/lifecycle';
import type { PlannedObject } from '../plan/model';
import { driftOf, type Drift } from '../review/drift';
import { pathText, short, visible } from '../review/report/words';
import { sideOfPlan } from '../review/sources/side';
import { hiddenOf, sideOfState } from './change-set';
import type { VerbContext } from './run-verb';
import { withSession } from './session';

/** `beamline drift`: what somebody changed since the last deployment, and who; exit code 2 if anything. */
export function drift(
  name: string,
  { json }: { readonly json?: boolean },
  context: VerbContext,
): Promise<number> {
  return withSession(name, context, async ({ environment, plan, engine, cluster }) => {
    const comparison = await compare(environment, plan, engine);
    if (!comparison.recorded)
      throw new Error(`'${name}' was never deployed, so there is nothing to drift from`);
    if (isOfAnotherCluster(comparison.state, cluster))
      throw new Error(`the state of '${name}' is that of another cluster than the one found`);
    const recorded = sideOfState(comparison.state);
    const asked = [...recorded.values()].map(({ id, group, manifest }): PlannedObject => ({
      step: 'object',
      ...{ id, group, manifest, path: id, dependsOn: [] },
      ...{ source: [], exceptions: [] },
      lifecycle: lifecycleOf(manifest, {}, environment.data),
      ready: { kind: 'exists' },
    }));
    const live = await liveObjects(cluster.api, asked, 'everything');
    const found = driftOf({
      environment: name,
      recorded,
      live,
      planned: sideOfPlan(plan),
      hidden: hiddenOf(plan, comparison),
    });
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ environment: name, objects: recorded.size, drift: found }, null, 2)}\n`
        : `${text(name, recorded.size, found)}\n`,
    );
    return found.length === 0 ? 0 : 2;
  });
}

function text(name: string, objects: number, found: readonly Drift[]): string {
  if (found.length === 0) return `${name}: ${objects} objects are as they were deployed`;
  const lines = found.flatMap(({ id, what, path, fields, repair, adopt }) => [
    `${pc.yellow(what === 'gone' ? '-' : '~')} ${visible(id)} ${what}${path === undefined ? '' : pc.dim(` (${path})`)}`,
    ...fields.map(({ path: at, before, after, writers }) => {
      const [last] = writers;
      const who = last === undefined ? '' : ` by ${visible(last.manager)}, ${last.time}`;
      return `    ${visible(pathText(at))}: ${short(before)} → ${short(after)}${pc.dim(who)}`;
    }),
    `    repair: ${repair}`,
    `    adopt: ${adopt}`,
  ]);
  return [...lines, '', `${name}: ${found.length} of ${objects} objects drifted`].join('\n');
}
