import type { PodSecurityContext, SecurityContext } from 'kubernetes-types/core/v1';

import type { Target } from '../targets';
import type { Exception, Exempt } from './exceptions';

/** UID and GID of pods on Kubernetes: "nonroot" of the distroless images, in the passwd of no distribution. */
const NON_ROOT = 65532;

/** How the pods of a template run. */
export interface PodSecurityProps {
  /**
   * UID and GID on Kubernetes. OKD gives every namespace a range of its own instead.
   *
   * @default 65532
   */
  readonly user?: number;
  /**
   * Whether the UID is wanted on OKD as well, as files outside the cluster belong to it. The ServiceAccount then needs
   * the nonroot SCC: see `grantScc`.
   *
   * @default false
   */
  readonly fixedUser?: boolean;
  /**
   * GID that owns the files of the pod's claims on Kubernetes, and on OKD with `fixedUser`. Otherwise OKD sets the namespace's own.
   *
   * @default - files keep their group
   */
  readonly volumeGroup?: number;
  /**
   * Why the pods run as root. On OKD the ServiceAccount then needs the anyuid or the privileged SCC.
   *
   * @default - they do not
   */
  readonly root?: Exempt;
}

/** The security of a pod template. */
export interface PodSecurity {
  readonly context: PodSecurityContext;
  readonly annotations: Readonly<Record<string, string>>;
  readonly exceptions: readonly Exception[];
}

/**
 * Non-root with the runtime's seccomp profile. On OKD no group is named, nor a UID unless files demand it, so that restricted-v2 (restricted
 * before 4.11) admits the pod with the namespace's range; naming one would need nonroot-v2.
 */
export function podSecurity(target: Target, props: PodSecurityProps): PodSecurity {
  const user = props.user ?? NON_ROOT;
  const ids =
    target.flavour === 'okd'
      ? props.fixedUser === true
        ? {
            runAsUser: user,
            // The nonroot SCCs set no group of their own (fsGroup RunAsAny): unnamed, files of a claim would be root's.
            ...(props.volumeGroup === undefined ? {} : volumeGroup(target, props.volumeGroup)),
          }
        : {}
      : {
          runAsUser: user,
          runAsGroup: user,
          ...(props.volumeGroup === undefined ? {} : volumeGroup(target, props.volumeGroup)),
        };
  const context = props.root === undefined ? { runAsNonRoot: true, ...ids } : { runAsUser: 0 };
  const rooted: Exception[] =
    props.root === undefined ? [] : [{ rule: 'non-root', reason: props.root.exempt }];
  if (target.has('seccomp-field')) {
    return {
      context: { ...context, seccompProfile: { type: 'RuntimeDefault' } },
      annotations: {},
      exceptions: rooted,
    };
  }
  if (target.has('seccomp-annotation')) {
    const annotations = { 'seccomp.security.alpha.kubernetes.io/pod': 'runtime/default' };
    return { context, annotations, exceptions: rooted };
  }
  const reason = `the restricted SCC of '${target.name}' refuses every pod that names a seccomp profile`;
  return { context, annotations: {}, exceptions: [...rooted, { rule: 'seccomp', reason }] };
}

/** What no container of ours may do. */
export function containerSecurity(readOnlyRoot: boolean): SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: readOnlyRoot,
  };
}

function volumeGroup(target: Target, fsGroup: number): PodSecurityContext {
  return target.has('fs-group-change-policy')
    ? { fsGroup, fsGroupChangePolicy: 'OnRootMismatch' }
    : { fsGroup };
}
