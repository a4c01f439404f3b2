import { App } from 'cdk8s';

import { attachTarget, Target } from '../constructs/targets';
import { planOf } from '../plan/plan-of';
import { addFleet } from './fleet';

/**
 * One process of the plan's measurement: `<plan|synth> <namespaces> <layers> <times>`. Prints how many milliseconds each
 * time took, the first one cold, as a JSON list. What is timed never shares a process with what it is compared with.
 */
function main([what, namespaces, layers, times]: readonly string[]): void {
  const target = Target.parse('kubernetes 1.34');
  const app = new App();
  attachTarget(app, target);
  addFleet(app, { namespaces: Number(namespaces), layers: Number(layers), changed: 0 });
  const options = {
    environment: 'fleet',
    target,
    data: 'disposable',
    moved: [],
    provided: [],
  } as const;
  const taken = Array.from({ length: Number(times) }, () => {
    const begun = performance.now();
    if (what === 'synth') app.synthYaml();
    else planOf(app, options);
    return performance.now() - begun;
  });
  process.stdout.write(JSON.stringify(taken));
}

main(process.argv.slice(2));
