import { z } from 'zod';

import { SEVERITIES } from '../risk/risk';

const severity = z.enum(SEVERITIES).describe('how bad the worst that can happen is');
const value = z.json().describe('what the field says; secrets are masked');

const risk = z.strictObject({
  rule: z.string().describe('the same for all risks of its sort'),
  severity,
  why: z.string(),
  lost: z.string(),
  instead: z.string().describe('what to do instead, or before'),
});

const field = z.strictObject({
  path: z.array(z.string()),
  label: z
    .string()
    .optional()
    .describe(
      'the path as people read it, with the names of list elements: containers[main].image',
    ),
  kind: z.enum(['add', 'change', 'remove']),
  before: value.optional(),
  after: value.optional(),
});

const change = z.strictObject({
  id: z.string().describe('<namespace|_>/<kind>.<group>/<name>'),
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  operation: z.enum(['create', 'update', 'replace', 'delete', 'retain']),
  severity,
  risks: z.array(risk).min(1).describe('the worst first'),
  fields: z.array(field).describe('empty for what is made or removed'),
  path: z.string().optional().describe('the construct that makes it'),
  source: z.string().optional().describe('the line of the environment that makes it'),
  refusal: z.string().optional().describe('why the API server would refuse it'),
});

const counts = z.strictObject(
  Object.fromEntries(SEVERITIES.map((name) => [name, z.number().int().min(0)])),
);

/** What `beamline preview --format json` prints. The version changes when a reader of the former one would break. */
export const reportSchema = z
  .strictObject({
    version: z.literal(1),
    environment: z.string(),
    comparedWith: z.string(),
    severity: severity.optional().describe('of the worst change; missing where nothing changes'),
    severities: counts,
    counts: z
      .record(z.string(), z.number().int())
      .describe('objects by operation, unchanged ones as same'),
    notes: z.array(z.string()).describe('what to know about the comparison itself'),
    fingerprint: z
      .string()
      .describe('of all changes: the same as long as a deployment would do the same'),
    changes: z.array(change).describe('the worst first'),
  })
  .meta({ title: 'beamline preview', description: 'What a deployment would do, ranked' });

/** A preview as it is printed. */
export type Report = z.infer<typeof reportSchema>;

/** One change as it is printed. */
export type ReportedChange = Report['changes'][number];

/** The published schema: `docs/reference/preview.schema.json` is this. */
export function jsonSchema(): object {
  return z.toJSONSchema(reportSchema);
}
