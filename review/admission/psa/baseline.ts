import { isObject } from '../../../plan/json';
import {
  containersThat,
  distinct,
  named,
  plural,
  quoted,
  settersOf,
  sparingUserNamespaces,
  type Judge,
  type PsaCheck,
} from './check';
import type { Container, Pod } from '../pod';
import { seccompAnnotations, seccompFields } from './seccomp';
import { sysctlsSince } from './sysctls';

const always = (judge: Judge): PsaCheck['versions'] => [{ since: 0, judge }];

/** Rules of both levels, in the order of their ids. */
export const BASELINE: readonly PsaCheck[] = [
  baseline('appArmorProfile', always(appArmor)),
  baseline('capabilities_baseline', always(capabilities)),
  baseline('hostNamespaces', always(hostNamespaces)),
  baseline('hostPathVolumes', always(hostPaths)),
  baseline('hostPorts', always(hostPorts)),
  baseline('hostProbesAndHostLifecycle', [{ since: 34, judge: probeHosts }]),
  baseline('privileged', always(privileged)),
  baseline('procMount', [
    { since: 0, judge: procMount },
    { since: 35, judge: sparingUserNamespaces(procMount) },
  ]),
  baseline('seLinuxOptions', [
    { since: 0, judge: seLinux([]) },
    { since: 31, judge: seLinux(['container_engine_t']) },
  ]),
  baseline('seccompProfile_baseline', [
    { since: 0, judge: seccompAnnotations },
    { since: 19, judge: seccompFields },
  ]),
  baseline(
    'sysctls',
    [0, 27, 29, 32].map((since) => ({ since, judge: sysctlsSince(since) })),
  ),
  baseline('windowsHostProcess', always(hostProcess)),
];

function baseline(id: string, versions: PsaCheck['versions']): PsaCheck {
  return { id, level: 'baseline', versions, overrides: [] };
}

/** Beside the capabilities that a runtime gives by itself. */
const ORDINARY = new Set([
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
]);

function capabilities({ spec }: Pod): string | undefined {
  const extra = ({ securityContext }: Container): string[] =>
    (securityContext?.capabilities?.add ?? []).filter((name) => !ORDINARY.has(name));
  const bad = containersThat(spec, (_, container) => extra(container).length > 0);
  return bad.length === 0
    ? undefined
    : `${named(bad)} must not include ${quoted(distinct(bad.flatMap(extra)))} in securityContext.capabilities.add`;
}

function hostNamespaces({ spec }: Pod): string | undefined {
  const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((one) => spec[one] === true);
  return used.length === 0 ? undefined : used.map((one) => `${one}=true`).join(', ');
}

function hostPaths({ spec }: Pod): string | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => volume['hostPath'] !== undefined);
  return bad.length === 0
    ? undefined
    : `${plural('volume', bad.length)} ${quoted(bad.map(({ name }) => name))} of the node's files`;
}

function hostPorts({ spec }: Pod): string | undefined {
  const ports = ({ ports: list = [] }: Container): string[] =>
    list.flatMap(({ hostPort = 0 }) => (hostPort === 0 ? [] : [String(hostPort)]));
  const bad = containersThat(spec, (_, container) => ports(container).length > 0);
  return bad.length === 0
    ? undefined
    : `${named(bad)} must not use hostPorts ${distinct(bad.flatMap(ports)).join(', ')}`;
}

function probeHosts({ spec }: Pod): string | undefined {
  const hosts = (container: Container): string[] =>
    [
      container.livenessProbe,
      container.readinessProbe,
      container.startupProbe,
      container.lifecycle?.postStart,
      container.lifecycle?.preStop,
    ].flatMap((handler) =>
      [handler?.httpGet?.host ?? '', handler?.tcpSocket?.host ?? ''].filter((host) => host !== ''),
    );
  const bad = containersThat(spec, (_, container) => hosts(container).length > 0);
  return bad.length === 0
    ? undefined
    : `${named(bad)} must not name hosts ${quoted(distinct(bad.flatMap(hosts)))} in probes or lifecycle handlers`;
}

function privileged({ spec }: Pod): string | undefined {
  const bad = containersThat(spec, (security) => security.privileged === true);
  return bad.length === 0
    ? undefined
    : `${named(bad)} must not set securityContext.privileged=true`;
}

/** Whatever shows more of /proc than usual. */
export function procMount({ spec }: Pod): string | undefined {
  const mount = ({ securityContext }: Container): string => securityContext?.procMount ?? 'Default';
  const bad = containersThat(spec, (_, container) => mount(container) !== 'Default');
  return bad.length === 0
    ? undefined
    : `${named(bad)} must not set securityContext.procMount to ${quoted(distinct(bad.map(mount)))}`;
}

function seLinux(more: readonly string[]): Judge {
  const types = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t', ...more]);
  const bad = (options: Pod['spec']['securityContext']['seLinuxOptions']): boolean =>
    options !== undefined &&
    (!types.has(options.type ?? '') || (options.user ?? '') !== '' || (options.role ?? '') !== '');
  return ({ spec }) => {
    const containers = containersThat(spec, ({ seLinuxOptions }) => bad(seLinuxOptions));
    const setters = settersOf(bad(spec.securityContext.seLinuxOptions), containers);
    return setters === undefined
      ? undefined
      : `${setters} set forbidden securityContext.seLinuxOptions: the type must be one of ${[...types].filter((type) => type !== '').join(', ')}, user and role may not be set`;
  };
}

const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/';

function appArmor({ spec, metadata }: Pod): string | undefined {
  const bad = (profile: { readonly type: string } | undefined): boolean =>
    profile !== undefined && !['RuntimeDefault', 'Localhost'].includes(profile.type);
  const containers = containersThat(spec, ({ appArmorProfile }) => bad(appArmorProfile));
  const setters = settersOf(bad(spec.securityContext.appArmorProfile), containers);
  const notes = Object.entries(metadata.annotations ?? {})
    .filter(
      ([name, value]) =>
        name.startsWith(APPARMOR) && !/^($|runtime\/default$|localhost\/)/.test(value),
    )
    .map(([name, value]) => `${name}="${value}"`);
  if (setters === undefined && notes.length === 0) return undefined;
  const who = [...(setters === undefined ? [] : [setters]), ...notes.sort()].join(' and ');
  return `${who} must not set an AppArmor profile other than the runtime's default and local ones`;
}

function hostProcess({ spec }: Pod): string | undefined {
  const bad = (options: unknown): boolean => isObject(options) && options['hostProcess'] === true;
  const containers = containersThat(spec, ({ windowsOptions }) => bad(windowsOptions));
  const setters = settersOf(bad(spec.securityContext.windowsOptions), containers);
  return setters === undefined
    ? undefined
    : `${setters} must not set securityContext.windowsOptions.hostProcess=true`;
}
