import type { GroupStrategy, Scc } from '../../../constructs/targets/sccs/scc';
import type { Pod, SeLinuxOptions } from '../pod';
import type { Behaviour } from './behaviour';
import { forbidden, invalid, required, type Reason } from './reason';
import { podSeccompReasons } from './seccomp';
import { volumeReasons } from './volumes';

/** What an SCC has against a pod, its containers aside. Source: `sccmatching/provider.go`, ValidatePodSecurityContext. */
export function podReasons(pod: Pod, scc: Scc, behaviour: Behaviour): Reason[] {
  const { spec } = pod;
  const context = spec.securityContext;
  const fsGroups = context.fsGroup === undefined ? [] : [context.fsGroup];
  return [
    ...groupReasons('spec.securityContext.fsGroup', scc.fsGroup, fsGroups),
    ...groupReasons(
      'spec.securityContext.supplementalGroups',
      scc.supplementalGroups,
      context.supplementalGroups ?? [],
    ),
    ...podSeccompReasons(pod, scc.seccompProfiles, behaviour),
    ...seLinuxReasons('spec.securityContext.seLinuxOptions', scc, context.seLinuxOptions),
    ...hostReasons(pod, scc),
    ...(behaviour.userNamespaces &&
    scc.userNamespaceLevel === 'RequirePodLevel' &&
    spec.hostUsers !== false
      ? [invalid('spec.hostUsers', spec.hostUsers ?? null, 'Host Users must be set to false')]
      : []),
    ...sysctlReasons(pod, scc, behaviour),
    ...volumeReasons(spec.volumes ?? [], scc, behaviour),
  ];
}

function hostReasons({ spec }: Pod, scc: Scc): Reason[] {
  const wishes = [
    ['hostNetwork', scc.allowHostNetwork, 'Host network'],
    ['hostPID', scc.allowHostPID, 'Host PID'],
    ['hostIPC', scc.allowHostIPC, 'Host IPC'],
  ] as const;
  return wishes
    .filter(([field, allowed]) => spec[field] === true && !allowed)
    .map(([field, , what]) => invalid(`spec.${field}`, true, `${what} is not allowed to be used`));
}

function groupReasons(field: string, strategy: GroupStrategy, groups: readonly number[]): Reason[] {
  const ranges = strategy.ranges ?? [];
  if (strategy.type === 'RunAsAny') return [];
  if (groups.length === 0 && ranges.length > 0) {
    return [invalid(field, groups, 'unable to validate empty groups against required ranges')];
  }
  return groups
    .filter((group) => !ranges.some(({ min, max }) => min <= group && group <= max))
    .map((group) => invalid(field, groups, `${group} is not an allowed group`));
}

/** What an SCC has against an SELinux context. */
export function seLinuxReasons(
  field: string,
  { seLinuxContext }: Scc,
  context: SeLinuxOptions | undefined,
): Reason[] {
  const wanted = seLinuxContext.seLinuxOptions;
  if (seLinuxContext.type === 'RunAsAny' || wanted === undefined) return [];
  if (context === undefined) return [required(field)];
  return (['level', 'role', 'type', 'user'] as const).flatMap((part) => {
    const [must, is] = [wanted[part] ?? '', context[part] ?? ''];
    const same = part === 'level' ? sameLevel(must, is) : must === is;
    return same ? [] : [invalid(`${field}.${part}`, is, `must be ${must}`)];
  });
}

/** Levels are the same with their categories in any order. */
function sameLevel(wanted: string, given: string): boolean {
  if (wanted === given) return true;
  const [a, b] = [parts(wanted), parts(given)];
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];
}

function parts(level: string): readonly [string, string] | undefined {
  const colon = level.indexOf(':');
  if (colon < 0) return undefined;
  return [
    level.slice(0, colon),
    level
      .slice(colon + 1)
      .split(',')
      .sort()
      .join(','),
  ];
}

function sysctlReasons(pod: Pod, scc: Scc, { safeSysctls }: Behaviour): Reason[] {
  return (pod.spec.securityContext.sysctls ?? []).flatMap(({ name }, index) => {
    const field = `spec.securityContext.sysctls[${index}]`;
    if (matches(name, scc.forbiddenSysctls)) {
      return [forbidden(field, `sysctl "${name}" is not allowed`)];
    }
    if (safeSysctls.includes(name) || matches(name, scc.allowedUnsafeSysctls)) return [];
    return [forbidden(field, `unsafe sysctl "${name}" is not allowed`)];
  });
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  );
}
