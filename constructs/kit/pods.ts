import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type {
  Container,
  PodSpec,
  PodTemplateSpec,
  Toleration,
  Volume,
} from 'kubernetes-types/core/v1';

import { targetOf, type Target } from '../targets';
import { checksumOf } from './checksum';
import {
  containerOf,
  listed,
  taskOf,
  type BuiltContainer,
  type ContainerProps,
  type TaskProps,
} from './containers';
import type { Exception, Exempt } from './exceptions';
import { resolveImage } from './images';
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
  /**
   * Run to their end, one after the other, before the containers start.
   *
   * @default []
   */
  readonly initContainers?: readonly TaskProps[];
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
  /**
   * Whether no two of its pods may share a node, rather than only prefer not to. Pods without a node of their own wait.
   *
   * @default false
   */
  readonly apart?: boolean;
  /**
   * PriorityClass of the pods.
   *
   * @default - the cluster's own
   */
  readonly priorityClass?: string;
  /**
   * Annotations of the pods, such as the SCC that OKD is to take (`openshift.io/required-scc`).
   *
   * @default {}
   */
  readonly annotations?: Readonly<Record<string, string>>;
  /**
   * Why the pods use the network of their node. On OKD the ServiceAccount then needs the hostnetwork SCC.
   *
   * @default - they have a network of their own
   */
  readonly hostNetwork?: Exempt;
}

/** What the pods of a Job are: the same, but that they end. */
export type TaskPodProps = Omit<PodProps, 'containers'> & {
  readonly containers: readonly TaskProps[];
  /** Whether a container that failed is started again in its pod, or the Job makes a new pod. */
  readonly restart: 'OnFailure' | 'Never';
};

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
  const containers = props.containers.map((container) => containerOf(target, container));
  const more = {
    ...(replicas > 1 ? spread(target, part) : {}),
    ...(props.apart === true ? apart(part) : {}),
  };
  return templateOf(scope, part, props, { containers, more });
}

/** The pod template of a Job. */
export function taskTemplate(scope: Construct, part: Part, props: TaskPodProps): BuiltPod {
  const containers = props.containers.map((container) => taskOf(container));
  return templateOf(scope, part, props, { containers, more: { restartPolicy: props.restart } });
}

function templateOf(
  scope: Construct,
  part: Part,
  props: Omit<PodProps, 'containers'>,
  {
    containers,
    more,
  }: { readonly containers: readonly BuiltContainer[]; readonly more: Partial<PodSpec> },
): BuiltPod {
  const security = podSecurity(targetOf(scope), props);
  const initContainers = (props.initContainers ?? []).map((container) => taskOf(container));
  const all = [...containers, ...initContainers];
  const imaged = (built: BuiltContainer): Container => ({
    ...built.container,
    image: resolveImage(scope, built.container.image ?? ''),
  });
  const config = props.config ?? [];
  const annotations = {
    ...security.annotations,
    ...props.annotations,
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
        ...(targetOf(scope).has('service-links') ? { enableServiceLinks: false } : {}),
        securityContext: security.context,
        terminationGracePeriodSeconds: props.graceSeconds ?? 30,
        ...(props.nodes === undefined ? {} : { nodeSelector: { ...props.nodes } }),
        ...listed('tolerations', props.tolerations ?? []),
        ...(props.hostNetwork === undefined
          ? {}
          : { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
        ...(props.priorityClass === undefined ? {} : { priorityClassName: props.priorityClass }),
        ...more,
        ...listed('initContainers', initContainers.map(imaged)),
        containers: containers.map(imaged),
        ...listed('volumes', [...(props.volumes ?? []), ...all.flatMap(({ volumes }) => volumes)]),
      },
    },
    exceptions: [
      ...security.exceptions,
      ...(props.hostNetwork === undefined
        ? []
        : [{ rule: 'host-access', reason: props.hostNetwork.exempt } as const]),
      ...all.flatMap(({ exceptions }) => exceptions),
    ],
  };
}

/** Never two on a node. Stricter than any preference, so it takes its place. */
function apart(part: Part): Pick<PodSpec, 'affinity'> {
  const labelSelector = { matchLabels: selectorOf(part) };
  return {
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: 'kubernetes.io/hostname', labelSelector },
        ],
      },
    },
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
