import { accessOf } from '../deploy/cluster';
import { loadEnvironment } from '../environments/load';
import type { VerbContext } from './run-verb';
import { engineOf } from './session';

/** `beamline env`: shell commands that set what plain `pulumi` and `kubectl` need. Holds paths, never a secret. */
export async function variables(
  name: string,
  _options: object,
  context: VerbContext,
): Promise<number> {
  const environment = loadEnvironment(name);
  const engine = await engineOf(environment, context);
  const { kubeconfig } = await accessOf(environment);
  const all = {
    ...engine.variables(),
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
  };
  for (const [variable, value] of Object.entries(all)) {
    process.stdout.write(`export ${variable}='${value.replaceAll("'", "'\\''")}'\n`);
  }
  return 0;
}
