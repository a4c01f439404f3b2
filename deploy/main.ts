// Not the package as a whole: its automation and function serialization take as long to load as all that is used here.
import { RunError } from '@pulumi/pulumi/errors';
import { getStack } from '@pulumi/pulumi/runtime/settings';

import { loadEnvironment, planEnvironment } from '../environments/load';
import { deployedPart } from '../plan/split';
import { ensureUpstream } from '../upstream/fetch';
import { openCluster } from './cluster';
import { refuseForeignObjects } from './ownership';
import { runProgram } from './run-program';

/** What plain `pulumi up -s <environment>` runs. `beamline up` runs the same program in its own process (`language-host.ts`). */
export = async function main(): Promise<void> {
  try {
    await deploy();
  } catch (error) {
    const failure = new RunError(error instanceof Error ? error.message : String(error));
    // With a stack, Pulumi has Node format it, which never ends on the paths that the SDK's source maps give
    // (`markNodeModules` of Node 20 takes '@pulumi/resource.ts' for a package without an end): half a minute, then it gives up.
    failure.stack = '';
    throw failure;
  }
};

async function deploy(): Promise<void> {
  const environment = loadEnvironment(getStack());
  const plan = deployedPart(await planEnvironment(environment, ensureUpstream), environment.rights);
  const cluster = await openCluster(environment);
  try {
    await refuseForeignObjects(cluster.api, plan, environment.adopt, new Set());
    await runProgram({ environment, plan, cluster });
  } finally {
    await cluster.api.close();
  }
}
