import { statSync } from 'node:fs';
import { join } from 'node:path';

import { environmentNames } from '../environments/load';
import type { Bench } from './bench';
import { fastestOf, type Taken } from './measure';
import { PER_NAMESPACE } from './fleet';
import { CHECKOUT } from './workspace';

const TIMES = 3;
const OBJECTS = 1_000;

/** What is done, by the names under which it stands in the results. */
export const REVIEW = {
  offline: (environment: string) => `preview --offline of ${environment}`,
  slowest: 'preview --offline of the slowest environment',
  thousand: 'preview --offline of 1,000 new objects',
  report: 'HTML report of 1,000 changes',
} as const;

/** Previews without a cluster: of every environment of the checkout, and of a thousand objects, as text and as a report. */
export async function reviewPart(bench: Bench): Promise<void> {
  const slowest = { seconds: 0 };
  for (const name of environmentNames()) {
    // What a site deployed from this checkout is none of the bench's business: every object is new.
    const { PULUMI_BACKEND_URL } = bench.workspace.variables;
    const taken = await preview(bench, name, [], { PULUMI_BACKEND_URL: PULUMI_BACKEND_URL ?? '' });
    if (taken === undefined) return;
    record(bench, REVIEW.offline(name), taken);
    slowest.seconds = Math.max(slowest.seconds, taken.seconds);
  }
  const common = { part: 'review', tool: 'beamline', load: 0 } as const;
  bench.record({ ...common, what: REVIEW.slowest, value: slowest.seconds, unit: 's' });

  bench.workspace.writeFleet(OBJECTS / PER_NAMESPACE, 0);
  const text = await preview(bench, 'fleet', [], bench.workspace.variables);
  if (text !== undefined) record(bench, REVIEW.thousand, text);
  const file = join(bench.workspace.folder, 'report.html');
  const html = ['--format', 'html', '--out', file];
  const report = await preview(bench, 'fleet', html, bench.workspace.variables);
  if (report === undefined) return;
  record(bench, `${REVIEW.report}, made`, report);
  const megabytes = statSync(file).size / 1e6;
  bench.record({ ...common, what: REVIEW.report, value: megabytes, unit: 'MB' });
}

async function preview(
  bench: Bench,
  name: string,
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Taken | undefined> {
  const task = bench.report.begin(`preview of ${name}`);
  const program = join(CHECKOUT, 'cli', 'beamline.cjs');
  const args = [program, 'preview', name, '--offline', ...flags];
  try {
    const command = { file: process.execPath, args, cwd: CHECKOUT, env, good: [0, 2, 3] };
    const taken = await fastestOf(TIMES, command, bench.signal);
    task.done(`preview of ${name}`);
    return taken;
  } catch (error) {
    task.failed(`preview of ${name}`);
    bench.problem(`preview of ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function record(bench: Bench, what: string, { seconds, cpuSeconds, load }: Taken): void {
  const figure = { part: 'review', what, tool: 'beamline', load } as const;
  bench.record({ ...figure, value: seconds, unit: 's', cpuSeconds });
}
