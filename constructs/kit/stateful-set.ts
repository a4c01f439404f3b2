import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1';

import { exempt } from './exceptions';
import { labelsOf, selectorOf, type Part } from './labels';
import { kubeObject } from './objects';
import { podTemplate, type PodProps } from './pods';
import { disruptionBudget } from './workloads';

/** A claim that each pod of a StatefulSet gets for itself. */
export interface ClaimTemplate {
  /** Name of the volume in the pod. */
  readonly name: string;
  /** @default - the cluster's default class */
  readonly className?: string;
  /** Size as Kubernetes writes it: `10Gi`. */
  readonly size: string;
}

/** A program whose pods have names, an order and data of their own. */
export interface StatefulSetProps extends PodProps {
  readonly name: string;
  readonly part: Part;
  readonly replicas: number;
  /** Name of the headless Service that gives the pods their names. */
  readonly service: string;
  /** @default [] */
  readonly claims?: readonly ClaimTemplate[];
  /**
   * Whether pods start and stop one after the other or all at once.
   *
   * @default 'OrderedReady'
   */
  readonly start?: 'OrderedReady' | 'Parallel';
}

/** Adds a StatefulSet and, for more than one replica, its PodDisruptionBudget. */
export function statefulSet(scope: Construct, id: string, props: StatefulSetProps): ApiObject {
  const { name, part, replicas } = props;
  const { template, exceptions } = podTemplate(scope, part, replicas, props);
  const made = kubeObject(scope, id, 'StatefulSet', {
    metadata: { name, labels: labelsOf(part) },
    spec: {
      replicas,
      revisionHistoryLimit: 3,
      serviceName: props.service,
      podManagementPolicy: props.start ?? 'OrderedReady',
      selector: { matchLabels: selectorOf(part) },
      template,
      ...(props.claims === undefined || props.claims.length === 0
        ? {}
        : { volumeClaimTemplates: props.claims.map((claim) => claimOf(part, claim)) }),
    },
  });
  for (const exception of exceptions) exempt(made, exception);
  if (replicas > 1) disruptionBudget(scope, `${id}Budget`, name, part);
  return made;
}

// Immutable in the cluster: only labels that never change.
function claimOf(part: Part, { name, className, size }: ClaimTemplate): PersistentVolumeClaim {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, labels: selectorOf(part) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      ...(className === undefined ? {} : { storageClassName: className }),
      resources: { requests: { storage: size } },
    },
  };
}
