import type {
  Container,
  ContainerPort,
  EnvVar,
  Probe,
  SecurityContext,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1';

import type { Target } from '../targets';
import type { Exception, Exempt, HouseRule } from './exceptions';
import { containerSecurity } from './pod-security';

/** What a container asks of its node. Quantities as Kubernetes writes them: `100m`, `128Mi`. */
export interface Resources {
  /** CPU set aside for it. It may use more when the node has some left. */
  readonly cpu: string;
  /** Memory set aside for it. */
  readonly memory: string;
  /**
   * Memory at which it is killed.
   *
   * @default - as `memory`
   */
  readonly memoryLimit?: string;
}

/** How the cluster learns whether a container works. */
export interface Probes {
  /** Whether it can take requests. */
  readonly readiness: Probe | Exempt;
  /** Whether it should be restarted. */
  readonly liveness: Probe | Exempt;
  /**
   * Whether it has started, for programs that take long.
   *
   * @default - it starts within the patience of the liveness probe
   */
  readonly startup?: Probe;
}

/** One long-running container. */
export interface ContainerProps {
  readonly name: string;
  /** Image by exact tag or digest, from `versions.ts`. */
  readonly image: string;
  /** @default - the command of the image */
  readonly command?: readonly string[];
  /** @default - the arguments of the image */
  readonly args?: readonly string[];
  /** @default [] */
  readonly env?: readonly EnvVar[];
  /**
   * Ports it listens on, by name. Above 1024, as it is not root.
   *
   * @default {}
   */
  readonly ports?: Readonly<Record<string, number>>;
  readonly resources: Resources;
  readonly probes: Probes;
  /**
   * Command that runs in it before it is asked to stop. Its time counts as `graceSeconds` of the pod.
   *
   * @default - none
   */
  readonly preStop?: readonly string[];
  /** @default [] */
  readonly mounts?: readonly VolumeMount[];
  /**
   * Directories it writes to and that may be lost, with their largest size: `{ '/tmp': '64Mi' }`.
   *
   * @default {}
   */
  readonly scratch?: Readonly<Record<string, string>>;
  /**
   * Why its root file system cannot be read-only.
   *
   * @default - it is read-only
   */
  readonly writableRoot?: Exempt;
  /**
   * More privilege than the house rules give, and why. Only for programs that cannot work without; review shows it.
   *
   * @default - none
   */
  readonly elevated?: Elevated;
}

/** A wish of one container for more than the house rules give. */
export interface Elevated extends Exempt {
  /** Fields of the security context that take the place of the usual ones. */
  readonly context: SecurityContext;
}

/** A container that runs to its end before the others start, or as the pods of a Job do. */
export type TaskProps = Omit<ContainerProps, 'probes' | 'ports' | 'preStop'>;

/** A container, the volumes it needs and the house rules it does not follow. */
export interface BuiltContainer {
  readonly container: Container;
  readonly volumes: readonly Volume[];
  readonly exceptions: readonly Exception[];
}

/** The container of a pod template, with everything that the house rules ask for. */
export function containerOf(target: Target, props: ContainerProps): BuiltContainer {
  const { container, ...built } = taskOf(props);
  return {
    ...built,
    container: {
      ...container,
      ...listed('ports', portsOf(props)),
      ...probesOf(target, props.probes),
      ...(props.preStop === undefined
        ? {}
        : { lifecycle: { preStop: { exec: { command: [...props.preStop] } } } }),
    },
    exceptions: [...probeExceptions(props), ...built.exceptions],
  };
}

/** A container without probes: it runs to its end. */
export function taskOf(props: TaskProps): BuiltContainer {
  const { resources } = props;
  const scratch = Object.entries(props.scratch ?? {}).map(([mountPath, sizeLimit], index) => ({
    mount: { name: `${props.name}-scratch-${index}`, mountPath },
    volume: { name: `${props.name}-scratch-${index}`, emptyDir: { sizeLimit } },
  }));
  const container: Container = {
    name: props.name,
    image: props.image,
    imagePullPolicy: 'IfNotPresent',
    ...listed('command', props.command ?? []),
    ...listed('args', props.args ?? []),
    ...listed('env', props.env ?? []),
    resources: {
      requests: { cpu: resources.cpu, memory: resources.memory },
      limits: { memory: resources.memoryLimit ?? resources.memory },
    },
    securityContext: {
      ...containerSecurity(props.writableRoot === undefined),
      ...props.elevated?.context,
    },
    ...listed('volumeMounts', [...(props.mounts ?? []), ...scratch.map(({ mount }) => mount)]),
  };
  return {
    container,
    volumes: scratch.map(({ volume }) => volume),
    exceptions: securityExceptions(props),
  };
}

/** `GET path` on a port of the container. */
export function httpProbe(port: string, path: string): Probe {
  return { httpGet: { port, path, scheme: 'HTTP' } };
}

/** A field with a list, or no field: the API server drops empty lists, and what it drops shows as drift. */
export function listed<K extends string, T>(field: K, list: readonly T[]): { [key in K]?: T[] };
export function listed<T>(field: string, list: readonly T[]): Record<string, T[]> {
  return list.length === 0 ? {} : { [field]: [...list] };
}

function portsOf({ ports }: ContainerProps): ContainerPort[] {
  return Object.entries(ports ?? {}).map(([name, containerPort]) => ({ name, containerPort }));
}

function probesOf(
  target: Target,
  { readiness, liveness, startup }: Probes,
): Pick<Container, 'readinessProbe' | 'livenessProbe' | 'startupProbe'> {
  const ready = isExempt(readiness) ? {} : { readinessProbe: readiness };
  const alive = isExempt(liveness) ? undefined : liveness;
  if (startup === undefined) return { ...ready, ...(alive && { livenessProbe: alive }) };
  if (target.has('startup-probe')) {
    return { ...ready, ...(alive && { livenessProbe: alive }), startupProbe: startup };
  }
  const patience = (startup.periodSeconds ?? 10) * (startup.failureThreshold ?? 3);
  return { ...ready, ...(alive && { livenessProbe: { ...alive, initialDelaySeconds: patience } }) };
}

function probeExceptions({ name: container, probes }: ContainerProps): Exception[] {
  const { readiness, liveness } = probes;
  return [
    ...(isExempt(readiness)
      ? [{ rule: 'readiness-probe', container, reason: readiness.exempt } as const]
      : []),
    ...(isExempt(liveness)
      ? [{ rule: 'liveness-probe', container, reason: liveness.exempt } as const]
      : []),
  ];
}

function securityExceptions({ name: container, writableRoot, elevated }: TaskProps): Exception[] {
  const readOnly =
    writableRoot === undefined
      ? []
      : [{ rule: 'read-only-root', container, reason: writableRoot.exempt } as const];
  if (elevated === undefined) return readOnly;
  const { context, exempt: reason } = elevated;
  const because = (rule: HouseRule, applies: boolean): Exception[] =>
    applies ? [{ rule, container, reason }] : [];
  const privileged = context.privileged === true;
  return [
    ...readOnly,
    ...because('privilege-escalation', privileged || context.allowPrivilegeEscalation === true),
    ...because('capabilities', privileged || context.capabilities !== undefined),
    ...because('seccomp', context.seccompProfile?.type === 'Unconfined'),
  ];
}

function isExempt(value: Probe | Exempt): value is Exempt {
  return 'exempt' in value;
}
