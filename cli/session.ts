import { dirname } from 'node:path';

import { openCluster } from '../deploy/cluster';
import { Engine } from '../deploy/engine';
import type { Session } from '../deploy/up';
import type { Environment } from '../environments/environment';
import { loadEnvironment, planEnvironment } from '../environments/load';
import type { Plan } from '../plan/model';
import { ensureTools } from '../sandbox/toolchain/ensure-tools';
import { ensureUpstream } from '../upstream/fetch';
import type { VerbContext } from './run-verb';

/** An environment with its plan. */
export interface Planned {
  readonly environment: Environment;
  readonly plan: Plan;
}

/** Loads and plans an environment, fetching the upstream files it needs. */
export async function planned(name: string, { report }: VerbContext): Promise<Planned> {
  const environment = loadEnvironment(name);
  const plan = await planEnvironment(environment, (pin) => ensureUpstream(pin, report));
  return { environment, plan };
}

/** The engine of an environment, with the programs it runs. */
export async function engineOf(environment: Environment, { report }: VerbContext): Promise<Engine> {
  const tools = await ensureTools(
    ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-kubernetes'],
    { report },
  );
  return new Engine(environment, {
    pulumi: tools.pulumi,
    pluginFolders: [
      dirname(tools['pulumi-language-nodejs']),
      dirname(tools['pulumi-resource-kubernetes']),
    ],
  });
}

/** Everything a command on a reached cluster works with, for as long as `use` runs. */
export async function withSession<T>(
  name: string,
  context: VerbContext,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  const { environment, plan } = await planned(name, context);
  // The guard comes before anything else is read or written.
  const cluster = await openCluster(environment);
  try {
    const engine = await engineOf(environment, context);
    return await use({ environment, plan, cluster, engine, ...context });
  } finally {
    await cluster.api.close();
  }
}
