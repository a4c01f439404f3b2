/**
 * What the admission plugin of an OKD release does otherwise than that of its neighbours. Source: openshift/apiserver-library-go,
 * `pkg/securitycontextconstraints/`, the differences between its branches release-4.2 to release-4.22; for 3.11 openshift/origin,
 * `pkg/security/apiserver/`, of which release-4.2 is a copy. The number is the minor of OKD 4, 0 for OKD 3.11.
 */
export interface Behaviour {
  /** Capabilities and the like weigh half as much before 4.9, where what must not add up does. */
  readonly oldWeights: boolean;
  /** Ephemeral containers are looked at. */
  readonly ephemeralContainers: boolean;
  /** securityContext.seccompProfile is read and counts, not only the annotations. */
  readonly seccompFields: boolean;
  /** A profile that was chosen is written to the field, too. */
  readonly setsSeccompField: boolean;
  /** The API server itself copies seccomp between annotations and fields (Kubernetes 1.19 to 1.26, `pkg/registry/core/pod/strategy.go`). */
  readonly syncsSeccomp: boolean;
  /** 4.11 compared the wrong variable: an SCC that lists the runtime's default profile lets every profile through. */
  readonly seccompSlip: boolean;
  /** A container with a UID from 1 is marked runAsNonRoot. */
  readonly marksNonRoot: boolean;
  /** Privileged containers, and those that add CAP_SYS_ADMIN, are spared `defaultAllowPrivilegeEscalation`. */
  readonly sparesPrivileged: boolean;
  /** Pods for Windows nodes are not looked at. */
  readonly ignoresWindows: boolean;
  /** The annotation openshift.io/required-scc counts. */
  readonly requiredScc: boolean;
  /** Who was allowed to use the SCC is noted on the pod. */
  readonly notesSubject: boolean;
  /** Updates of subresources other than the harmless ones are looked at. */
  readonly readsSubresources: boolean;
  /** Updates of the network's own annotation are not looked at. */
  readonly ignoresNetworkNotes: boolean;
  /** A namespace without its annotations, or an SCC that cannot be used there, refuses every pod; before, such an SCC was passed over. */
  readonly needsAllocations: boolean;
  /** The token volume that Kubernetes adds is allowed where secrets are. */
  readonly knowsTokenVolumes: boolean;
  /** hostUsers is looked at. */
  readonly userNamespaces: boolean;
  readonly safeSysctls: readonly string[];
  /** Sorts of volumes that the plugin has a name for beside those of 3.11. */
  readonly newVolumes: readonly string[];
}

/** How the plugin of an OKD behaves. */
export function behaviourOf(minor: number): Behaviour {
  const since = (first: number): boolean => minor >= first;
  return {
    oldWeights: !since(9),
    ephemeralContainers: since(10),
    seccompFields: since(11),
    setsSeccompField: since(13),
    syncsSeccomp: since(6) && !since(14),
    seccompSlip: minor === 11,
    marksNonRoot: since(11),
    sparesPrivileged: since(6),
    ignoresWindows: since(11),
    requiredScc: since(14),
    notesSubject: since(20),
    readsSubresources: since(10),
    ignoresNetworkNotes: since(16),
    needsAllocations: since(8),
    knowsTokenVolumes: since(8),
    userNamespaces: since(18),
    safeSysctls: SAFE_SYSCTLS.filter(([first]) => since(first)).map(([, name]) => name),
    newVolumes: [...(since(6) ? ['ephemeral'] : []), ...(since(18) ? ['image'] : [])],
  };
}

/**
 * Sysctls that every SCC allows, with the first minor. `vendor/k8s.io/kubernetes/pkg/security/podsecuritypolicy/sysctl` up to 4.11, then
 * `pkg/securitycontextconstraints/sysctl`. The last three also need Linux 3.16 and 4.15, which OKD's nodes have.
 */
const SAFE_SYSCTLS: readonly (readonly [number, string])[] = [
  [0, 'kernel.shm_rmid_forced'],
  [0, 'net.ipv4.ip_local_port_range'],
  [0, 'net.ipv4.tcp_syncookies'],
  [5, 'net.ipv4.ping_group_range'],
  [9, 'net.ipv4.ip_unprivileged_port_start'],
  [16, 'net.ipv4.tcp_keepalive_time'],
  [16, 'net.ipv4.tcp_fin_timeout'],
  [16, 'net.ipv4.tcp_keepalive_intvl'],
  [16, 'net.ipv4.tcp_keepalive_probes'],
  [21, 'net.ipv4.ip_local_reserved_ports'],
  [21, 'net.ipv4.tcp_rmem'],
  [21, 'net.ipv4.tcp_wmem'],
];
