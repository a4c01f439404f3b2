import { Construct, type IDependable } from 'constructs';
import type { PersistentVolumeClaimSpec } from 'kubernetes-types/core/v1';

import type { AccessMode, IFileShare } from '../contracts';
import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { rejectInvalid } from '../kit/validate';
import { targetOf, type Target } from '../targets';
import { CLAIM_NAME, sizeProblems } from './names';
import type { IVolumeClass } from './volume-class';

/** What somebody asks a class for. */
export interface ClaimProps {
  readonly claimName: string;
  readonly storageClass: IVolumeClass;
  /** Size in GiB. It can be raised where the class allows it, and never lowered. */
  readonly sizeGiB: number;
  /** Who mounts it: one node, many to read, many to write. */
  readonly access: AccessMode;
  /**
   * A file system, or a raw device for a program that brings its own.
   *
   * @default 'Filesystem'
   */
  readonly volumeMode?: 'Filesystem' | 'Block';
  /**
   * What it begins as: a copy of a claim of the same class, or what a VolumeSnapshot holds.
   *
   * @default - empty
   */
  readonly copyOf?: { readonly claim: Claim } | { readonly snapshot: string };
  /** The larger thing it belongs to, for its labels: `reana`. */
  readonly partOf: string;
}

/** A claim that was checked against its class. It is protected, and stays in the cluster when it leaves the plan. */
export class Claim extends Construct implements IFileShare {
  public readonly claimName: string;
  public readonly readOnly: boolean;
  public readonly userNamespaces: boolean;
  public readonly ready: IDependable = this;
  public readonly storageClass: IVolumeClass;
  public readonly sizeGiB: number;

  constructor(scope: Construct, id: string, props: ClaimProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(targetOf(this), props));

    const { claimName, storageClass } = props;
    this.claimName = claimName;
    this.storageClass = storageClass;
    this.sizeGiB = props.sizeGiB;
    this.readOnly = props.access === 'ReadOnlyMany';
    this.userNamespaces = storageClass.userNamespaces;
    const part: Part = {
      name: 'claim',
      instance: claimName,
      component: 'data',
      partOf: props.partOf,
    };
    kubeObject(this, 'Claim', 'PersistentVolumeClaim', {
      metadata: { name: claimName, labels: labelsOf(part) },
      spec: {
        accessModes: [props.access],
        resources: { requests: { storage: gibibytes(props.sizeGiB) } },
        storageClassName: storageClass.className,
        volumeMode: props.volumeMode ?? 'Filesystem',
        ...dataSource(props.copyOf),
      },
    });
    this.node.addDependency(storageClass.ready);
    if (props.copyOf !== undefined && 'claim' in props.copyOf)
      this.node.addDependency(props.copyOf.claim);
  }
}

function dataSource(copyOf: ClaimProps['copyOf']): Pick<PersistentVolumeClaimSpec, 'dataSource'> {
  if (copyOf === undefined) return {};
  return {
    dataSource:
      'claim' in copyOf
        ? { kind: 'PersistentVolumeClaim', name: copyOf.claim.claimName }
        : { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: copyOf.snapshot },
  };
}

function problemsIn(target: Target, props: ClaimProps): string[] {
  const { claimName, sizeGiB } = props;
  return [
    ...(CLAIM_NAME.test(claimName)
      ? []
      : [`'claimName' must be lower-case letters, digits and '-', got '${claimName}'`]),
    ...sizeProblems('sizeGiB', sizeGiB),
    ...accessProblems(props),
    ...copyProblems(target, props),
  ];
}

function accessProblems({ access, storageClass, volumeMode }: ClaimProps): string[] {
  const { className, accessModes, blockAccessModes } = storageClass;
  const mode = volumeMode ?? 'Filesystem';
  const possible = mode === 'Block' ? blockAccessModes : accessModes;
  if (possible.includes(access)) return [];
  const other = mode === 'Block' ? accessModes : blockAccessModes;
  const instead = other.includes(access)
    ? `; volumeMode '${mode === 'Block' ? 'Filesystem' : 'Block'}' can have it, or take a class of a shared file system`
    : '; take a class of a shared file system, such as CephFS or NFS';
  return [
    `'access' must be one of [${possible.join(', ')}] for volumeMode '${mode}' of class '${className}', got '${access}'${instead}`,
  ];
}

function copyProblems(target: Target, { copyOf, storageClass, sizeGiB }: ClaimProps): string[] {
  if (copyOf === undefined) return [];
  const { className, snapshotClassName } = storageClass;
  const able =
    snapshotClassName === undefined
      ? [
          `'copyOf' needs a class with snapshots, which '${className}' is not; copy the files with a Job`,
        ]
      : [];
  if ('snapshot' in copyOf)
    return [...target.problemsOf("'copyOf' a snapshot", 'volume-snapshots'), ...able];
  const { claim } = copyOf;
  return [
    ...target.problemsOf("'copyOf' a claim", 'volume-cloning'),
    ...able,
    ...(claim.storageClass.className === className
      ? []
      : [
          `'copyOf' must be a claim of class '${className}', got '${claim.claimName}' of class '${claim.storageClass.className}'`,
        ]),
    ...(sizeGiB >= claim.sizeGiB
      ? []
      : [
          `'sizeGiB' must be at least the ${claim.sizeGiB} of '${claim.claimName}', which it copies, got '${sizeGiB}'`,
        ]),
  ];
}
