import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Json } from '../../plan/model';
import { manifestOf, subjectOf, type ChangeSet } from '../change';
import { countBySeverity, ranked, type RankedChange } from '../risk/rank';
import { worst } from '../risk/risk';
import { labelOf } from './labels';
import type { Report, ReportedChange } from './schema';

/** Ranks a change set and puts it into the form that is printed. */
export function reportOf(set: ChangeSet): Report {
  const changes = ranked(set);
  const counts: Record<string, number> = {};
  for (const { operation } of changes) counts[operation] = (counts[operation] ?? 0) + 1;
  const same = set.after.size - changes.filter(({ after }) => after !== undefined).length;
  if (same > 0) counts['same'] = same;
  return {
    version: 1,
    environment: set.environment,
    comparedWith: set.comparedWith,
    ...(changes.length === 0 ? {} : { severity: worst(changes) }),
    severities: countBySeverity(changes),
    counts,
    notes: [...set.notes],
    fingerprint: fingerprintOf(changes),
    changes: changes.map(reported),
  };
}

function reported(change: RankedChange): ReportedChange {
  const { path, source } = subjectOf(change);
  const { apiVersion, kind, metadata } = manifestOf(change);
  const { id, operation, severity, risks, refusal } = change;
  return {
    id,
    apiVersion,
    kind,
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    operation,
    severity,
    risks: [...risks],
    fields: change.fields.map(({ path: at, kind: how, before, after }) => ({
      path: [...at],
      ...(at.length === 0 ? {} : { label: labelOf(at, change) }),
      kind: how,
      ...(before === undefined ? {} : { before: plain(before) }),
      ...(after === undefined ? {} : { after: plain(after) }),
    })),
    ...(path === undefined ? {} : { path }),
    ...(source === undefined ? {} : { source }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** A value as JSON has it: without what is undefined. */
function plain(value: Json): z.infer<ReturnType<typeof z.json>> {
  return z.json().parse(JSON.parse(JSON.stringify(value)));
}

/**
 * Names what a deployment would do: the same changes, in whatever order they were found, give the same one. What was approved is deployed only
 * while it holds (`beamline preview --expect`).
 */
function fingerprintOf(changes: readonly RankedChange[]): string {
  const parts = changes.map(({ id, operation, fields, before, after }) =>
    JSON.stringify([id, operation, fields, operation === 'create' ? after?.manifest : before?.id]),
  );
  return createHash('sha256').update(parts.sort().join('\n')).digest('hex').slice(0, 16);
}
