import type { Scc } from '../../../constructs/targets/sccs/scc';
import type { Container, ContainerSecurity, Pod } from '../pod';
import type { Behaviour } from './behaviour';
import { assignContainerSeccomp, assignSeccomp } from './seccomp';

/** Fills in what a pod leaves open, as the SCC says. Source: `sccmatching/provider.go`, CreatePodSecurityContext. */
export function assignPod(pod: Pod, scc: Scc, behaviour: Behaviour): void {
  const context = pod.spec.securityContext;
  const group = scc.supplementalGroups.ranges?.[0];
  if (scc.supplementalGroups.type === 'MustRunAs' && group !== undefined) {
    context.supplementalGroups ??= [group.min];
  }
  const owner = scc.fsGroup.ranges?.[0];
  if (scc.fsGroup.type === 'MustRunAs' && owner !== undefined) context.fsGroup ??= owner.min;
  const { type, seLinuxOptions } = scc.seLinuxContext;
  if (type === 'MustRunAs' && seLinuxOptions !== undefined) {
    context.seLinuxOptions ??= { ...seLinuxOptions };
  }
  assignSeccomp(pod, scc.seccompProfiles, behaviour);
}

/**
 * Fills in what a container leaves open, as the SCC says; what the pod says counts for its containers. Source: `sccmatching/provider.go`,
 * CreateContainerSecurityContext.
 */
export function assignContainer(
  pod: Pod,
  container: Container,
  scc: Scc,
  behaviour: Behaviour,
): void {
  const shared = pod.spec.securityContext;
  const set = (fields: Partial<ContainerSecurity>): void => {
    container.securityContext = { ...container.securityContext, ...fields };
  };
  const own = (): ContainerSecurity => container.securityContext ?? {};

  if (own().runAsUser === undefined && shared.runAsUser === undefined) {
    const user = generatedUser(scc);
    if (user !== undefined) set({ runAsUser: user });
  }
  const { type, seLinuxOptions } = scc.seLinuxContext;
  const noContext = own().seLinuxOptions === undefined && shared.seLinuxOptions === undefined;
  if (noContext && type === 'MustRunAs' && seLinuxOptions !== undefined) {
    set({ seLinuxOptions: { ...seLinuxOptions } });
  }
  if (own().runAsNonRoot === undefined && shared.runAsNonRoot === undefined) {
    const user = own().runAsUser ?? shared.runAsUser;
    const marked =
      user === undefined
        ? scc.runAsUser.type === 'MustRunAsNonRoot'
        : user > 0 && behaviour.marksNonRoot;
    if (marked) set({ runAsNonRoot: true });
  }
  const capabilities = capabilitiesOf(own().capabilities, scc);
  if (capabilities !== undefined) set({ capabilities });
  if (scc.readOnlyRootFilesystem && own().readOnlyRootFilesystem === undefined) {
    set({ readOnlyRootFilesystem: true });
  }
  assignContainerSeccomp(pod, container, behaviour);
  const spared =
    behaviour.sparesPrivileged &&
    (own().privileged === true || (capabilities?.add ?? []).includes('CAP_SYS_ADMIN'));
  const preset = scc.defaultAllowPrivilegeEscalation;
  if (preset !== null && !spared && own().allowPrivilegeEscalation === undefined) {
    set({ allowPrivilegeEscalation: preset });
  }
  if (!scc.allowPrivilegeEscalation && own().allowPrivilegeEscalation === undefined) {
    set({ allowPrivilegeEscalation: false });
  }
}

function generatedUser({ runAsUser }: Scc): number | undefined {
  switch (runAsUser.type) {
    case 'MustRunAs':
      return runAsUser.uid;
    case 'MustRunAsRange':
      return runAsUser.uidRangeMin;
    case 'MustRunAsNonRoot':
    case 'RunAsAny':
      return undefined;
  }
}

/** What is asked for with what the SCC adds and drops; as it was where that changes nothing. Source: `capabilities/mustrunas.go`. */
function capabilitiesOf(
  given: ContainerSecurity['capabilities'],
  scc: Scc,
): ContainerSecurity['capabilities'] {
  const [asked, dropped] = [new Set(given?.add), new Set(given?.drop)];
  const presets = scc.defaultAddCapabilities.filter((name) => !dropped.has(name));
  const add = new Set([...asked, ...presets]);
  const drop = new Set([...dropped, ...scc.requiredDropCapabilities]);
  if (add.size === asked.size && drop.size === dropped.size) return given;
  return {
    ...(add.size === 0 ? {} : { add: [...add].sort() }),
    ...(drop.size === 0 ? {} : { drop: [...drop].sort() }),
  };
}
