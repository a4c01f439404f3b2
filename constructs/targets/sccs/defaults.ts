import type { Scc } from './scc';

/**
 * The SCCs that OKD 4 installs, and who may use them. Source: openshift/cluster-kube-apiserver-operator, the manifests
 * `0000_20_kube-apiserver-operator_00_scc-*` in `manifests/` (release-4.1 to release-4.7) and `bindata/bootkube/scc-manifests/` (release-4.8,
 * 25c54939b, to release-4.22, 9c413cd4d), compared branch by branch. 3.11: openshift/origin,
 * `pkg/cmd/server/bootstrappolicy/securitycontextconstraints.go`, which release-4.1 has as files.
 */
interface Row extends Partial<Omit<Scc, 'volumes'>> {
  readonly name: string;
  /** OKD 4 minor that has it first; 0 for all, 3.11 included. */
  readonly since: number;
  /** Volumes beside those that all of the time allow. */
  readonly volumes?: readonly string[];
}

/** What nearly all have. */
const COMMON: Omit<Scc, 'name' | 'volumes'> = {
  priority: null,
  users: [],
  groups: [],
  allowPrivilegedContainer: false,
  allowHostDirVolumePlugin: false,
  allowHostNetwork: false,
  allowHostPorts: false,
  allowHostPID: false,
  allowHostIPC: false,
  readOnlyRootFilesystem: false,
  allowPrivilegeEscalation: true,
  defaultAllowPrivilegeEscalation: null,
  allowedCapabilities: [],
  defaultAddCapabilities: [],
  requiredDropCapabilities: ['KILL', 'MKNOD', 'SETUID', 'SETGID'],
  runAsUser: { type: 'MustRunAsRange' },
  seLinuxContext: { type: 'MustRunAs' },
  fsGroup: { type: 'MustRunAs' },
  supplementalGroups: { type: 'RunAsAny' },
  seccompProfiles: [],
  allowedUnsafeSysctls: [],
  forbiddenSysctls: [],
  allowedFlexVolumes: [],
  userNamespaceLevel: 'AllowHostLevel',
};

/** The second generation drops everything, forbids escalation and sets seccomp. */
const SECOND = {
  allowPrivilegeEscalation: false,
  allowedCapabilities: ['NET_BIND_SERVICE'],
  requiredDropCapabilities: ['ALL'],
  seccompProfiles: ['runtime/default'],
} as const;

const ANY = { type: 'RunAsAny' } as const;
const NON_ROOT = { runAsUser: { type: 'MustRunAsNonRoot' }, fsGroup: ANY } as const;
const ANY_ID = { runAsUser: ANY, fsGroup: ANY, requiredDropCapabilities: ['MKNOD'] } as const;
const HOST_NETWORK = {
  allowHostNetwork: true,
  allowHostPorts: true,
  supplementalGroups: { type: 'MustRunAs' },
} as const;
const HOST_NAMESPACES = {
  allowHostDirVolumePlugin: true,
  allowHostNetwork: true,
  allowHostPorts: true,
  allowHostPID: true,
  allowHostIPC: true,
} as const;
const HOST_MOUNT = { allowHostDirVolumePlugin: true, volumes: ['hostPath', 'nfs'] } as const;
/** Pods in a user namespace may have the ids that they like in there. */
const OWN_IDS = (min: number) => ({
  runAsUser: { type: 'MustRunAsRange' as const, uidRangeMin: min, uidRangeMax: 65534 },
  fsGroup: { type: 'MustRunAs' as const, ranges: [{ min, max: 65534 }] },
  supplementalGroups: { type: 'MustRunAs' as const, ranges: [{ min, max: 65534 }] },
  userNamespaceLevel: 'RequirePodLevel' as const,
});

const ROWS: readonly Row[] = [
  { name: 'anyuid', since: 0, priority: 10, groups: ['system:cluster-admins'], ...ANY_ID },
  { name: 'hostaccess', since: 0, ...HOST_NAMESPACES, volumes: ['hostPath'] },
  {
    ...{ name: 'hostmount-anyuid', since: 0, ...ANY_ID, ...HOST_MOUNT },
    users: ['system:serviceaccount:openshift-infra:pv-recycler-controller'],
  },
  { name: 'hostmount-anyuid-v2', since: 17, ...ANY_ID, ...HOST_MOUNT, seLinuxContext: ANY },
  { name: 'hostnetwork', since: 0, ...HOST_NETWORK },
  { name: 'hostnetwork-v2', since: 11, ...HOST_NETWORK, ...SECOND },
  {
    ...{ name: 'nested-container', since: 20, ...OWN_IDS(0) },
    allowedCapabilities: ['SETUID', 'SETGID'],
    requiredDropCapabilities: [],
    seLinuxContext: { type: 'MustRunAs', seLinuxOptions: { type: 'container_engine_t' } },
    seccompProfiles: ['*'],
  },
  { name: 'nonroot', since: 0, ...NON_ROOT },
  { name: 'nonroot-v2', since: 11, ...NON_ROOT, ...SECOND },
  {
    ...{ name: 'privileged', since: 0, ...HOST_NAMESPACES, allowPrivilegedContainer: true },
    allowedCapabilities: ['*'],
    requiredDropCapabilities: [],
    allowedUnsafeSysctls: ['*'],
    seccompProfiles: ['*'],
    ...{ runAsUser: ANY, seLinuxContext: ANY, fsGroup: ANY, volumes: ['*'] },
    groups: ['system:cluster-admins', 'system:nodes', 'system:masters'],
    users: ['system:admin', 'system:serviceaccount:openshift-infra:build-controller'],
  },
  { name: 'restricted', since: 0 },
  { name: 'restricted-v2', since: 11, ...SECOND },
  { name: 'restricted-v3', since: 20, ...SECOND, ...OWN_IDS(1000) },
];

/** The SCCs that an OKD has from the start, by name. `minor` is that of OKD 4, 0 for OKD 3.11. */
export function defaultSccs(minor: number): readonly Scc[] {
  return ROWS.filter(({ since }) => since <= minor).map(({ since: _, volumes = [], ...row }) => ({
    ...COMMON,
    ...row,
    // Until 4.10 everybody was named in `restricted` itself; later bindings name everybody: `bindings.ts`.
    ...(row.name === 'restricted' && minor < 11 ? { groups: ['system:authenticated'] } : {}),
    volumes: volumes.includes('*') ? ['*'] : [...plainVolumes(minor), ...volumes].sort(),
  }));
}

function plainVolumes(minor: number): string[] {
  return [
    ...['configMap', 'downwardAPI', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret'],
    ...(minor >= 12 ? ['ephemeral'] : []),
    ...(minor >= 13 ? ['csi'] : []),
    ...(minor >= 20 ? ['image'] : []),
  ];
}
