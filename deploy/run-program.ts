import { info } from '@pulumi/pulumi/log';
import { isDryRun } from '@pulumi/pulumi/runtime/settings';

import type { Environment } from '../environments/environment';
import type { Plan } from '../plan/model';
import type { GuardedCluster } from './cluster';
import { secretLookup } from './kept-secrets';
import { registerPlan } from './program';
import { providerSettings } from './provider';
import { READY_LIMIT_MS } from './readiness';

/** What one run of the program deploys. */
export interface ProgramRun {
  readonly environment: Environment;
  readonly plan: Plan;
  readonly cluster: GuardedCluster;
}

/** Tells the engine of a plan, secrets first, and waits until everything is ready. */
export async function runProgram({ environment, plan, cluster }: ProgramRun): Promise<void> {
  await registerPlan({
    plan,
    provider: providerSettings(environment, cluster.access, cluster.clusterId),
    valueOf: await secretLookup(plan),
    ...(isDryRun() ? {} : { api: cluster.api }),
    patience: {
      limitMs: READY_LIMIT_MS,
      progress: (message) => void info(message, undefined, undefined, true),
    },
  });
}
