import { EXIT, type CopyTask } from '../constructs/migration/scripts';
import { textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { claimRef, uidOf } from './cluster';
import { forACopy, shortly, type MigrationContext } from './context';
import type { Ledger } from './ledger';
import { copyName, jobName } from './names';
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
  const { namespace, claim, user, reports, seconds } = ledger.record;
  const live = await claimNow(context, namespace, claim);
  const size = bytesOf(sizeText(ledger.record.manifest, live));
  await endTasks(context, ledger, task);
  const began = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    ledger.assertHeld();
    try {
      const name = jobName(claim, task);
      const props = { name, task, source: claim, target: copyName(claim), size, user, ...place };
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
}

/** A claim as it is now. @throws Error when it is gone. */
export async function claimNow(
  { cluster }: MigrationContext,
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
