import {
  containersOf,
  type Container,
  type ContainerSecurity,
  type Pod,
  type PodSpec,
} from '../pod';

/** Reads a pod; says what is wrong with it, or nothing. */
export type Judge = (pod: Pod) => string | undefined;

/** One rule of Pod Security. Source: k8s.io/pod-security-admission v0.36.0 and v0.34.4, `policy/check_*.go`. */
export interface PsaCheck {
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** The rule by the minor of Kubernetes 1 since which it reads like this, oldest first. */
  readonly versions: readonly { readonly since: number; readonly judge: Judge }[];
  /** Ids of the baseline rules that this one takes the place of. */
  readonly overrides: readonly string[];
}

/** Who does something forbidden: the pod itself, containers by name. */
export function settersOf(pod: boolean, containers: readonly Container[]): string | undefined {
  const setters = [...(pod ? ['pod'] : []), ...(containers.length > 0 ? [named(containers)] : [])];
  return setters.length === 0 ? undefined : setters.join(' and ');
}

/** Containers as the messages name them. */
export function named(containers: readonly Container[]): string {
  return `${plural('container', containers.length)} ${quoted(containers.map(({ name }) => name))}`;
}

/** Names in quotes, separated by commas. */
export function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

/** The word for one or for many. */
export function plural(word: string, count: number): string {
  return count === 1 ? word : `${word}s`;
}

/** Different texts, sorted. */
export function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

/** The containers of which something holds. */
export function containersThat(
  spec: PodSpec,
  holds: (security: ContainerSecurity, container: Container) => boolean,
): Container[] {
  return containersOf(spec)
    .map(({ container }) => container)
    .filter((container) => holds(container.securityContext ?? {}, container));
}

/** A rule that pods for Windows nodes are spared, since their fields mean nothing there. */
export function sparingWindows(judge: Judge): Judge {
  return (pod) => (pod.spec.os?.name === 'windows' ? undefined : judge(pod));
}

/** A rule that pods in a user namespace are spared, since what they do there is of no weight on the node. */
export function sparingUserNamespaces(judge: Judge): Judge {
  return (pod) => (pod.spec.hostUsers === false ? undefined : judge(pod));
}
