import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { PodSpec, PodTemplateSpec, Toleration, Volume } from 'kubernetes-types/core/v1';

import { targetOf, type Target } from '../targets';
import { checksumOf } from './checksum';
import { containerOf, listed, type ContainerProps } from './containers';
import type { Exception } from './exceptions';
import { labelsOf, selectorOf, type Part } from './labels';
import { podSecurity, type PodSecurityProps } from './pod-security';

/** What the pods of a workload are. */
export interface PodProps extends PodSecurityProps {
  /** Name of its own ServiceAccount. */
  readonly serviceAccount: string;
  /**
   * Whether it talks to the API server, and so gets a token.
   *
   * @default false
   */
  readonly usesApi?: boolean;
  readonly containers: readonly ContainerProps[];
  /** @default [] */
  readonly volumes?: readonly Volume[];
  /**
   * ConfigMaps and Secrets that its programs read when they start: the pods roll when these change.
   *
   * @default []
   */
  readonly config?: readonly ApiObject[];
  /**
   * Seconds between the request to stop and the kill.
   *
   * @default 30
   */
  readonly graceSeconds?: number;
  /**
   * Labels of the nodes it may run on.
   *
   * @default {}
   */
  readonly nodes?: Readonly<Record<string, string>>;
  /** @default [] */
  readonly tolerations?: readonly Toleration[];
}

/** A pod template and the house rules it does not follow. */
export interface BuiltPod {
  readonly template: PodTemplateSpec;
  readonly exceptions: readonly Exception[];
}

/** A pod template with everything that the house rules ask for. `replicas` decides whether the pods are spread. */
export function podTemplate(
  scope: Construct,
  part: Part,
  replicas: number,
  props: PodProps,
): BuiltPod {
  const target = targetOf(scope);
  const security = podSecurity(target, props);
  const containers = props.containers.map((container) => containerOf(target, container));
  const config = props.config ?? [];
  const annotations = {
    ...security.annotations,
    ...(config.length === 0 ? {} : { 'beamline/config-checksum': checksumOf(config) }),
  };
  return {
    template: {
      metadata: {
        labels: labelsOf(part),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      spec: {
        serviceAccountName: props.serviceAccount,
        automountServiceAccountToken: props.usesApi ?? false,
        enableServiceLinks: false,
        securityContext: security.context,
        terminationGracePeriodSeconds: props.graceSeconds ?? 30,
        ...(props.nodes === undefined ? {} : { nodeSelector: { ...props.nodes } }),
        ...listed('tolerations', props.tolerations ?? []),
        ...(replicas > 1 ? spread(target, part) : {}),
        containers: containers.map(({ container }) => container),
        ...listed('volumes', [
          ...(props.volumes ?? []),
          ...containers.flatMap(({ volumes }) => volumes),
        ]),
      },
    },
    exceptions: [...security.exceptions, ...containers.flatMap(({ exceptions }) => exceptions)],
  };
}

/** Over zones first, then over nodes; a crowded cluster still gets its pods. */
function spread(
  target: Target,
  part: Part,
): Pick<PodSpec, 'topologySpreadConstraints' | 'affinity'> {
  const labelSelector = { matchLabels: selectorOf(part) };
  const zoneDomain = target.has('topology-labels')
    ? 'topology.kubernetes.io'
    : 'failure-domain.beta.kubernetes.io';
  const domains = [`${zoneDomain}/zone`, 'kubernetes.io/hostname'];
  if (target.has('topology-spread')) {
    return {
      topologySpreadConstraints: domains.map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector,
      })),
    };
  }
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: domains.map((topologyKey) => ({
          weight: 50,
          podAffinityTerm: { topologyKey, labelSelector },
        })),
      },
    },
  };
}
