import type { Scc } from '../../../constructs/targets/sccs/scc';
import { containersOf, type ContainerSecurity, type Placed, type Pod } from '../pod';
import type { Behaviour } from './behaviour';
import { invalid, required, type Reason } from './reason';
import { containerSeccompReasons } from './seccomp';
import { seLinuxReasons } from './validate-pod';

/** What an SCC has against a container. Source: `sccmatching/provider.go`, ValidateContainerSecurityContext. */
export function containerReasons(
  pod: Pod,
  { path, container }: Placed,
  scc: Scc,
  behaviour: Behaviour,
): Reason[] {
  const field = `${path}.securityContext`;
  const own: ContainerSecurity = container.securityContext ?? {};
  const shared = pod.spec.securityContext;
  const user = own.runAsUser ?? shared.runAsUser;
  const nonRoot = own.runAsNonRoot ?? shared.runAsNonRoot;
  const seLinux = own.seLinuxOptions ?? shared.seLinuxOptions;
  return [
    ...userReasons(field, scc, nonRoot, user),
    ...seLinuxReasons(`${field}.seLinuxOptions`, scc, seLinux),
    ...containerSeccompReasons(pod, container, scc.seccompProfiles, behaviour),
    ...(own.privileged === true && !scc.allowPrivilegedContainer
      ? [invalid(`${field}.privileged`, true, 'Privileged containers are not allowed')]
      : []),
    ...capabilityReasons(`${field}.capabilities`, scc, own.capabilities),
    ...rootReasons(`${field}.readOnlyRootFilesystem`, scc, own.readOnlyRootFilesystem),
    ...(scc.allowPrivilegeEscalation || own.allowPrivilegeEscalation === false
      ? []
      : [
          invalid(
            `${field}.allowPrivilegeEscalation`,
            own.allowPrivilegeEscalation ?? null,
            'Allowing privilege escalation for containers is not allowed',
          ),
        ]),
  ];
}

/** What an SCC has against the ports that a pod opens on its node. */
export function portReasons(pod: Pod, scc: Scc, behaviour: Behaviour): Reason[] {
  if (scc.allowHostPorts) return [];
  return containersOf(pod.spec, behaviour.ephemeralContainers).flatMap(({ path, container }) =>
    (container.ports ?? []).flatMap(({ hostPort = 0 }, index) =>
      hostPort > 0
        ? [
            invalid(
              `${path}.ports[${index}].hostPort`,
              hostPort,
              'Host ports are not allowed to be used',
            ),
          ]
        : [],
    ),
  );
}

function userReasons(
  context: string,
  { runAsUser }: Scc,
  nonRoot: boolean | undefined,
  user: number | undefined,
): Reason[] {
  const field = `${context}.runAsUser`;
  switch (runAsUser.type) {
    case 'RunAsAny':
      return [];
    case 'MustRunAs':
      if (user === undefined) return [required(field)];
      return user === runAsUser.uid
        ? []
        : [invalid(field, user, `must be: ${runAsUser.uid ?? ''}`)];
    case 'MustRunAsRange': {
      const { uidRangeMin: min = 0, uidRangeMax: max = 0 } = runAsUser;
      if (user === undefined) return [required(field)];
      return min <= user && user <= max
        ? []
        : [invalid(field, user, `must be in the ranges: [${min}, ${max}]`)];
    }
    case 'MustRunAsNonRoot':
      if (nonRoot === undefined && user === undefined) {
        return [required(`${context}.runAsNonRoot`, 'must be true')];
      }
      if (nonRoot === false) return [invalid(`${context}.runAsNonRoot`, nonRoot, 'must be true')];
      return user === 0 ? [invalid(field, user, 'running with the root UID is forbidden')] : [];
  }
}

function capabilityReasons(
  field: string,
  scc: Scc,
  asked: ContainerSecurity['capabilities'],
): Reason[] {
  const { allowedCapabilities, defaultAddCapabilities, requiredDropCapabilities } = scc;
  if (asked === undefined) {
    return defaultAddCapabilities.length === 0 && requiredDropCapabilities.length === 0
      ? []
      : [invalid(field, null, 'required capabilities are not set on the securityContext')];
  }
  if (allowedCapabilities.includes('*')) return [];
  const allowed = new Set([...allowedCapabilities, ...defaultAddCapabilities]);
  const dropped = new Set(asked.drop);
  return [
    ...(asked.add ?? [])
      .filter((name) => !allowed.has(name))
      .map((name) => invalid(`${field}.add`, name, 'capability may not be added')),
    ...requiredDropCapabilities
      .filter((name) => !dropped.has(name))
      .map((name) =>
        invalid(
          `${field}.drop`,
          asked.drop ?? null,
          `${name} is required to be dropped but was not found`,
        ),
      ),
  ];
}

function rootReasons(field: string, scc: Scc, readOnly: boolean | undefined): Reason[] {
  if (!scc.readOnlyRootFilesystem || readOnly === true) return [];
  return readOnly === undefined
    ? [invalid(field, null, 'ReadOnlyRootFilesystem may not be nil and must be set to true')]
    : [invalid(field, false, 'ReadOnlyRootFilesystem must be set to true')];
}
