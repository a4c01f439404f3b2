import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { deleteControlPlane, startControlPlane } from '../sandbox/control-plane/control-plane';
import { HubPostgres } from '../tests/constructs/notebooks/real/hub-postgres';
import { RunningSite } from '../tests/constructs/notebooks/real/running-site';
import { PARTS, type PartName } from '../tests/parts/parts';
import type { Bench } from './bench';
import { fastestOf } from './measure';
import { crowdOf } from './notebooks-crowd';
import { newPeople, recordShares, type Measured } from './notebooks-people';
import { FACILITY, RUNNING } from './notebooks-words';
import type { BenchOptions, Database } from './options';
import { CHECKOUT } from './workspace';

/** People who come one after the other. */
const ALONE = 20;
const TIMES = 3;
/** Room for everybody: a node takes 110 pods. */
const NODES = [{ name: 'worker', count: 12, cpu: 64, memoryGiB: 256 }];
const QUOTA = { cpu: 700, memoryGiB: 700, pods: 700, storageGiB: 10_000, claims: 700 };

/** The notebooks as the stacks render them: how long people wait, and what hub and proxy need for a crowd. */
export async function notebooksPart(bench: Bench, options: BenchOptions): Promise<void> {
  // Who asks for a share of the hub's cores wants to see that.
  if (options.hubCores === undefined) await facility(bench);
  for (const database of options.databases) {
    if (bench.signal.aborted) return;
    await withSite(bench, database, async (site) => {
      const measured = { bench, site, database };
      await alone(measured);
      if (!bench.signal.aborted) await crowdOf(measured, options);
    });
  }
}

/** A site on a control plane of its own. */
async function withSite(
  bench: Bench,
  database: Database,
  run: (site: RunningSite) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'beamline-bench-notebooks-'));
  const kubeconfig = join(directory, 'kubeconfig');
  const place = join(directory, 'control-plane');
  const stops: (() => Promise<void> | undefined)[] = [() => deleteControlPlane(place)];
  try {
    const spec = { name: 'notebooks', kubernetesVersion: '1.34', nodes: NODES };
    await startControlPlane({ ...spec, directory: place, kubeconfig }, bench.report);
    // Where the tests' sites look for their cluster.
    process.env['BEAMLINE_TEST_KUBECONFIG'] = kubeconfig;
    const ensure = (name: PartName): Promise<string> => PARTS[name].ensure(bench.report);
    const parts = {
      jupyterhub: await ensure('jupyterhub'),
      dex: await ensure('dex'),
      slapd: await ensure('slapd'),
      openssl: await ensure('openssl'),
    };
    const server =
      database === 'sqlite'
        ? undefined
        : new HubPostgres(await ensure('postgresql'), parts.openssl, 'durable');
    stops.push(() => server?.clear());
    await server?.make();
    const site = await RunningSite.start(parts, {
      play: 'crowd',
      quota: QUOTA,
      ...server?.forHub(),
    });
    stops.push(() => site.stop());
    await run(site);
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What an operator waits for: the whole facility as YAML, and its preview without a cluster. */
async function facility(bench: Bench): Promise<void> {
  const { PULUMI_BACKEND_URL = '' } = bench.workspace.variables;
  for (const args of [
    ['render', FACILITY],
    ['preview', FACILITY, '--offline'],
  ]) {
    const what = args.join(' ');
    const task = bench.report.begin(what);
    const command = {
      file: process.execPath,
      args: [join(CHECKOUT, 'cli', 'beamline.cjs'), ...args],
      cwd: CHECKOUT,
      env: { PULUMI_BACKEND_URL },
      good: [0, 2, 3],
    };
    const { seconds, cpuSeconds, load } = await fastestOf(TIMES, command, bench.signal);
    task.done(what);
    const figure = { part: 'notebooks', what, tool: 'beamline', load, cpuSeconds } as const;
    bench.record({ ...figure, value: seconds, unit: 's' });
  }
}

/** From the first page to a pod that runs, when nobody else is there. */
async function alone({ bench, site, database }: Measured): Promise<void> {
  const task = bench.report.begin(`${ALONE} people, one after the other`);
  const load = loadavg()[0] ?? 0;
  const waited: number[] = [];
  const names = Array.from({ length: ALONE }, (_, at) => `early${at}`);
  for (const visitor of await newPeople(site, names)) {
    if (bench.signal.aborted) break;
    const begun = Date.now();
    await visitor.login();
    await visitor.start('guest');
    await visitor.open();
    const running = (await site.crowd.seen()).get(`session-${visitor.user}`) ?? Number.NaN;
    waited.push(running - begun);
    visitor.leave();
  }
  task.done(`${ALONE} people, one after the other`);
  recordShares(bench, { what: RUNNING, tool: database, load }, waited);
}
