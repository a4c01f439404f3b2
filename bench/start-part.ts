import type { Bench } from './bench';
import { measure } from './measure';
import { CHECKOUT } from './workspace';

/** `npm start` on a home of its own, twice. The toolchain is at hand: bringing it is no matter of speed. */
export async function startPart(bench: Bench): Promise<void> {
  const { workspace } = bench;
  workspace.writeEnvironment('dev', [
    `export { environment } from '${CHECKOUT}/environments/dev/index';`,
  ]);
  workspace.expectControlPlane('dev');
  try {
    for (const what of ['npm start, first', 'npm start, again']) {
      const task = bench.report.begin(what);
      const command = {
        file: 'npm',
        args: ['start', '--silent'],
        cwd: CHECKOUT,
        env: workspace.variables,
      };
      const { seconds, cpuSeconds, load } = await measure(command, bench.signal);
      task.done(what);
      const figure = { part: 'start', what, tool: 'beamline', load } as const;
      bench.record({ ...figure, value: seconds, unit: 's', cpuSeconds });
    }
  } catch (error) {
    bench.problem(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await workspace.deleteControlPlane('dev');
  }
}
