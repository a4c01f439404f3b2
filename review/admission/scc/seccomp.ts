import type { Container, Pod, SeccompProfile } from '../pod';
import type { Behaviour } from './behaviour';
import { forbidden, type Reason } from './reason';

export const POD_SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';
export const CONTAINER_SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/';

const RUNTIME = ['runtime/default', 'docker/default'];

/** A profile of the field as the annotations spell it; empty where they cannot. */
export function annotationOf(profile: SeccompProfile): string {
  if (profile.type === 'Unconfined') return 'unconfined';
  if (profile.type === 'RuntimeDefault') return 'runtime/default';
  if (profile.type === 'Localhost' && profile.localhostProfile !== undefined) {
    return `localhost/${profile.localhostProfile}`;
  }
  return '';
}

/** A profile of an annotation as the field spells it, or undefined where it cannot. */
export function fieldOf(annotation: string): SeccompProfile | undefined {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (RUNTIME.includes(annotation)) return { type: 'RuntimeDefault' };
  const local = /^localhost\/(.+)$/.exec(annotation)?.[1];
  return local === undefined ? undefined : { type: 'Localhost', localhostProfile: local };
}

/** Gives a pod that names no profile the first one that the SCC lists. */
export function assignSeccomp(pod: Pod, allowed: readonly string[], behaviour: Behaviour): void {
  const given = pod.metadata.annotations?.[POD_SECCOMP];
  const field = pod.spec.securityContext.seccompProfile;
  const first = allowed.find((profile) => profile !== '*') ?? '';
  if (!behaviour.seccompFields) {
    if (given === undefined && first !== '') annotate(pod, POD_SECCOMP, first);
    return;
  }
  const profile =
    given !== undefined && given !== '' ? given : field === undefined ? first : annotationOf(field);
  if (profile === '') return;
  annotate(pod, POD_SECCOMP, profile);
  if (!behaviour.setsSeccompField) return;
  put(pod.spec.securityContext, fieldOf(profile));
}

/** Gives a container the profile that an annotation names for it. */
export function assignContainerSeccomp(
  pod: Pod,
  container: Container,
  { setsSeccompField }: Behaviour,
): void {
  const annotation = pod.metadata.annotations?.[CONTAINER_SECCOMP + container.name];
  if (!setsSeccompField || annotation === undefined) return;
  const profile = fieldOf(annotation);
  if (profile === undefined && container.securityContext === undefined) return;
  container.securityContext ??= {};
  put(container.securityContext, profile);
}

/** What the SCC has against the profile of the pod. */
export function podSeccompReasons(
  pod: Pod,
  allowed: readonly string[],
  behaviour: Behaviour,
): Reason[] {
  const annotation = pod.metadata.annotations?.[POD_SECCOMP] ?? '';
  const field = behaviour.seccompFields ? pod.spec.securityContext.seccompProfile : undefined;
  const profile = annotation === '' && field !== undefined ? annotationOf(field) : annotation;
  return reasons(`metadata.annotations[${POD_SECCOMP}]`, profile, allowed, behaviour);
}

/** What the SCC has against the profile of a container. */
export function containerSeccompReasons(
  pod: Pod,
  container: Container,
  allowed: readonly string[],
  behaviour: Behaviour,
): Reason[] {
  const field = `metadata.annotations[${CONTAINER_SECCOMP}${container.name}]`;
  return reasons(field, profileOf(pod, container, behaviour), allowed, behaviour);
}

/** The profile that a container runs with, as the annotations spell it. */
export function profileOf(pod: Pod, container: Container, { seccompFields }: Behaviour): string {
  const { annotations } = pod.metadata;
  const own = seccompFields ? container.securityContext?.seccompProfile : undefined;
  if (own !== undefined) return annotationOf(own);
  const annotation = annotations?.[CONTAINER_SECCOMP + container.name];
  if (annotation !== undefined) return annotation;
  const shared = seccompFields ? pod.spec.securityContext.seccompProfile : undefined;
  return shared === undefined ? (annotations?.[POD_SECCOMP] ?? '') : annotationOf(shared);
}

function reasons(
  field: string,
  profile: string,
  allowed: readonly string[],
  behaviour: Behaviour,
): Reason[] {
  if (allowed.length === 0) {
    return profile === '' ? [] : [forbidden(field, 'seccomp may not be set')];
  }
  const runtime = behaviour.seccompFields && allowed.some((one) => RUNTIME.includes(one));
  const fits =
    allowed.includes('*') ||
    allowed.includes(profile) ||
    (runtime && (behaviour.seccompSlip || RUNTIME.includes(profile)));
  if (fits) return [];
  const list = allowed.join(' ');
  return [
    forbidden(field, `${profile} is not an allowed seccomp profile. Valid values are [${list}]`),
  ];
}

/** The API server itself copies profiles between annotations and fields, before it validates: see `Behaviour.syncsSeccomp`. */
export function syncSeccomp(pod: Pod, containers: readonly Container[]): void {
  sync(pod, POD_SECCOMP, pod.spec.securityContext);
  for (const container of containers) {
    const key = CONTAINER_SECCOMP + container.name;
    if (container.securityContext !== undefined) sync(pod, key, container.securityContext);
    else if (fieldOf(pod.metadata.annotations?.[key] ?? '') !== undefined) {
      container.securityContext = {};
      sync(pod, key, container.securityContext);
    }
  }
}

function sync(
  pod: Pod,
  key: string,
  context: { seccompProfile?: SeccompProfile | undefined },
): void {
  const annotation = pod.metadata.annotations?.[key];
  const field = context.seccompProfile;
  if (field !== undefined && annotation === undefined) {
    const text = annotationOf(field);
    if (text !== '') annotate(pod, key, text);
  } else if (field === undefined && annotation !== undefined) {
    const profile = fieldOf(annotation);
    if (profile !== undefined) context.seccompProfile = profile;
  }
}

function annotate(pod: Pod, key: string, value: string): void {
  pod.metadata.annotations = { ...pod.metadata.annotations, [key]: value };
}

function put(
  context: { seccompProfile?: SeccompProfile | undefined },
  profile: SeccompProfile | undefined,
): void {
  if (profile === undefined) delete context.seccompProfile;
  else context.seccompProfile = profile;
}
