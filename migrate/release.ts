import { textAt } from '../plan/json';
import { forgetOrigin } from './arrival';
import { claimRef, volumeRef } from './cluster';
import type { MigrationContext } from './context';
import { Ledger, recordRef } from './ledger';
import { phaseOf, type MigrationRecord } from './record';
import { readRecords, sameWay, type RecordFilter } from './records';
import { letGo, type Volume } from './volumes';

/**
 * Gives up what migrations keep: the old volume of what was moved, the new one of what was rolled back. Each gets back what was
 * to become of it without its claim, so that one of a class that deletes is deleted now. There is no way back from here.
 *
 * @throws Error when there is nothing to release, or the claim is not on the volume that it was moved to.
 */
export async function release(
  context: MigrationContext,
  filter: RecordFilter,
): Promise<{ readonly record: MigrationRecord; readonly volumes: readonly Volume[] }[]> {
  const records = (await readRecords(context.cluster, filter)).map(({ record }) => record);
  const wanted = records.filter(
    (record) =>
      phaseOf(record) === 'moved' || phaseOf(record) === 'released' || record.kept.length > 0,
  );
  const open = records.filter((record) => ['under way', 'going back'].includes(phaseOf(record)));
  if (wanted.length === 0)
    throw new Error(
      open.length === 0
        ? 'there is nothing to release'
        : `nothing is finished yet: ${open.map(({ namespace, claim }) => `'${namespace}/${claim}'`).join(', ')}`,
    );
  const done = [];
  for (const { namespace, claim } of wanted.filter((record) => !open.includes(record))) {
    const ref = recordRef(namespace, claim);
    const again = (old: MigrationRecord | undefined): Promise<MigrationRecord> =>
      old === undefined
        ? Promise.reject(new Error(`the record of claim '${namespace}/${claim}' is gone`))
        : Promise.resolve(sameWay(context, old));
    const ledger = await Ledger.take(context.cluster, ref, again, context.signal);
    try {
      done.push({ record: ledger.record, volumes: await releaseOne(context, ledger) });
    } finally {
      await ledger.close();
    }
  }
  return done;
}

async function releaseOne(context: MigrationContext, ledger: Ledger): Promise<readonly Volume[]> {
  const { cluster, destination, report } = context;
  const { record } = ledger;
  const { namespace, claim, source, target, kept } = record;
  if (destination !== undefined) {
    // Both claims stay, each with its own environment: nothing is deleted here.
    const volumes = target === undefined ? [] : [target];
    if (phaseOf(record) !== 'rolled back' && record.state.direction !== 'released')
      await ledger.save({ state: { direction: 'released', at: new Date().toISOString() } });
    await letGo(cluster, source);
    for (const volume of volumes) await letGo(destination.cluster, volume);
    await forgetOrigin(destination, record);
    await ledger.save({ kept: [] });
    report.note(
      `claim '${namespace}/${claim}' of '${destination.environment}' is that environment's own; the old one stays until its environment removes it`,
    );
    return volumes;
  }
  const live = await cluster.get(claimRef(namespace, claim));
  const now = textAt(live, 'spec', 'volumeName');
  const moved = phaseOf(record) !== 'rolled back';
  const volumes = moved ? [source, ...kept] : kept;
  if (volumes.some(({ name }) => name === now))
    throw new Error(
      `claim '${namespace}/${claim}' stands on volume '${now ?? ''}', which was to be released; nothing was changed`,
    );
  // Written down first: what may be gone must not be gone back to.
  if (moved && record.state.direction !== 'released')
    await ledger.save({ state: { direction: 'released', at: new Date().toISOString() } });
  for (const volume of volumes) {
    ledger.assertHeld();
    const there = await cluster.get(volumeRef(volume.name));
    if (there === undefined) continue;
    await letGo(cluster, volume);
    report.note(
      `volume '${volume.name}' is released${volume.policy === 'Delete' ? ' and will be deleted by its provisioner' : ', and stays until somebody deletes it'}`,
    );
  }
  await ledger.save({ kept: [] });
  return volumes;
}
