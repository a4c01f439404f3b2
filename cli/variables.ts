import { dirname, join } from 'node:path';

import { accessOf } from '../deploy/cluster';
import { loadEnvironment } from '../environments/load';
import { ensureTools } from '../sandbox/toolchain/ensure-tools';
import type { VerbContext } from './run-verb';
import { engineOf } from './session';

/** The folder that plain pulumi takes as `--policy-pack`. */
export const POLICY_PACK = join(__dirname, 'policy-pack');

/** `beamline env`: shell commands that set what plain `pulumi` and `kubectl` need. Holds paths, never a secret. */
export async function variables(
  name: string,
  _options: object,
  context: VerbContext,
): Promise<number> {
  const environment = loadEnvironment(name);
  const engine = await engineOf(environment, context);
  const { kubeconfig } = await accessOf(environment);
  const { kubectl } = await ensureTools(['kubectl'], context);
  const forPulumi = engine.variables();
  const all = {
    ...forPulumi,
    // Last, so that a kubectl of the user's own goes first.
    PATH: `${forPulumi['PATH'] ?? ''}:${dirname(kubectl)}`,
    // As `--policy-pack` would, so that plain `pulumi up` keeps the rules of the project.
    PULUMI_OPTION_POLICY_PACK: POLICY_PACK,
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  for (const [variable, value] of Object.entries(all)) {
    process.stdout.write(`export ${variable}='${value.replaceAll("'", "'\\''")}'\n`);
  }
  return 0;
}
