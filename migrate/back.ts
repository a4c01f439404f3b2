import { handOver, mountProblems, removeArrival } from './arrival';
import { claimRef, uidOf } from './cluster';
import { shortly, type MigrationContext } from './context';
import { endTasks } from './copying';
import type { Ledger } from './ledger';
import { closeLine } from './line';
import { copyName } from './names';
import { isDone, type BackStep, type MigrationRecord } from './record';
import { startAll, type Action } from './steps';
import { stopWorkload, untilUnused } from './stopping';
import { renewTemplates } from './templates';
import { keepVolume, letGo, rebind, unbind } from './volumes';

/**
 * What each step of a way back does. Before the swap it ends the copy and starts what was stopped. After it, the old volume
 * takes its place again as it was at the swap; the new one, with whatever was written since, is kept until it is released.
 */
export const BACK_ACTIONS: Readonly<Record<BackStep, Action>> = {
  'turned-back': () => Promise.resolve({}),
  'copies-ended': async (context, ledger) => {
    await endTasks(context, ledger);
    if (context.destination !== undefined)
      await closeLine(context, context.destination, ledger.record);
    return {};
  },
  halted: halt,
  'old-unbound': freeTheName,
  'old-rebound': restore,
  'templates-restored': (context, ledger) =>
    context.destination === undefined
      ? renewTemplates(context, ledger, 'from')
      : Promise.resolve({}),
  restarted: startAll,
};

/** Whether the swap may have begun, so that claims may be gone or others than they were. */
function hasSwapped(record: MigrationRecord): boolean {
  return isDone(record, 'verified');
}

async function halt(
  context: MigrationContext,
  { record }: Ledger,
): Promise<Partial<MigrationRecord>> {
  if (!hasSwapped(record)) return {};
  const { namespace, claim, workloads } = record;
  const { destination } = context;
  if (destination !== undefined) {
    const mounting = await mountProblems(destination, namespace, claim);
    if (mounting.length > 0)
      throw new Error(
        `claim '${namespace}/${claim}' cannot go back now, two would write:\n  - ${mounting.join('\n  - ')}`,
      );
    return {};
  }
  for (const workload of workloads) await stopWorkload(context.cluster, namespace, workload);
  await untilUnused(context.cluster, namespace, claim, shortly(context));
  return {};
}

async function freeTheName(
  context: MigrationContext,
  ledger: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { cluster, destination } = context;
  const { record } = ledger;
  const { namespace, claim, source, target } = record;
  if (destination !== undefined) {
    if (hasSwapped(record) && target !== undefined) {
      await handOver(destination, record);
      return { kept: [...record.kept.filter(({ name }) => name !== target.name), target] };
    }
    await removeArrival(destination, record);
    return {};
  }
  const patience = shortly(context);
  if (!hasSwapped(record) || target === undefined) {
    const copy = await cluster.get(claimRef(namespace, copyName(claim)));
    // Its volume goes as its class says: it has nothing that the claim has not.
    if (copy !== undefined) await cluster.remove(claimRef(namespace, copyName(claim)), uidOf(copy));
    return {};
  }
  for (const volume of [source.name, target.name])
    await keepVolume(cluster, volume, namespace, claim);
  ledger.assertHeld();
  await unbind(cluster, claimRef(namespace, copyName(claim)), target.name, patience);
  ledger.assertHeld();
  await unbind(cluster, claimRef(namespace, claim), target.name, patience);
  return { kept: [...record.kept.filter(({ name }) => name !== target.name), target] };
}

async function restore(
  context: MigrationContext,
  { record }: Ledger,
): Promise<Partial<MigrationRecord>> {
  if (!hasSwapped(record)) return {};
  const { namespace, claim, source, from } = record;
  if (context.destination !== undefined) {
    await letGo(context.cluster, source);
    return {};
  }
  // Where the swap had not come to delete it, this finds the old claim as it was.
  const binding = { namespace, claim, remains: record, className: from, volume: source.name };
  await rebind(context.cluster, binding, shortly(context));
  await letGo(context.cluster, source);
  return {};
}
