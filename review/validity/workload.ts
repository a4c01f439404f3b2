import { at, isObject, textAt } from '../../plan/json';
import type { Json, JsonObject, Manifest } from '../../plan/model';

/** Workloads whose pods start again when they end. */
export function workloadProblems(manifest: Manifest): string[] {
  const restart = textAt(manifest, 'spec', 'template', 'spec', 'restartPolicy');
  const rolling = at(manifest, 'spec', 'strategy', 'rollingUpdate');
  const stuck = isNone(at(rolling, 'maxSurge')) && isNone(at(rolling, 'maxUnavailable'));
  return [
    ...belowZero(manifest['spec'], [
      'replicas',
      'minReadySeconds',
      'revisionHistoryLimit',
      'progressDeadlineSeconds',
    ]),
    ...(restart === undefined || restart === 'Always'
      ? []
      : [`pods of a ${manifest.kind} start again when they end: restartPolicy '${restart}'`]),
    ...(stuck
      ? ['maxSurge and maxUnavailable are both 0, so that no pod could ever be replaced']
      : []),
    ...(textAt(manifest, 'spec', 'strategy', 'type') === 'Recreate' && isObject(rolling)
      ? ["the strategy 'Recreate' has settings of a rolling update"]
      : []),
  ];
}

function isNone(value: Json | undefined): boolean {
  return value === 0 || value === '0' || value === '0%';
}

function belowZero(spec: Json | undefined, fields: readonly string[]): string[] {
  return fields
    .filter((field) => Number(at(spec, field) ?? 0) < 0)
    .map((field) => `${field} is below zero`);
}

const COUNTS = [
  'backoffLimit',
  'completions',
  'parallelism',
  'activeDeadlineSeconds',
  'ttlSecondsAfterFinished',
];

export function jobProblems(manifest: Manifest): string[] {
  return runProblems(manifest['spec']);
}

/** A run ends, so its pods must be let end. */
function runProblems(spec: Json | undefined): string[] {
  const restart = textAt(spec, 'template', 'spec', 'restartPolicy') ?? 'Always';
  return [
    ...belowZero(spec, COUNTS),
    ...(restart === 'Always'
      ? ["pods of a Job must be let end: restartPolicy 'Never' or 'OnFailure'"]
      : []),
  ];
}

export function cronProblems(manifest: Manifest): string[] {
  const { spec } = manifest;
  return [
    ...zoneProblems(textAt(spec, 'timeZone')),
    ...scheduleProblems(textAt(spec, 'schedule') ?? ''),
    ...belowZero(spec, [
      'startingDeadlineSeconds',
      'successfulJobsHistoryLimit',
      'failedJobsHistoryLimit',
    ]),
    ...runProblems(at(spec, 'jobTemplate', 'spec')),
  ];
}

function zoneProblems(zone: string | undefined): string[] {
  if (zone === undefined) return [];
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [`'${zone}' is no time zone`];
  }
}

/** Five fields of numbers, names, `*`, `?`, lists, ranges and steps, or one of the words. */
const FIELD = /^[\dA-Za-z*?]+([-/,][\dA-Za-z*?]+)*$/;
const WORDS = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/;

function scheduleProblems(schedule: string): string[] {
  if (WORDS.test(schedule)) return [];
  const fields = schedule.trim().split(/\s+/);
  return fields.length === 5 && fields.every((field) => FIELD.test(field))
    ? []
    : [`'${schedule}' is no schedule of five fields`];
}

export function scalerProblems(manifest: Manifest): string[] {
  const spec: JsonObject | Json | undefined = manifest['spec'];
  const least = Number(at(spec, 'minReplicas') ?? 1);
  const most = Number(at(spec, 'maxReplicas') ?? 0);
  return least > most ? [`at least ${least} and at most ${most} pods`] : [];
}

export function budgetProblems(manifest: Manifest): string[] {
  const both = ['minAvailable', 'maxUnavailable'].every(
    (field) => at(manifest, 'spec', field) !== undefined,
  );
  return both ? ['minAvailable and maxUnavailable exclude each other'] : [];
}
