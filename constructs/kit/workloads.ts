import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { DeploymentStrategy } from 'kubernetes-types/apps/v1';

import { targetOf } from '../targets';
import { exempt } from './exceptions';
import { labelsOf, selectorOf, type Part } from './labels';
import { kubeObject } from './objects';
import { podTemplate, type PodProps } from './pods';

/** A program that runs all the time and keeps nothing. */
export interface DeploymentProps extends PodProps {
  readonly name: string;
  readonly part: Part;
  readonly replicas: number;
  /**
   * How pods are replaced.
   *
   * @default - a new pod is ready before an old one goes
   */
  readonly strategy?: DeploymentStrategy;
}

/** Adds a Deployment and, for more than one replica, its PodDisruptionBudget. */
export function deployment(scope: Construct, id: string, props: DeploymentProps): ApiObject {
  const { name, part, replicas } = props;
  const { template, exceptions } = podTemplate(scope, part, replicas, props);
  const made = kubeObject(scope, id, 'Deployment', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      replicas,
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(part) },
      strategy: props.strategy ?? {
        type: 'RollingUpdate',
        rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
      },
      template,
    },
  });
  for (const exception of exceptions) exempt(made, exception);
  if (replicas > 1) disruptionBudget(scope, `${id}Budget`, name, part);
  return made;
}

/** Lets a drain take one pod of the part at a time. */
export function disruptionBudget(
  scope: Construct,
  id: string,
  name: string,
  part: Part,
): ApiObject {
  return kubeObject(scope, id, 'PodDisruptionBudget', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(part) },
      // A pod that is broken anyway must not keep a node from being drained.
      ...(targetOf(scope).has('pdb-unhealthy-eviction')
        ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' }
        : {}),
    },
  });
}
