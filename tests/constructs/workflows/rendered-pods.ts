import { z } from 'zod';

import type { Rendered } from '../../support/synth';

const container = z.object({
  command: z.array(z.string()).optional(),
  env: z.array(z.object({ name: z.string(), value: z.string().optional() })),
  readinessProbe: z
    .object({ exec: z.object({ command: z.array(z.string()) }).optional() })
    .optional(),
});
const pod = z.object({ spec: z.object({ containers: z.tuple([container], container) }) });
const workload = z.object({ spec: z.object({ template: pod }) });
const cronJob = z.object({
  spec: z.object({ jobTemplate: z.object({ spec: z.object({ template: pod }) }) }),
});

/** First container of a workload's pods. */
export function containerOf(object: Rendered): z.infer<typeof container> {
  const { template } =
    object.kind === 'CronJob'
      ? cronJob.parse(object).spec.jobTemplate.spec
      : workload.parse(object).spec;
  return template.spec.containers[0];
}

/** Plain variables of the first container. */
export function variablesOf(object: Rendered): Record<string, string> {
  const { env } = containerOf(object);
  return Object.fromEntries(
    env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
  );
}
