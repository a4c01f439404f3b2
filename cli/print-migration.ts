import type { MigrationRequest } from '../migrate/context';
import type { Group } from '../migrate/groups';
import type { ClaimFacts } from '../migrate/inventory';
import type { MigrationPlan } from '../migrate/plan';
import { phaseOf, type MigrationRecord } from '../migrate/record';
import type { KnownRecord } from '../migrate/records';
import { readableBytes, readableSeconds } from '../migrate/sizes';
import { WORDS } from '../migrate/words';

/** What `--plan` prints for people: claims in the order in which they are moved, and what stands in the way. */
export function planText({ groups, problems }: MigrationPlan, request: MigrationRequest): string {
  const lines = groups.flatMap((group, at) => [
    `${at + 1}. ${groupText(group)}`,
    ...group.claims.map((claim) => `     ${claimText(claim)}`),
  ]);
  const claims = groups.flatMap((group) => group.claims);
  const size = claims.reduce((sum, claim) => sum + claim.size, 0);
  const summary =
    claims.length === 0
      ? `no claim of class '${request.from}' in ${request.namespaces.join(', ')}`
      : `${claims.length} claims with ${readableBytes(size)} from '${request.from}' to '${request.to}'; times are for ${request.rate} MB/s`;
  return [
    ...lines,
    ...(lines.length > 0 ? [''] : []),
    summary,
    ...(problems.length === 0 ? [] : ['to be put right first:']),
    ...problems.map((problem) => `  - ${problem}`),
  ].join('\n');
}

/** The same for machines. */
export function planJson({ groups, problems }: MigrationPlan): string {
  return JSON.stringify(
    {
      groups: groups.map(({ namespace, claims, downtime }) => ({
        namespace,
        downtimeSeconds: Math.ceil(downtime),
        claims: claims.map(({ name, size, used, accessModes, workloads, problems: own }) => ({
          name,
          size,
          used: used ?? null,
          accessModes,
          workloads,
          problems: own,
        })),
      })),
      problems,
    },
    null,
    2,
  );
}

function groupText({ namespace, claims, downtime }: Group<ClaimFacts>): string {
  const workloads = new Set(
    claims.flatMap((claim) => claim.workloads.map(({ kind, name }) => `${kind} ${name}`)),
  );
  return workloads.size === 0
    ? `${namespace}: mounted by nobody, no downtime`
    : `${namespace}: ${[...workloads].join(', ')} down for about ${readableSeconds(downtime)}`;
}

function claimText({ name, size, used, accessModes, pods }: ClaimFacts): string {
  const use = used === undefined ? 'use unknown' : `${readableBytes(used)} used`;
  const once = accessModes.includes('ReadWriteOncePod') && pods.length > 0;
  return [
    `${name}: ${readableBytes(size)}, ${use}, ${accessModes.join(' ')}`,
    ...(once ? ['no copy beside its pod, so down for the whole copy'] : []),
  ].join('; ');
}

/** What `--status` prints for people: where each migration stands and what can be done. */
export function recordText(records: readonly KnownRecord[]): string {
  if (records.length === 0) return 'no migration was begun';
  return records.map(({ record, holder }) => lineOf(record, holder)).join('\n');
}

/** The same for machines. */
export function recordJson(records: readonly KnownRecord[]): string {
  return JSON.stringify(
    records.map(({ record, holder }) => ({
      namespace: record.namespace,
      claim: record.claim,
      from: record.from,
      to: record.to,
      phase: phaseOf(record),
      state: record.state,
      holder: holder === '' ? null : holder,
      oldVolume: record.source.name,
      newVolume: record.target?.name ?? null,
      workloads: record.workloads,
      reports: record.reports,
      seconds: record.seconds,
      kept: record.kept,
      history: record.history,
    })),
    null,
    2,
  );
}

function lineOf(record: MigrationRecord, holder: string): string {
  const { namespace, claim, from, to, source, target, state, kept } = record;
  const name = `${namespace}/${claim}`;
  switch (state.direction) {
    case 'released':
      return `${name}: '${to}', released at ${state.at}`;
    case 'back':
      return phaseOf(record) === 'rolled back'
        ? `${name}: rolled back to '${from}'${kept.length === 0 ? '' : `; volume ${kept.map((one) => `'${one.name}'`).join(', ')} is kept until --release`}`
        : `${name}: going back to '${from}', ${done(state.step)}${by(holder, '--rollback')}`;
    case 'forward':
      return phaseOf(record) === 'moved'
        ? record.across !== undefined
          ? acrossText(name, record, record.across.environment)
          : `${name}: moved to '${to}' (volume '${target?.name ?? ''}')${figures(record)}; the old volume '${source.name}' is kept until --release`
        : `${name}: on its way from '${from}' to '${to}', ${done(state.step)}${by(holder, '--run')}`;
  }
}

function acrossText(name: string, record: MigrationRecord, environment: string): string {
  const stopped = record.workloads.map(({ kind, name: workload }) => `${kind} ${workload}`);
  return [
    `${name}: moved to '${record.to}' of environment '${environment}'${figures(record)}`,
    `start its workloads there with 'beamline up ${environment}'${stopped.length === 0 ? '' : ` (stopped here: ${stopped.join(', ')})`}`,
    'the old claim is kept',
  ].join('; ');
}

function done(step: keyof typeof WORDS): string {
  return `done: ${WORDS[step]}`;
}

function by(holder: string, option: string): string {
  return holder === '' ? `; ${option} goes on` : `; ${holder} works on it`;
}

function figures({ reports, history }: MigrationRecord): string {
  const { verify } = reports;
  const at = (step: string): number | undefined => {
    const found = history.find((one) => one.step === step);
    return found === undefined ? undefined : Date.parse(found.at);
  };
  const [from, to] = [at('first-copied'), at('started')];
  const files = verify?.['target.files'];
  const bytes = verify?.['target.bytes'];
  return [
    ...(files === undefined || bytes === undefined
      ? []
      : [`, ${files} files with ${readableBytes(Number(bytes))} compared`]),
    ...(from === undefined || to === undefined
      ? []
      : [`, down for ${readableSeconds((to - from) / 1000)}`]),
  ].join('');
}
