import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import type { Visitor } from '../tests/constructs/notebooks/real/visitor';
import { limitCpu } from './cpu-limit';
import { Liveness } from './notebooks-probe';
import { newPeople, recordShares, type Measured } from './notebooks-people';
import { FAILURES, HUB_MEMORY, LOGIN, OPEN, PROBES, PROXY_MEMORY, START } from './notebooks-words';
import type { BenchOptions } from './options';
import { cpuSecondsOf, residentOf } from './process-tree';

const PER_SECOND = 10;
/** How long the hub is left alone before its memory counts as that at rest. */
const REST_MS = 30_000;

interface Story {
  /** Milliseconds of each thing done. */
  readonly took: { readonly login: number; readonly start: number; readonly open: number };
}

/** People who all come at once, as to a course: each logs in, takes a profile, waits for the session and opens it. */
export async function crowdOf(
  { bench, site, database: tool }: Measured,
  { people, hubCores }: Pick<BenchOptions, 'people' | 'hubCores'>,
): Promise<void> {
  const held = hubCores === undefined ? '' : `, ${hubCores} cores for the hub`;
  const doing = `${people} people, ${PER_SECOND} a second${held}`;
  const names = Array.from({ length: people }, (_, at) => `user${at}`);
  const visitors = await newPeople(site, names);
  const { hub } = site;
  const load = loadavg()[0] ?? 0;
  const memory = (what: string, when: string, value: number): void =>
    bench.record({
      part: 'notebooks',
      tool,
      what: `${what}, ${when}`,
      value,
      unit: 'MB',
      load,
    });
  const both = [
    [HUB_MEMORY, hub.pid],
    [PROXY_MEMORY, hub.proxyPid],
  ] as const;
  for (const [what, pid] of both) memory(what, 'before', residentOf(pid).now);

  const task = bench.report.begin(doing);
  const liveness = new Liveness(site);
  const cpuBefore = cpuSecondsOf(hub.pid);
  const limit = hubCores === undefined ? undefined : limitCpu([hub.pid], hubCores);
  const begun = performance.now();
  const stories: Story[] = [];
  const failures = new Map<string, number>();
  const under = visitors.map(async (visitor, at) => {
    await pause((at * 1000) / PER_SECOND);
    if (bench.signal.aborted) return;
    try {
      stories.push(await story(visitor));
      task.update(`${stories.length} in their session`);
    } catch (error) {
      const reason = String(error).replaceAll(visitor.user, '<user>');
      failures.set(reason, (failures.get(reason) ?? 0) + 1);
    }
  });
  await Promise.all(under);
  const seconds = (performance.now() - begun) / 1000;
  await liveness.stop();
  limit?.release();
  task.done(doing);

  const common = { part: 'notebooks', tool, load } as const;
  const cpuSeconds = cpuSecondsOf(hub.pid) - cpuBefore;
  bench.record({ ...common, what: `${doing}: all in`, value: seconds, unit: 's', cpuSeconds });
  for (const [what, of] of [
    [LOGIN, 'login'],
    [START, 'start'],
    [OPEN, 'open'],
  ] as const)
    recordShares(
      bench,
      { what, tool, load },
      stories.map(({ took }) => took[of]),
    );
  const failed = people - stories.length;
  bench.record({ ...common, what: `${FAILURES}, of ${people}`, value: failed, unit: 'in all' });
  for (const [reason, count] of failures) bench.problem(`${count} of ${people}: ${reason}`);
  if (failed > 0)
    for (const [who, complaints] of [
      ['the hub', hub.complaints()],
      ['sessions', site.crowd.complaints()],
    ] as const)
      for (const line of complaints.slice(0, 5)) bench.problem(`${who}: ${line}`);

  bench.record({ ...common, what: PROBES, value: liveness.longest, unit: 'in all' });
  for (const [what, pid] of both) memory(what, 'highest', residentOf(pid).highest);
  for (const visitor of visitors) visitor.leave();
  await pause(REST_MS);
  for (const [what, pid] of both) memory(what, 'at rest', residentOf(pid).now);
}

async function story(visitor: Visitor): Promise<Story> {
  const times = [performance.now()];
  for (const step of [() => visitor.login(), () => visitor.start('guest'), () => visitor.open()]) {
    await step();
    times.push(performance.now());
  }
  const [begun = 0, inside = 0, ready = 0, seen = 0] = times;
  return { took: { login: inside - begun, start: ready - inside, open: seen - ready } };
}
