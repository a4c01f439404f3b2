import { z } from 'zod';

import type { Environment } from '../environments/environment';
import { isRehearsal, standInFor } from '../environments/rehearsal';
import { type Plan } from '../plan/model';
import type { GuardedCluster } from './cluster';
import { changesOf, type Changes } from './changes';
import type { Engine } from './engine';
import { PROJECT, STASH_TYPE, urnOf } from './identity';
import {
  isKept,
  lookupIn,
  missingSettings,
  secretsOfPlan,
  stashName,
  type SourceSecret,
} from './secrets';
import type { SecretLookup } from './values';
import { parseState, recordedProvider, type RecordedState } from './state';

const NO_STATE: RecordedState = { resources: new Map(), pending: [] };
const settingsOutput = z.record(z.string(), z.object({ value: z.string().optional() }));

/** An environment's plan beside what its state records. */
export interface Comparison {
  readonly changes: Changes;
  readonly state: RecordedState;
  /** Whether this environment was ever deployed. */
  readonly recorded: boolean;
  /** The values of the plan's secrets, in clear, for this process only. */
  readonly valueOf: SecretLookup;
  /** Generated secrets that the next deployment has to make. */
  readonly newSecrets: readonly string[];
}

/** Compares the plan with the recorded state. Asks neither the engine's own preview nor the cluster. */
export async function compare(
  environment: Environment,
  plan: Plan,
  engine: Engine,
): Promise<Comparison> {
  const exported = await engine.exportState();
  const state = exported === undefined ? NO_STATE : parseState(exported);
  const wanted = secretsOfPlan(plan);
  const values = new Map<string, string>();
  const newSecrets: string[] = [];
  for (const value of wanted) {
    if (!isKept(value)) continue;
    const urn = urnOf(environment.name, STASH_TYPE, stashName(value));
    const kept = state.resources.get(urn)?.outputs['output'];
    if (typeof kept !== 'string') newSecrets.push(urn);
    values.set(
      JSON.stringify(value),
      typeof kept === 'string' ? kept : '(made at the first deployment)',
    );
  }
  const settings = exported === undefined ? undefined : () => engine.settings();
  await addSettings(environment.name, wanted, values, settings);
  const valueOf = lookupIn(values);
  return {
    changes: changesOf(plan, state, valueOf),
    state,
    recorded: exported !== undefined,
    valueOf,
    newSecrets,
  };
}

async function addSettings(
  environment: string,
  wanted: readonly SourceSecret[],
  values: Map<string, string>,
  /** Reads the encrypted settings; none where there is no state yet. */
  readSettings: (() => Promise<string>) | undefined,
): Promise<void> {
  const keys = wanted.flatMap((value) => (value.from === 'config' ? [value] : []));
  if (keys.length === 0) return;
  // Settings are kept with the state: without one there is nothing to read yet, and nothing to set them in.
  if (isRehearsal() || readSettings === undefined) {
    for (const value of keys) values.set(JSON.stringify(value), standInFor(value.key));
    return;
  }
  const settings = settingsOutput.parse(JSON.parse(await readSettings()));
  const missing: string[] = [];
  for (const value of keys) {
    const found = settings[`${PROJECT}:${value.key}`]?.value;
    if (found === undefined) missing.push(value.key);
    else values.set(JSON.stringify(value), found);
  }
  if (missing.length > 0) throw new Error(missingSettings(environment, missing));
}

/** Whether the state tells of a cluster other than the one found: an embedded control plane that was deleted and made anew. */
export function isOfAnotherCluster(state: RecordedState, cluster: GuardedCluster): boolean {
  const recorded = recordedProvider(state)?.inputs['clusterIdentifier'];
  return recorded !== undefined && recorded !== cluster.clusterId;
}
