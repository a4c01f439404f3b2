import { at, isObject, objectsAt } from '../../plan/json';
import type { Json, JsonObject, Manifest } from '../../plan/model';
import { spelled } from '../risk/look';
import { configurationProblems } from './configuration';
import { ingressProblems, policyProblems, serviceProblems } from './network';
import { podProblems } from './pod';
import { isLabelValue, isQualified } from './words';
import {
  budgetProblems,
  cronProblems,
  jobProblems,
  scalerProblems,
  workloadProblems,
} from './workload';

/** What the API server says of an object beyond its schema: why it would refuse it. Empty where nothing is known. */
export function validityProblems(manifest: Manifest): string[] {
  const pod = podOf(manifest);
  return [
    ...labelProblems(manifest),
    ...(RULES[`${manifest.kind}.${manifest.apiVersion.split('/')[0] ?? ''}`]?.(manifest) ?? []),
    ...(pod === undefined
      ? []
      : podProblems(pod, objectsAt(manifest, 'spec', 'volumeClaimTemplates'))),
  ];
}

/** Source: k8s.io/kubernetes `pkg/apis/<group>/validation`. */
const RULES: Readonly<Record<string, (manifest: Manifest) => string[]>> = {
  'ConfigMap.v1': configurationProblems,
  'Secret.v1': configurationProblems,
  'Service.v1': serviceProblems,
  'Ingress.networking.k8s.io': ingressProblems,
  'NetworkPolicy.networking.k8s.io': policyProblems,
  'Deployment.apps': workloadProblems,
  'StatefulSet.apps': workloadProblems,
  'DaemonSet.apps': workloadProblems,
  'ReplicaSet.apps': workloadProblems,
  'Job.batch': jobProblems,
  'CronJob.batch': cronProblems,
  'HorizontalPodAutoscaler.autoscaling': scalerProblems,
  'PodDisruptionBudget.policy': budgetProblems,
};

const BUILT_IN = /^(v1|apps\/.*|batch\/.*)$/;

function podOf(manifest: Manifest): JsonObject | undefined {
  if (!BUILT_IN.test(manifest.apiVersion)) return undefined;
  const pod =
    manifest.kind === 'Pod'
      ? manifest['spec']
      : (at(manifest, 'spec', 'jobTemplate', 'spec', 'template', 'spec') ??
        at(manifest, 'spec', 'template', 'spec'));
  return isObject(pod) && pod['containers'] !== undefined ? pod : undefined;
}

function labelProblems(manifest: Manifest): string[] {
  const maps = [
    at(manifest, 'metadata', 'labels'),
    at(manifest, 'spec', 'template', 'metadata', 'labels'),
    at(manifest, 'spec', 'selector', 'matchLabels'),
  ];
  return [
    ...maps.flatMap((labels) =>
      entries(labels).flatMap(([key, value]) => [
        ...(isQualified(key) ? [] : [`'${key}' cannot be the key of a label`]),
        ...(typeof value === 'string' && isLabelValue(value)
          ? []
          : [`'${spelled(value)}' cannot be the value of label '${key}'`]),
      ]),
    ),
    ...entries(at(manifest, 'metadata', 'annotations')).flatMap(([key, value]) => [
      ...(isQualified(key) ? [] : [`'${key}' cannot be the key of an annotation`]),
      ...(typeof value === 'string' ? [] : [`annotation '${key}' is no text`]),
    ]),
  ];
}

function entries(value: Json | undefined): [string, Json | undefined][] {
  return Object.entries(isObject(value) ? value : {});
}
