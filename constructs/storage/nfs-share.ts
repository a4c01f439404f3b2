import { Construct, type IDependable } from 'constructs';

import type { IFileShare } from '../contracts';
import { rejectInvalid } from '../kit/validate';
import { CLAIM_NAME, hostProblems, pathProblems, sizeProblems } from './names';
import { nfsMountOptions, nfsOptionProblems, type NfsMount } from './nfs-mount';
import { boundPair } from './static-volume';

/** Where an exported directory is, and how pods may use it. */
export interface NfsShareProps extends NfsMount {
  /** Name of the claim. */
  readonly claimName: string;
  /** Host name or IPv4 address of the server. */
  readonly server: string;
  /** Absolute path that the server exports: `/export/home`. */
  readonly path: string;
  /**
   * Size in GiB that the scheduler is told. NFS enforces none.
   *
   * @default 1024
   */
  readonly sizeGiB?: number;
  /**
   * Whether pods may only read.
   *
   * @default false
   */
  readonly readOnly?: boolean;
}

/** An exported directory as one claim of this namespace. Removing it never deletes anything on the server. */
export class NfsShare extends Construct implements IFileShare {
  public readonly claimName: string;
  public readonly readOnly: boolean;
  public readonly userNamespaces = false;
  public readonly ready: IDependable = this;

  constructor(scope: Construct, id: string, props: NfsShareProps) {
    super(scope, id);
    const { claimName, server, path } = props;
    const sizeGiB = props.sizeGiB ?? 1024;
    rejectInvalid(this, [
      ...(CLAIM_NAME.test(claimName)
        ? []
        : [`'claimName' must be lower-case letters, digits and '-', got '${claimName}'`]),
      ...hostProblems('server', server),
      ...pathProblems('path', path),
      ...sizeProblems('sizeGiB', sizeGiB),
      ...nfsOptionProblems(props),
    ]);

    this.claimName = claimName;
    this.readOnly = props.readOnly ?? false;
    boundPair(this, {
      claimName,
      part: { name: 'nfs', instance: claimName, component: 'share', partOf: 'storage' },
      sizeGiB,
      readOnly: this.readOnly,
      mountOptions: nfsMountOptions(props),
      source: { nfs: { server, path, readOnly: this.readOnly } },
    });
  }
}
