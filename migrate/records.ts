import { textAt } from '../plan/json';
import type { JsonObject } from '../plan/model';
import { claimRef, uidOf, type MigrationCluster } from './cluster';
import type { MigrationContext, MigrationRequest } from './context';
import type { ClaimFacts } from './inventory';
import { recordIn } from './ledger';
import { HOLDER, MIGRATION_LABEL } from './names';
import { phaseOf, type MigrationRecord } from './record';
import { remainsOf } from './remake';
import { userOf } from './user';
import { volumeOf } from './volumes';

/** A record with who holds it. */
export interface KnownRecord {
  readonly record: MigrationRecord;
  /** The run that works on it; empty when none does. */
  readonly holder: string;
}

/** Which records: those of the namespaces, of one class and towards another where these are named. */
export interface RecordFilter {
  readonly namespaces: readonly string[];
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** The records of migrations in some namespaces, by namespace and claim. */
export async function readRecords(
  cluster: MigrationCluster,
  { namespaces, from, to }: RecordFilter,
): Promise<KnownRecord[]> {
  const found: KnownRecord[] = [];
  for (const namespace of namespaces) {
    const maps = await cluster.list(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace },
      `${MIGRATION_LABEL}=record`,
    );
    for (const object of maps) {
      const record = recordIn(object);
      if (from !== undefined && record.from !== from) continue;
      if (to !== undefined && record.to !== to) continue;
      found.push({ record, holder: textAt(object, 'metadata', 'annotations', HOLDER) ?? '' });
    }
  }
  return found;
}

/** The record, if it goes where this run goes. @throws Error naming the option that is missing or too many. */
export function sameWay(
  { destination }: Pick<MigrationContext, 'destination'>,
  record: MigrationRecord,
): MigrationRecord {
  const { across } = record;
  if (
    across?.environment === destination?.environment &&
    across?.clusterId === destination?.clusterId
  )
    return record;
  throw refused(
    record,
    across === undefined
      ? 'was begun within its cluster; leave --to-env out, or release it first'
      : `was begun towards environment '${across.environment}' (cluster ${across.clusterId}); give --to-env ${across.environment}`,
  );
}

/** The record with which a claim's migration begins, or goes on. @throws Error when an earlier one is not finished. */
export async function recordFor(
  context: MigrationContext,
  { from, to, asRoot }: MigrationRequest,
  facts: ClaimFacts | undefined,
  old: MigrationRecord | undefined,
): Promise<MigrationRecord> {
  const phase = old === undefined ? undefined : phaseOf(old);
  if (old !== undefined && phase === 'under way') {
    if (old.from === from && old.to === to && sameWay(context, old) === old)
      return asRoot === undefined ? old : { ...old, user: { kind: 'root', consent: asRoot } };
    throw refused(
      old,
      `is on its way from '${old.from}' to '${old.to}'; finish that or roll it back`,
    );
  }
  if (old !== undefined && phase === 'going back')
    throw refused(old, 'is being rolled back; --rollback finishes that');
  if (old !== undefined && phase === 'moved')
    throw refused(
      old,
      `was moved from '${old.from}', and its old volume is kept; --release or --rollback it first`,
    );
  const between = context.destination !== undefined || old?.across !== undefined;
  if (old !== undefined && between && old.kept.length > 0)
    throw refused(old, 'was rolled back, and its new volume is kept; --release it first');
  if (facts === undefined) throw new Error('a claim without a record has to be there');
  return begun(context, { from, to, asRoot }, facts, old);
}

async function begun(
  { cluster, destination }: MigrationContext,
  { from, to, asRoot }: Pick<MigrationRequest, 'from' | 'to' | 'asRoot'>,
  facts: ClaimFacts,
  old: MigrationRecord | undefined,
): Promise<MigrationRecord> {
  const { namespace, name: claim, workloads } = facts;
  const live: JsonObject | undefined = await cluster.get(claimRef(namespace, claim));
  if (live === undefined) throw new Error(`there is no claim '${namespace}/${claim}'`);
  const withKind = { ...live, apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
  const { manifest, managedFields } = remainsOf(withKind);
  return {
    version: 1,
    namespace,
    claim,
    from,
    to,
    ...(destination === undefined
      ? {}
      : {
          across: { environment: destination.environment, clusterId: destination.clusterId },
          sourceUid: uidOf(live),
        }),
    state: { direction: 'forward', step: 'recorded' },
    user: await userOf(cluster, facts, asRoot),
    workloads: [...workloads],
    manifest,
    managedFields: [...managedFields],
    source: await volumeOf(cluster, live),
    templates: [],
    reports: {},
    seconds: {},
    kept: old === undefined ? [] : [...old.kept],
    history: [{ step: 'recorded', at: new Date().toISOString() }],
  };
}

function refused({ namespace, claim }: MigrationRecord, why: string): Error {
  return new Error(`claim '${namespace}/${claim}' ${why}`);
}
