import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { GlusterClass } from '../constructs/storage/gluster-class';
import type { GlusterClassProps } from '../constructs/storage/gluster-props';
import type { IVolumeClass } from '../constructs/storage/volume-class';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Which heketi the claims of a site come from. */
export interface GlusterStackProps {
  readonly gluster: GlusterClassProps;
  /**
   * Namespace of heketi's key.
   *
   * @default 'storage'
   */
  readonly namespace?: string;
}

/** The class of a site whose storage is still Gluster. */
export class GlusterStack extends Chart {
  public readonly storageClass: IVolumeClass;

  constructor(scope: Construct, id: string, props: GlusterStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'storage' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'storage' });
    this.storageClass = new GlusterClass(this, 'Gluster', props.gluster);
  }
}
