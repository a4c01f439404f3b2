import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadEnvironment, planNow } from '../environments/load';
import { objectsOf, type Manifest } from '../plan/model';
import { renderPlan } from '../plan/render';
import { PER_NAMESPACE } from './fleet';
import { DEED, type FleetTool, type Step } from './fleet-run';
import { beamline, kapp, kubectl, pulumi, type ToolContext } from './fleet-tools';
import { fastestOf, measure, type Taken } from './measure';
import type { BenchOptions, ToolUnderTest } from './options';
import type { Bench } from './bench';

/** Deploys the fleet with every tool, each on a fresh control plane, and measures what was asked for. */
export async function fleetParts(bench: Bench, options: BenchOptions): Promise<void> {
  for (const name of options.tools) {
    try {
      await withTool(bench, options, name);
    } catch (error) {
      bench.problem(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (bench.signal.aborted) return;
  }
}

async function withTool(bench: Bench, options: BenchOptions, name: ToolUnderTest): Promise<void> {
  const { workspace } = bench;
  // Beamline looks for its control plane under the name of its environment.
  const owner = name === 'beamline' ? 'fleet' : name;
  const manifests = writeFleet(bench, options, 0);
  process.env['BEAMLINE_CONTROLLERS'] = options.controllers;
  const kubeconfig = await workspace.startControlPlane(owner);
  try {
    const context = {
      workspace,
      kubeconfig,
      manifests: join(workspace.folder, 'fleet.yaml'),
      report: bench.report,
    };
    await runTool(bench, options, await toolNamed(name, context, manifests));
  } finally {
    Reflect.deleteProperty(process.env, 'BEAMLINE_CONTROLLERS');
    await workspace.deleteControlPlane(owner);
  }
}

function toolNamed(
  name: ToolUnderTest,
  context: ToolContext,
  manifests: readonly object[],
): Promise<FleetTool> {
  switch (name) {
    case 'kubectl':
      return kubectl(context);
    case 'kapp':
      return kapp(context);
    case 'beamline':
      return beamline(context);
    case 'pulumi':
      return pulumi(context, loadEnvironment('fleet'), manifests);
  }
}

async function runTool(bench: Bench, options: BenchOptions, tool: FleetTool): Promise<void> {
  if (tool.before !== undefined) await measure(tool.before, bench.signal);
  // A step that waits for another's work always is done: nothing is measured beside controllers that are still busy.
  const wanted = tool.then.filter(
    ({ part, after }) => options.only.includes(part) || after !== undefined,
  );
  for (const step of [tool.first, ...wanted]) {
    if (bench.signal.aborted) return;
    const task = bench.report.begin(`${tool.name}: ${step.part}, ${step.what}`);
    writeFleet(bench, options, step.changed ?? 0);
    try {
      const taken = await fastestOf(step.times ?? 1, step.command, bench.signal);
      task.done(`${tool.name}: ${step.part}, ${step.what}`);
      record(bench, { tool: tool.name, step, memory: options.only.includes('memory') }, taken);
    } catch (error) {
      task.failed(`${tool.name}: ${step.part}, ${step.what} failed`);
      throw error;
    }
  }
}

function record(
  bench: Bench,
  { tool, step, memory }: { tool: ToolUnderTest; step: Step; memory: boolean },
  { seconds, cpuSeconds, treeMB, programMB, load }: Taken,
): void {
  const before = step.after === undefined ? 0 : (bench.figure(step.part, step.after, tool) ?? 0);
  const { part, what } = step;
  const common = { tool, load };
  bench.record({ ...common, part, what, value: seconds + before, unit: 's', cpuSeconds });
  if (what !== DEED.first || !memory) return;
  bench.record({ ...common, part: 'memory', what: DEED.tree, value: treeMB, unit: 'MB' });
  if (programMB > 0)
    bench.record({ ...common, part: 'memory', what: DEED.program, value: programMB, unit: 'MB' });
}

/** Writes the fleet as an environment and, rendered from its plan, as YAML; answers its manifests. */
function writeFleet({ workspace }: Bench, { objects }: BenchOptions, changed: number): Manifest[] {
  workspace.writeFleet(objects / PER_NAMESPACE, changed);
  const file = join(workspace.environments, 'fleet', 'index.ts');
  Reflect.deleteProperty(require.cache, file); // It was loaded with another number of changes.
  process.env['BEAMLINE_ENVIRONMENTS'] = workspace.environments;
  process.env['BEAMLINE_HOME'] = workspace.home;
  const plan = planNow(loadEnvironment('fleet'));
  writeFileSync(join(workspace.folder, 'fleet.yaml'), renderPlan(plan));
  return objectsOf(plan).map(({ manifest }) => manifest);
}
