import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IStorageClass } from '../constructs/contracts';
import { NfsProvisioner } from '../constructs/storage/nfs-provisioner';
import type { NfsProvisionerProps } from '../constructs/storage/nfs-provisioner-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Where claims of the site come from. */
export interface StorageStackProps {
  readonly nfs: NfsProvisionerProps;
  /**
   * Namespace of the provisioners.
   *
   * @default 'storage'
   */
  readonly namespace?: string;
}

/** The storage classes of a site and what serves them. */
export class StorageStack extends Chart {
  public readonly nfs: IStorageClass;

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'storage' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'storage' });
    this.nfs = new NfsProvisioner(this, 'Nfs', props.nfs);
  }
}
