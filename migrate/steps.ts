import { at } from '../plan/json';
import { arrivalProblems, handOver, makeArrival } from './arrival';
import { claimRef, nameOf } from './cluster';
import { shortly, type MigrationContext } from './context';
import { claimNow, copy, copySide, endTasks, sizeText } from './copying';
import { factsNow } from './inventory';
import type { Ledger } from './ledger';
import { closeLine } from './line';
import { copyName, MIGRATION_LABEL } from './names';
import { placeOf } from './place';
import type { ForwardStep, MigrationRecord, Workload } from './record';
import { bytesOf } from './sizes';
import { startWorkload, stopWorkload, untilUnused } from './stopping';
import { TaskFailed } from './tasks';
import { renewTemplates } from './templates';
import { keepVolume, letGo, rebind, unbind, volumeOf } from './volumes';

/** Makes true what a step says. Whatever it did before it was killed, doing it again completes it. */
export type Action = (
  context: MigrationContext,
  ledger: Ledger,
) => Promise<Partial<MigrationRecord>>;

/** What each step does. Answers what is to be written down together with the step. */
export const ACTIONS: Readonly<Record<ForwardStep, Action>> = {
  recorded: () => Promise.resolve({}),
  surveyed: (context, ledger) => whileInUse(context, ledger, 'survey'),
  'target-made': makeTarget,
  'first-copied': (context, ledger) => whileInUse(context, ledger, 'first-copy'),
  stopped: stopAll,
  'last-copied': (context, ledger) => copy(context, ledger, 'last-copy', {}),
  verified: verify,
  retained: retainBoth,
  unbound: unbindBoth,
  rebound: takeOver,
  'templates-renewed': (context, ledger) => renewTemplates(context, ledger, 'to'),
  started: startAll,
};

/** A task that reads the claim while its workloads write to it; left out where only one pod may mount it. */
async function whileInUse(
  context: MigrationContext,
  ledger: Ledger,
  task: 'survey' | 'first-copy',
): Promise<Partial<MigrationRecord>> {
  const { namespace, claim } = ledger.record;
  const facts = await factsNow(context, namespace, claim);
  refuse(ledger.record, facts.problems);
  if (facts.accessModes.includes('ReadWriteOncePod') && facts.pods.length > 0) return {};
  return copy(context, ledger, task, await placeOf(context.cluster, facts));
}

async function makeTarget(
  context: MigrationContext,
  { record }: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { cluster, destination } = context;
  const { manifest, namespace, claim, to } = record;
  if (destination !== undefined) {
    const size = bytesOf(sizeText(manifest, await cluster.get(claimRef(namespace, claim))));
    refuse(record, await arrivalProblems(destination, record, size));
    await makeArrival(context, destination, record);
    return {};
  }
  const size = sizeText(manifest, await cluster.get(claimRef(namespace, claim)));
  await cluster.create({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: copyName(claim),
      namespace,
      labels: { 'app.kubernetes.io/managed-by': 'beamline-migrate', [MIGRATION_LABEL]: 'copy' },
    },
    spec: {
      accessModes: at(manifest, 'spec', 'accessModes') ?? [],
      volumeMode: 'Filesystem',
      storageClassName: to,
      resources: { requests: { storage: size } },
    },
  });
  return {};
}

async function stopAll(
  context: MigrationContext,
  ledger: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { cluster } = context;
  const { namespace, claim } = ledger.record;
  // Who mounts it may have changed since the migration was begun.
  const facts = await factsNow(context, namespace, claim);
  refuse(ledger.record, facts.problems);
  const workloads = merged(ledger.record.workloads, facts.workloads);
  // Written down first: whatever is stopped must be found again.
  await ledger.save({ workloads });
  for (const workload of workloads) {
    ledger.assertHeld();
    await stopWorkload(cluster, namespace, workload);
  }
  await endTasks(context, ledger);
  await untilUnused(cluster, namespace, claim, shortly(context));
  return {};
}

async function verify(
  context: MigrationContext,
  ledger: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { namespace, claim } = ledger.record;
  try {
    const done = await copy(context, ledger, 'verify', {});
    const { problems, pods } = await factsNow(context, namespace, claim);
    const mounting = pods.map((pod) => `pod '${nameOf(pod)}' mounts it`);
    refuse(ledger.record, problems.length > 0 ? problems : mounting);
    const side = copySide(context, claim);
    const target = await volumeOf(side.cluster, await claimNow(side, namespace, side.name));
    return { ...done, target };
  } catch (error) {
    // The next run has to copy again before it compares again.
    if (error instanceof TaskFailed) {
      await endTasks(context, ledger);
      await ledger.save({ state: { direction: 'forward', step: 'stopped' } });
    }
    throw error;
  }
}

async function retainBoth(
  context: MigrationContext,
  ledger: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { record } = ledger;
  const { namespace, claim, source } = record;
  await keepVolume(context.cluster, source.name, namespace, claim);
  await keepVolume(copySide(context, claim).cluster, targetOf(record), namespace, claim);
  if (context.destination !== undefined) {
    await endTasks(context, ledger);
    await closeLine(context, context.destination, record);
    await handOver(context.destination, record);
  }
  return {};
}

async function unbindBoth(
  context: MigrationContext,
  ledger: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { namespace, claim, source } = ledger.record;
  await endTasks(context, ledger);
  const patience = shortly(context);
  await untilUnused(context.cluster, namespace, claim, patience);
  ledger.assertHeld();
  await unbind(
    context.cluster,
    claimRef(namespace, copyName(claim)),
    targetOf(ledger.record),
    patience,
  );
  ledger.assertHeld();
  await unbind(context.cluster, claimRef(namespace, claim), source.name, patience);
  return {};
}

async function takeOver(
  context: MigrationContext,
  { record }: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { namespace, claim, to, target } = record;
  const binding = { namespace, claim, remains: record, className: to, volume: targetOf(record) };
  await rebind(context.cluster, binding, shortly(context));
  if (target !== undefined) await letGo(context.cluster, target);
  return {};
}

/** Starts every workload that was stopped, as it was. A way back ends the same. */
export async function startAll(
  { cluster }: MigrationContext,
  { record }: Ledger,
): Promise<Partial<MigrationRecord>> {
  const { namespace, workloads } = record;
  for (const workload of workloads) await startWorkload(cluster, namespace, workload);
  return {};
}

function refuse({ namespace, claim }: MigrationRecord, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new Error(
      `claim '${namespace}/${claim}' cannot be moved now:\n  - ${problems.join('\n  - ')}`,
    );
}

function targetOf({ target, claim }: MigrationRecord): string {
  if (target !== undefined) return target.name;
  throw new Error(`the record of claim '${claim}' names no new volume`);
}

function merged(known: readonly Workload[], more: readonly Workload[]): Workload[] {
  const key = ({ kind, name }: Workload): string => `${kind}/${name}`;
  const byKey = new Map([...known, ...more].map((workload) => [key(workload), workload]));
  return [...byKey.values()];
}
