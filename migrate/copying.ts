import { copyManifests, sendManifests } from '../constructs/migration/manifests';
import { EXIT, type CopyTask } from '../constructs/migration/scripts';
import { textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { claimRef, uidOf, type MigrationCluster } from './cluster';
import { forACopy, shortly, type MigrationContext } from './context';
import { endSending, openLine } from './line';
import type { Ledger } from './ledger';
import { copyName, jobName, lineName } from './names';
import type { Place } from './place';
import type { MigrationRecord } from './record';
import { bytesOf } from './sizes';
import { endTask, runTask, TaskFailed } from './tasks';

const TASKS: readonly CopyTask[] = ['survey', 'first-copy', 'last-copy', 'verify'];

/** Runs a task as often as is worth it, and makes sure that it is the only one on the claim. */
export async function copy(
  context: MigrationContext,
  ledger: Ledger,
  task: CopyTask,
  place: Place,
): Promise<Partial<MigrationRecord>> {
  const { cluster } = context;
  const { namespace, claim, reports, seconds } = ledger.record;
  const live = await claimNow(context, namespace, claim);
  const size = bytesOf(sizeText(ledger.record.manifest, live));
  await endTasks(context, ledger, task);
  const began = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    ledger.assertHeld();
    try {
      const name = jobName(claim, task);
      const manifests = await manifestsOf(context, ledger.record, task, { size, ...place });
      const props = { name, task, source: claim, target: copySide(context, claim).name, manifests };
      const report = await runTask(context, namespace, props, forACopy(context));
      await endTask(cluster, namespace, name, shortly(context));
      return {
        reports: { ...reports, [task]: report },
        seconds: { ...seconds, [task]: (Date.now() - began) / 1000 },
      };
    } catch (error) {
      if (!(error instanceof TaskFailed)) throw error;
      await endTask(cluster, namespace, jobName(claim, task), shortly(context));
      if (attempt === ATTEMPTS || isFinal(error)) throw error;
    }
  }
}

const ATTEMPTS = 3;

/** The objects of a task. Between clusters, the other end is opened first. */
async function manifestsOf(
  context: MigrationContext,
  record: MigrationRecord,
  task: CopyTask,
  where: Place & { readonly size: number },
): Promise<readonly object[]> {
  const { destination, target } = context;
  const { namespace, claim, user } = record;
  const common = { name: jobName(claim, task), source: claim, user, ...where };
  if (destination === undefined || task === 'survey')
    return copyManifests(target, namespace, { ...common, task, target: copyName(claim) });
  const line = await openLine(context, destination, record);
  return sendManifests(target, namespace, { ...common, ...line, task, key: lineName(claim) });
}

/** Where the copy of a claim is: beside it under a name of its own, or in the other cluster under the same name. */
export function copySide(
  { cluster, destination }: Pick<MigrationContext, 'cluster' | 'destination'>,
  claim: string,
): { readonly cluster: MigrationCluster; readonly name: string } {
  return destination === undefined
    ? { cluster, name: copyName(claim) }
    : { cluster: destination.cluster, name: claim };
}

/** Whether a task said why it failed: doing it again would fail again. A node that went away says nothing. */
function isFinal({ exitCode }: TaskFailed): boolean {
  return Object.values(EXIT).some((known) => known === exitCode);
}

/** Ends every task on the claim but one. */
export async function endTasks(
  context: MigrationContext,
  { record }: Ledger,
  but?: CopyTask,
): Promise<void> {
  for (const task of TASKS) {
    if (task !== but)
      await endTask(
        context.cluster,
        record.namespace,
        jobName(record.claim, task),
        shortly(context),
      );
  }
  if (context.destination !== undefined) await endSending(context, record, but);
}

/** A claim as it is now. @throws Error when it is gone. */
export async function claimNow(
  { cluster }: Pick<MigrationContext, 'cluster'>,
  namespace: string,
  claim: string,
): Promise<JsonObject> {
  const live = await cluster.get(claimRef(namespace, claim));
  if (live !== undefined && uidOf(live) !== '') return live;
  throw new Error(
    `claim '${namespace}/${claim}' is gone; somebody deleted it during its migration`,
  );
}

/** Size of a claim's copy: what the claim has, which may be more than it asked for. */
export function sizeText(manifest: JsonObject, live: JsonObject | undefined): string {
  return (
    textAt(live, 'status', 'capacity', 'storage') ??
    textAt(manifest, 'spec', 'resources', 'requests', 'storage') ??
    '0'
  );
}
