import type { Judge } from './check';

/** Sysctls that touch only the pod, with the minor since which the rule knows them. */
const SAFE: readonly (readonly [number, string])[] = [
  [0, 'kernel.shm_rmid_forced'],
  [0, 'net.ipv4.ip_local_port_range'],
  [0, 'net.ipv4.tcp_syncookies'],
  [0, 'net.ipv4.ping_group_range'],
  [0, 'net.ipv4.ip_unprivileged_port_start'],
  [27, 'net.ipv4.ip_local_reserved_ports'],
  [29, 'net.ipv4.tcp_keepalive_time'],
  [29, 'net.ipv4.tcp_fin_timeout'],
  [29, 'net.ipv4.tcp_keepalive_intvl'],
  [29, 'net.ipv4.tcp_keepalive_probes'],
  [32, 'net.ipv4.tcp_rmem'],
  [32, 'net.ipv4.tcp_wmem'],
];

/** The rule on sysctls as it reads since a minor. */
export function sysctlsSince(minor: number): Judge {
  const safe = new Set(SAFE.filter(([since]) => since <= minor).map(([, name]) => name));
  return ({ spec }) => {
    const bad = (spec.securityContext.sysctls ?? []).filter(({ name }) => !safe.has(name));
    return bad.length === 0
      ? undefined
      : `forbidden sysctls ${bad.map(({ name }) => name).join(', ')}`;
  };
}
