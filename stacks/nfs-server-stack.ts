import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { GivenStorageClass, type GivenStorageClassProps } from '../constructs/storage/given-class';
import { NfsServer } from '../constructs/storage/nfs-server';
import type { NfsServerProps } from '../constructs/storage/nfs-server-props';
import type { IVolumeClass } from '../constructs/storage/volume-class';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** An NFS server of the site's own, on a volume that the cluster gives. */
export interface NfsServerStackProps {
  readonly server: Omit<NfsServerProps, 'export'>;
  /** The cluster's class for the one volume that everything is kept on, and its size in GiB. */
  readonly export: { readonly storageClass: GivenStorageClassProps; readonly sizeGiB: number };
  /**
   * Namespace of the server.
   *
   * @default 'storage'
   */
  readonly namespace?: string;
}

/** A shared class for a site that has neither a filer nor a Ceph. */
export class NfsServerStack extends Chart {
  public readonly shared: IVolumeClass;

  constructor(scope: Construct, id: string, props: NfsServerStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'storage' });
    // The server keeps capabilities that the lower levels refuse.
    new PlatformNamespace(this, 'Namespace', { partOf: 'storage', level: 'privileged' });
    const storageClass = new GivenStorageClass(this, 'Beneath', props.export.storageClass);
    this.shared = new NfsServer(this, 'Server', {
      ...props.server,
      export: { storageClass, sizeGiB: props.export.sizeGiB },
    });
  }
}
