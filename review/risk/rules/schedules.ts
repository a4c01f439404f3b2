import { textAt } from '../../../plan/json';
import { manifestOf, type Change } from '../../change';
import { beforeAndAfter, goes } from '../look';
import type { Risk, Rule } from '../risk';

/** What runs by the clock: whether it still does, and whether two runs can meet. */
export const schedules: Rule = (change) => {
  if (manifestOf(change).kind !== 'CronJob') return [];
  return [...stopped(change), ...together(change)];
};

/** Whether a CronJob, by its name, saves something. */
function saves(change: Change): boolean {
  return /back-?up|dump|snapshot|archive|replicat|restic|velero/i.test(
    manifestOf(change).metadata.name,
  );
}

function stopped(change: Change): Risk[] {
  const { name } = manifestOf(change).metadata;
  const [was, will] = beforeAndAfter(change, 'spec', 'suspend');
  const never =
    change.operation === 'update' &&
    neverComes(textAt(change.after?.manifest, 'spec', 'schedule') ?? '') &&
    !neverComes(textAt(change.before?.manifest, 'spec', 'schedule') ?? '');
  const stops =
    goes(change) || never || (change.operation === 'update' && was !== true && will === true);
  if (!stops) return [];
  return [
    {
      rule: 'schedule-stops',
      severity: saves(change) ? 'high' : 'medium',
      why: `'${name}' no longer runs${never ? ': its schedule names a day that no month has' : ''}${saves(change) ? ', and by its name it saves something' : ''}`,
      lost: saves(change) ? 'backups from now on' : 'what it does on schedule',
      instead: 'make sure that something else does it',
    },
  ];
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a schedule of plain numbers asks for a day that its month never has. */
function neverComes(schedule: string): boolean {
  const [, , day = '*', month = '*', weekday = '*'] = schedule.trim().split(/\s+/);
  if (!/^\d+$/.test(day) || !/^\d+$/.test(month) || weekday !== '*') return false;
  return Number(day) > (LONGEST[Number(month) - 1] ?? 31);
}

function together(change: Change): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'concurrencyPolicy').map(
    (policy) => policy ?? 'Allow',
  );
  if (change.operation !== 'update' || was === will || was === 'Allow') return [];
  const kills = will === 'Replace';
  return [
    {
      rule: 'schedule-overlaps',
      severity: saves(change) ? 'high' : 'medium',
      why: kills
        ? 'a run that is still under way is killed when the next one is due'
        : 'the next run begins while the last one is still under way, and both do the same work',
      lost: saves(change) ? 'backups that are whole' : 'the certainty that only one runs at a time',
      instead: 'keep Forbid, and give the run a deadline (activeDeadlineSeconds)',
    },
  ];
}
