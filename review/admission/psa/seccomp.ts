import { containersOf, type Pod, type SeccompProfile } from '../pod';
import { containersThat, distinct, named, plural, quoted, settersOf } from './check';

const POD = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/';

/** The rule up to 1.18, when profiles were annotations. */
export function seccompAnnotations({ spec, metadata }: Pod): string | undefined {
  const names = [POD, ...containersOf(spec).map(({ container }) => CONTAINER + container.name)];
  const bad = distinct(names).flatMap((name) => {
    const value = metadata.annotations?.[name];
    return value === undefined || /^(runtime\/default$|docker\/default$|localhost\/)/.test(value)
      ? []
      : [`${name}="${value}"`];
  });
  return bad.length === 0
    ? undefined
    : `forbidden ${plural('annotation', bad.length)} ${bad.join(', ')}`;
}

const isBad = (profile: SeccompProfile | undefined): boolean =>
  profile !== undefined && profile.type !== 'RuntimeDefault' && profile.type !== 'Localhost';

/** The rule since 1.19: whoever names a profile names the runtime's or a local one. */
export function seccompFields({ spec }: Pod): string | undefined {
  const shared = spec.securityContext.seccompProfile;
  const containers = containersThat(spec, ({ seccompProfile }) => isBad(seccompProfile));
  const setters = settersOf(isBad(shared), containers);
  if (setters === undefined) return undefined;
  const types = [
    shared,
    ...containers.map(({ securityContext }) => securityContext?.seccompProfile),
  ]
    .filter(isBad)
    .map((profile) => profile?.type ?? '');
  return `${setters} must not set securityContext.seccompProfile.type to ${quoted(distinct(types))}`;
}

/** The rule of restricted: every container has a profile, its own or the pod's. */
export function seccompRequired(pod: Pod): string | undefined {
  const bad = seccompFields(pod);
  if (bad !== undefined) return bad;
  if (pod.spec.securityContext.seccompProfile !== undefined) return undefined;
  const without = containersThat(pod.spec, ({ seccompProfile }) => seccompProfile === undefined);
  return without.length === 0
    ? undefined
    : `pod or ${named(without)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
}
