import { createHash } from 'node:crypto';

/** Marks what belongs to a migration, with the name of its claim as value where that fits a label. */
export const MIGRATION_LABEL = 'beamline/migration';
/** Marks a volume that a migration keeps until it is released. */
export const KEPT_LABEL = 'beamline/migration-kept';
/** On a kept volume: the claim whose data it has, as `<namespace>/<name>`. */
export const KEPT_OF = 'beamline/migration-of';
/** On a stopped workload: the replicas it had, or whether it was suspended. */
export const STOPPED = 'beamline/migration-stopped';
/** On a record: who works on the claim, and when that was last said. */
export const HOLDER = 'beamline/migration-holder';
export const RENEWED = 'beamline/migration-renewed';
/** On a claim that is filled from another cluster: that cluster, and the claim there. */
export const FILLED_FROM = 'beamline/migration-from';
/** Who the API server says made our changes. */
export const FIELD_MANAGER = 'beamline-migration';

/** Name of the ConfigMap that holds a migration's record. */
export function recordName(claim: string): string {
  return fitted('beamline-migration', claim, 253);
}

/** Name of the claim that gets the copy, until it takes the place of the old one. */
export function copyName(claim: string): string {
  return fitted('beamline-copy', claim, 253);
}

/** Name of a task's Job. */
export function jobName(claim: string, task: string): string {
  return fitted(`beamline-${task}`, claim, 63);
}

/** Name of everything that lets a claim's files in from another cluster. */
export function lineName(claim: string): string {
  return fitted('beamline-line', claim, 63);
}

/** A name that tells its claim where it fits, and is always one claim's own. */
function fitted(prefix: string, claim: string, longest: number): string {
  const whole = `${prefix}-${claim}`;
  if (whole.length <= longest && !claim.includes('.')) return whole;
  const digest = createHash('sha256').update(claim).digest('hex').slice(0, 10);
  return `${whole.slice(0, longest - digest.length - 1).replaceAll('.', '-')}-${digest}`;
}
