/** How UIDs are chosen. */
export type UserStrategy = 'MustRunAs' | 'MustRunAsRange' | 'MustRunAsNonRoot' | 'RunAsAny';

/** How groups, or an SELinux context, are chosen. */
export type Strategy = 'MustRunAs' | 'RunAsAny';

/** A range of group ids, both ends included. */
export interface IdRange {
  readonly min: number;
  readonly max: number;
}

/** The groups that a strategy allows; without ranges, those of the namespace. */
export interface GroupStrategy {
  readonly type: Strategy;
  /** @default - those of the namespace */
  readonly ranges?: readonly IdRange[];
}

/** An SELinux context, or part of one. */
export interface SeLinux {
  /** @default - not said */
  readonly level?: string;
  /** @default - not said */
  readonly role?: string;
  /** @default - not said */
  readonly type?: string;
  /** @default - not said */
  readonly user?: string;
}

/**
 * A SecurityContextConstraints object of OKD: who may run what sort of pod. Fields as in `security.openshift.io/v1`, where an absent list and
 * null are the same.
 */
export interface Scc {
  readonly name: string;
  /** The higher, the earlier it is tried; null counts as 0. */
  readonly priority: number | null;
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly allowPrivilegedContainer: boolean;
  readonly allowHostDirVolumePlugin: boolean;
  readonly allowHostNetwork: boolean;
  readonly allowHostPorts: boolean;
  readonly allowHostPID: boolean;
  readonly allowHostIPC: boolean;
  readonly readOnlyRootFilesystem: boolean;
  readonly allowPrivilegeEscalation: boolean;
  readonly defaultAllowPrivilegeEscalation: boolean | null;
  readonly allowedCapabilities: readonly string[];
  readonly defaultAddCapabilities: readonly string[];
  readonly requiredDropCapabilities: readonly string[];
  readonly runAsUser: {
    readonly type: UserStrategy;
    /** @default - the strategy names none */
    readonly uid?: number;
    /** @default - the namespace's own range */
    readonly uidRangeMin?: number;
    /** @default - the namespace's own range */
    readonly uidRangeMax?: number;
  };
  readonly seLinuxContext: {
    readonly type: Strategy;
    /** @default - the namespace's own */
    readonly seLinuxOptions?: SeLinux;
  };
  readonly fsGroup: GroupStrategy;
  readonly supplementalGroups: GroupStrategy;
  readonly seccompProfiles: readonly string[];
  readonly allowedUnsafeSysctls: readonly string[];
  readonly forbiddenSysctls: readonly string[];
  /** Sorts of volumes, `*` for all, `none` for none. */
  readonly volumes: readonly string[];
  /** Drivers of flexVolumes that are allowed; an empty list allows all. */
  readonly allowedFlexVolumes: readonly { readonly driver: string }[];
  readonly userNamespaceLevel: 'AllowHostLevel' | 'RequirePodLevel';
}

/** An SCC as the object that a cluster stores. */
export function sccManifest(scc: Scc) {
  const { name, ...rest } = scc;
  const orNull = (list: readonly string[]): readonly string[] | null =>
    list.length === 0 ? null : list;
  const { defaultAllowPrivilegeEscalation, userNamespaceLevel, allowedFlexVolumes, ...fields } =
    rest;
  return {
    ...{ apiVersion: 'security.openshift.io/v1', kind: 'SecurityContextConstraints' },
    metadata: { name },
    ...fields,
    allowedCapabilities: orNull(fields.allowedCapabilities),
    defaultAddCapabilities: orNull(fields.defaultAddCapabilities),
    requiredDropCapabilities: orNull(fields.requiredDropCapabilities),
    ...(defaultAllowPrivilegeEscalation === null ? {} : { defaultAllowPrivilegeEscalation }),
    ...(userNamespaceLevel === 'AllowHostLevel' ? {} : { userNamespaceLevel }),
    ...(allowedFlexVolumes.length === 0 ? {} : { allowedFlexVolumes }),
  };
}
