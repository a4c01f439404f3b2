import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { targetOf } from '../targets';
import { hint } from './hints';
import { labelsOf, type Part } from './labels';
import { customObject } from './objects';

/** When more pods of a workload are started, and how many at most. */
export interface Autoscaling {
  readonly min: number;
  readonly max: number;
  /** CPU in use, in percent of what the pods request, above which pods are added. */
  readonly cpuPercent: number;
}

/** A metric beside CPU, as `autoscaling/v2` has it. Targets before Kubernetes 1.12 know CPU only. */
export type ExtraMetric = Readonly<Record<string, unknown>> & {
  readonly type: 'Pods' | 'Object' | 'External';
};

/** What is scaled, and how. */
export interface AutoscalerProps extends Autoscaling {
  readonly part: Part;
  /** The Deployment or StatefulSet. The environment's own number of replicas counts only when it is first made. */
  readonly workload: ApiObject;
  /** @default [] */
  readonly metrics?: readonly ExtraMetric[];
  /**
   * Seconds that a quieter load must last before pods are taken away.
   *
   * @default 300
   */
  readonly calmSeconds?: number;
}

/** Adds a HorizontalPodAutoscaler of the workload's name, and leaves the workload's replicas to it. */
export function autoscaler(scope: Construct, id: string, props: AutoscalerProps): ApiObject {
  const { workload, part, min, max, cpuPercent } = props;
  const target = targetOf(scope);
  const apiVersion = target.apiVersion('HorizontalPodAutoscaler');
  const onlyCpu = !target.has('hpa-metrics');
  hint(workload, { ignoreChanges: ['spec.replicas'] });
  const cpu = {
    type: 'Resource',
    resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } },
  };
  return customObject(scope, id, {
    apiVersion,
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: workload.name, labels: labelsOf(part) },
    spec: {
      scaleTargetRef: {
        apiVersion: workload.apiVersion,
        kind: workload.kind,
        name: workload.name,
      },
      minReplicas: min,
      maxReplicas: max,
      ...(onlyCpu
        ? { targetCPUUtilizationPercentage: cpuPercent }
        : { metrics: [cpu, ...(props.metrics ?? [])] }),
      ...(target.has('hpa-behavior')
        ? { behavior: { scaleDown: { stabilizationWindowSeconds: props.calmSeconds ?? 300 } } }
        : {}),
    },
  });
}
