import type { Construct } from 'constructs';

import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { classProblems, type ClassProps } from './class-props';
import { hostProblems, pathProblems } from './names';
import { NFS_DRIVER, type NfsCsiDriver } from './nfs-csi-driver';
import { nfsMountOptions, nfsOptionProblems, type NfsMount } from './nfs-mount';
import { storageClass } from './storage-class';
import { SharedClass } from './volume-class';

/** Directories of an NFS server, made and mounted by csi-driver-nfs. */
export interface NfsCsiClassProps
  extends NfsMount, Pick<ClassProps, 'className' | 'isDefault' | 'expandable'> {
  readonly driver: NfsCsiDriver;
  /** Host name or IPv4 address of the server. */
  readonly server: string;
  /** Absolute path that the server exports. */
  readonly share: string;
  /**
   * Directory of a claim below it, from `${pvc.metadata.namespace}`, `${pvc.metadata.name}` and `${pv.metadata.name}`.
   *
   * @default - the name of the volume
   */
  readonly subDir?: string;
  /**
   * What becomes of a claim's files when the claim is deleted: `archive` renames its directory, `keep` leaves it, `delete`
   * removes it.
   *
   * @default 'archive'
   */
  readonly deletedClaims?: 'archive' | 'keep' | 'delete';
}

const PLACEHOLDERS = /^\$\{(pvc\.metadata\.(name|namespace)|pv\.metadata\.name)\}$/;
const ON_DELETE = { archive: 'archive', keep: 'retain', delete: 'delete' } as const;

/** A class of directories of an NFS server. The server does not enforce the size of a claim. */
export class NfsCsiClass extends SharedClass {
  public readonly className: string;
  public readonly expandable: boolean;
  public readonly snapshotClassName = undefined;

  constructor(scope: Construct, id: string, props: NfsCsiClassProps) {
    super(scope, id);
    const expandable = props.expandable ?? targetOf(this).has('csi-volume-expansion');
    rejectInvalid(this, [
      ...classProblems({ className: props.className }),
      ...hostProblems('server', props.server),
      ...pathProblems('share', props.share),
      ...nfsOptionProblems(props),
      ...(props.expandable === true
        ? targetOf(this).problemsOf("'expandable'", 'csi-volume-expansion')
        : []),
      ...subDirProblems(props.subDir),
    ]);

    this.className = props.className;
    this.expandable = expandable;
    const deleted = props.deletedClaims ?? 'archive';
    storageClass(
      this,
      'Class',
      {
        className: props.className,
        isDefault: props.isDefault ?? false,
        deletedClaims: 'delete', // what that means is the driver's onDelete
        expandable,
      },
      {
        part: {
          name: 'csi-driver-nfs',
          instance: props.className,
          component: 'class',
          partOf: 'storage',
        },
        provisioner: NFS_DRIVER,
        parameters: {
          server: props.server,
          share: props.share,
          onDelete: ON_DELETE[deleted],
          ...(props.subDir === undefined ? {} : { subDir: props.subDir }),
        },
        mountOptions: nfsMountOptions(props),
      },
    );
    this.node.addDependency(props.driver);
  }
}

/** Two claims in one directory share their files, and one that is deleted takes those of the other with it. */
function subDirProblems(subDir: string | undefined): string[] {
  if (subDir === undefined) return [];
  const fields: readonly string[] = subDir.match(/\$\{[^}]*\}/g) ?? [];
  const whole =
    fields.includes('${pv.metadata.name}') ||
    (fields.includes('${pvc.metadata.namespace}') && fields.includes('${pvc.metadata.name}'));
  return [
    ...fields.flatMap((placeholder) =>
      PLACEHOLDERS.test(placeholder)
        ? []
        : [
            `'subDir' must be made of \${pvc.metadata.namespace}, \${pvc.metadata.name} and \${pv.metadata.name}, got '${placeholder}'`,
          ],
    ),
    ...(whole
      ? []
      : [
          `'subDir' must hold \${pv.metadata.name}, or \${pvc.metadata.namespace} and \${pvc.metadata.name}, so that claims do not share files, got '${subDir}'`,
        ]),
    ...(subDir.split('/').includes('..')
      ? [`'subDir' must not leave the share, got '${subDir}'`]
      : []),
  ];
}
