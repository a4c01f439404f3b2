import { classProblems, type ClassProps } from './class-props';
import { sizeProblems } from './names';
import { nfsOptionProblems, type NfsMount } from './nfs-mount';
import type { IVolumeClass } from './volume-class';

/** An NFS server inside the cluster, for sites without a filer or a Ceph. */
export interface NfsServerProps extends NfsMount, Pick<ClassProps, 'className' | 'isDefault'> {
  /** The claim that everything is kept on. It is protected, and stays when the server leaves the plan. */
  readonly export: {
    readonly storageClass: IVolumeClass;
    /** Size in GiB of all claims of the class together. */
    readonly sizeGiB: number;
  };

  /**
   * Why it is accepted that the server runs as root: it keeps files of every user. For example
   * `no filer at this site, REANA needs a shared volume`.
   */
  readonly consent: string;

  /**
   * Seconds after a start in which clients reclaim their locks and nobody gets new ones, 0 to 180. With 0, locks that were
   * held over a restart can be given to two.
   *
   * @default 90
   */
  readonly graceSeconds?: number;

  /**
   * Seconds after which a client that was not heard of loses its locks: at most `graceSeconds`, or clients come too
   * late to reclaim.
   *
   * @default 60
   */
  readonly leaseSeconds?: number;

  /**
   * What becomes of a claim's files when the claim is deleted.
   *
   * @default 'delete'
   */
  readonly deletedClaims?: 'delete' | 'keep';

  /**
   * Number of claims that it serves at most.
   *
   * @default - as many as fit
   */
  readonly mostClaims?: number;

  /**
   * Whether a drain of its node may stop it. Every mount hangs until it runs elsewhere.
   *
   * @default 'allow'
   */
  readonly drains?: 'allow' | 'refuse';

  /**
   * CPU and memory.
   *
   * @default { cpu: '500m', memory: '512Mi', memoryLimit: '2Gi' }
   */
  readonly resources?: {
    readonly cpu: string;
    readonly memory: string;
    /** @default - as `memory` */
    readonly memoryLimit?: string;
  };
}

export const GRACE_SECONDS = 90; // the program's own default
export const LEASE_SECONDS = 60; // Ganesha's own default

/** What is wrong with the props, one message each. */
export function nfsServerProblems(props: NfsServerProps): string[] {
  const grace = props.graceSeconds ?? GRACE_SECONDS;
  const lease = props.leaseSeconds ?? LEASE_SECONDS;
  const { storageClass } = props.export;
  const { mostClaims } = props;
  return [
    ...classProblems({ className: props.className }),
    ...sizeProblems('export.sizeGiB', props.export.sizeGiB),
    ...(storageClass.accessModes.includes('ReadWriteOnce')
      ? []
      : [
          `'export.storageClass' must allow ReadWriteOnce, got '${storageClass.className}', which allows [${storageClass.accessModes.join(', ')}]`,
        ]),
    ...(storageClass.className === props.className
      ? [
          `'export.storageClass' must be another class than the server's own, got '${props.className}'`,
        ]
      : []),
    ...(props.consent.trim() === ''
      ? [`'consent' must say why a server that runs as root is accepted, got ''`]
      : []),
    ...(Number.isInteger(grace) && grace >= 0 && grace <= 180
      ? []
      : [`'graceSeconds' must be a whole number from 0 to 180, got '${grace}'`]),
    ...(Number.isInteger(lease) && lease >= 1 && (lease <= grace || grace === 0)
      ? []
      : [
          `'leaseSeconds' must be a whole number from 1 to the ${grace} of 'graceSeconds', got '${lease}'`,
        ]),
    ...(mostClaims === undefined || (Number.isInteger(mostClaims) && mostClaims >= 1)
      ? []
      : [`'mostClaims' must be a whole number from 1, got '${mostClaims}'`]),
    ...nfsOptionProblems(props),
  ];
}
