import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { JobSpec } from 'kubernetes-types/batch/v1';

import { exempt } from './exceptions';
import { labelsOf, type Part } from './labels';
import { kubeObject } from './objects';
import { taskTemplate, type BuiltPod, type TaskPodProps } from './pods';

/** A program that runs to its end. */
export interface JobProps extends TaskPodProps {
  readonly name: string;
  readonly part: Part;
  /**
   * How often a pod may fail before the Job has failed.
   *
   * @default 6
   */
  readonly backoffLimit?: number;
  /** Seconds after which the Job has failed, whatever it does. */
  readonly deadlineSeconds: number;
}

/** Adds a Job. It is ready when it ran to its end; its template cannot change, so a new version needs a new name. */
export function job(scope: Construct, id: string, props: JobProps): ApiObject {
  const { name, part } = props;
  const { template, exceptions } = taskTemplate(scope, part, props);
  const made = kubeObject(scope, id, 'Job', {
    metadata: { name, labels: labelsOf(part) },
    spec: specOf(props, template),
  });
  for (const exception of exceptions) exempt(made, exception);
  return made;
}

/** A program that runs to its end, again and again. */
export interface CronJobProps extends JobProps {
  /** When, as cron writes it, in UTC. */
  readonly schedule: string;
  /**
   * Whether it never runs by itself: somebody makes a Job of it (`kubectl create job --from=cronjob/…`).
   *
   * @default false
   */
  readonly suspend?: boolean;
}

/** Adds a CronJob whose runs never overlap. */
export function cronJob(scope: Construct, id: string, props: CronJobProps): ApiObject {
  const { name, part } = props;
  const { template, exceptions } = taskTemplate(scope, part, props);
  const made = kubeObject(scope, id, 'CronJob', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      schedule: props.schedule,
      ...(props.suspend === true ? { suspend: true } : {}),
      concurrencyPolicy: 'Forbid',
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: { metadata: { labels: labelsOf(part) }, spec: specOf(props, template) },
    },
  });
  for (const exception of exceptions) exempt(made, exception);
  return made;
}

function specOf(props: JobProps, template: BuiltPod['template']): JobSpec {
  return {
    backoffLimit: props.backoffLimit ?? 6,
    activeDeadlineSeconds: props.deadlineSeconds,
    template,
  };
}
