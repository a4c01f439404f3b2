import { dirname } from 'node:path';

import { openCluster, type GuardedCluster } from '../deploy/cluster';
import { Engine } from '../deploy/engine';
import type { Session } from '../deploy/up';
import type { Environment } from '../environments/environment';
import { loadEnvironment, planEnvironment } from '../environments/load';
import { objectsOf, type Plan, type PlannedObject } from '../plan/model';
import { deployedPart, splitPlan } from '../plan/split';
import { ensureTools } from '../sandbox/toolchain/ensure-tools';
import { ensureUpstream } from '../upstream/fetch';
import type { VerbContext } from './run-verb';

/** An environment with its plan. */
export interface Planned {
  readonly environment: Environment;
  readonly plan: Plan;
}

/** Loads and plans an environment, fetching the upstream files it needs. */
export async function planned(name: string, context: VerbContext): Promise<Planned> {
  const environment = loadEnvironment(name);
  return { environment, plan: await planOfLoaded(environment, context) };
}

function planOfLoaded(environment: Environment, { report }: VerbContext): Promise<Plan> {
  return planEnvironment(environment, (pin) => ensureUpstream(pin, report));
}

/** An environment, with what of its plan is deployed, its engine and its cluster. */
export interface Prepared extends Planned {
  /** What the admin of the cluster has to have applied before; none where the whole plan is deployed. */
  readonly granted: readonly PlannedObject[];
  readonly engine: Engine;
  /**
   * The cluster, reached and found to be the right one.
   *
   * @default - it is not asked
   */
  readonly cluster?: GuardedCluster;
}

/** Plans an environment while its state is read and, unless `offline`, its cluster is reached: each takes about as long. */
export async function prepared(
  name: string,
  offline: boolean,
  context: VerbContext,
): Promise<Prepared> {
  const environment = loadEnvironment(name);
  const engine = await engineOf(environment, context);
  engine.readStateEarly();
  const [planning, reaching] = await Promise.allSettled([
    planOfLoaded(environment, context),
    offline ? undefined : openCluster(environment),
  ]);
  const cluster = reaching.status === 'fulfilled' ? reaching.value : undefined;
  if (planning.status === 'rejected') {
    await cluster?.api.close();
    throw planning.reason;
  }
  if (reaching.status === 'rejected') throw reaching.reason;
  const plan = deployedPart(planning.value, environment.rights);
  const granted =
    environment.rights === 'cluster-admin' ? [] : splitPlan(objectsOf(planning.value)).admin;
  return { environment, plan, granted, engine, ...(cluster && { cluster }) };
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
  const { cluster, ...rest } = await prepared(name, false, context);
  if (cluster === undefined) throw new Error(`environment '${name}' has no cluster to work on`);
  try {
    return await use({ ...rest, cluster, ...context });
  } finally {
    await cluster.api.close();
  }
}
