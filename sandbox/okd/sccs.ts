/** Fields by which the default constraints differ; the others have the value that nearly all share. */
interface SccTraits {
  readonly name: string;
  /** Since which OKD 4 minor it exists; absent for those that 3.11 has, too. */
  readonly since?: number;
  readonly priority?: number;
  readonly runAsUser: 'MustRunAsRange' | 'MustRunAsNonRoot' | 'RunAsAny';
  readonly seLinux?: 'RunAsAny';
  readonly fsGroup?: 'RunAsAny';
  readonly supplementalGroups?: 'MustRunAs';
  readonly volumes: readonly string[];
  /** The second generation drops everything, forbids escalation and sets seccomp. */
  readonly v2?: true;
  readonly requiredDrop?: readonly string[];
  readonly hostNetwork?: true;
  readonly privileged?: true;
  readonly groups?: readonly string[];
}

const PLAIN = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const OLD_DROP = ['KILL', 'MKNOD', 'SETUID', 'SETGID'];
const ADMINS = ['system:cluster-admins'];

/**
 * The constraints that every OKD cluster begins with. Source: `bindata/bootkube/scc-manifests/` of
 * openshift/cluster-kube-apiserver-operator at c813e820b.
 */
const DEFAULTS: readonly SccTraits[] = [
  { name: 'restricted', runAsUser: 'MustRunAsRange', volumes: PLAIN, requiredDrop: OLD_DROP },
  { name: 'restricted-v2', since: 11, runAsUser: 'MustRunAsRange', volumes: PLAIN, v2: true },
  {
    name: 'nonroot',
    runAsUser: 'MustRunAsNonRoot',
    fsGroup: 'RunAsAny',
    volumes: PLAIN,
    requiredDrop: OLD_DROP,
  },
  {
    name: 'nonroot-v2',
    since: 11,
    runAsUser: 'MustRunAsNonRoot',
    fsGroup: 'RunAsAny',
    volumes: PLAIN,
    v2: true,
  },
  {
    name: 'anyuid',
    priority: 10,
    runAsUser: 'RunAsAny',
    fsGroup: 'RunAsAny',
    volumes: PLAIN,
    requiredDrop: ['MKNOD'],
    groups: ADMINS,
  },
  {
    name: 'hostnetwork',
    runAsUser: 'MustRunAsRange',
    supplementalGroups: 'MustRunAs',
    volumes: PLAIN,
    requiredDrop: OLD_DROP,
    hostNetwork: true,
  },
  {
    name: 'hostnetwork-v2',
    since: 11,
    runAsUser: 'MustRunAsRange',
    supplementalGroups: 'MustRunAs',
    volumes: PLAIN,
    v2: true,
    hostNetwork: true,
  },
  {
    name: 'hostmount-anyuid',
    runAsUser: 'RunAsAny',
    fsGroup: 'RunAsAny',
    volumes: [...PLAIN, 'hostPath', 'nfs'],
    requiredDrop: ['MKNOD'],
  },
  {
    name: 'privileged',
    runAsUser: 'RunAsAny',
    seLinux: 'RunAsAny',
    fsGroup: 'RunAsAny',
    volumes: ['*'],
    privileged: true,
    groups: [...ADMINS, 'system:nodes', 'system:masters'],
  },
];

/** The default SecurityContextConstraints of an OKD version (`3.11`, `4.21`). */
export function defaultSccs(
  okd: string,
): readonly { readonly metadata: { readonly name: string } }[] {
  const [major, minor] = okd.split('.').map(Number);
  const has = ({ since }: SccTraits): boolean =>
    since === undefined || (major === 4 && (minor ?? 0) >= since);
  return DEFAULTS.filter(has).map(scc);
}

function scc(traits: SccTraits) {
  const open = traits.privileged === true;
  return {
    ...{ apiVersion: 'security.openshift.io/v1', kind: 'SecurityContextConstraints' },
    metadata: { name: traits.name },
    allowHostDirVolumePlugin: open || traits.volumes.includes('hostPath'),
    allowHostIPC: open,
    allowHostNetwork: open || traits.hostNetwork === true,
    allowHostPID: open,
    allowHostPorts: open || traits.hostNetwork === true,
    allowPrivilegeEscalation: traits.v2 !== true,
    allowPrivilegedContainer: open,
    allowedCapabilities: open ? ['*'] : traits.v2 === true ? ['NET_BIND_SERVICE'] : null,
    defaultAddCapabilities: null,
    fsGroup: { type: traits.fsGroup ?? 'MustRunAs' },
    groups: traits.groups ?? [],
    priority: traits.priority ?? null,
    readOnlyRootFilesystem: false,
    requiredDropCapabilities: open
      ? null
      : traits.v2 === true
        ? ['ALL']
        : (traits.requiredDrop ?? null),
    runAsUser: { type: traits.runAsUser },
    seLinuxContext: { type: traits.seLinux ?? 'MustRunAs' },
    ...(open ? { seccompProfiles: ['*'], allowedUnsafeSysctls: ['*'] } : {}),
    ...(traits.v2 === true ? { seccompProfiles: ['runtime/default'] } : {}),
    supplementalGroups: { type: traits.supplementalGroups ?? 'RunAsAny' },
    users: [],
    volumes: traits.volumes,
  };
}
