import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { NfsCsiClass, type NfsCsiClassProps } from '../constructs/storage/nfs-csi-class';
import { NfsCsiDriver, type NfsCsiDriverProps } from '../constructs/storage/nfs-csi-driver';
import type { IVolumeClass } from '../constructs/storage/volume-class';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** The CSI driver for NFS servers, and the classes that a site takes from them. */
export interface NfsCsiStackProps {
  readonly driver: NfsCsiDriverProps;
  readonly classes: readonly Omit<NfsCsiClassProps, 'driver'>[];
  /**
   * Namespace of the driver.
   *
   * @default 'csi-nfs'
   */
  readonly namespace?: string;
}

/** csi-driver-nfs and its classes. */
export class NfsCsiStack extends Chart {
  /** The classes by name. */
  public readonly classes: ReadonlyMap<string, IVolumeClass>;

  constructor(scope: Construct, id: string, props: NfsCsiStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'csi-nfs' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'storage', level: 'privileged' });
    const driver = new NfsCsiDriver(this, 'Driver', props.driver);
    this.classes = new Map(
      props.classes.map((wanted) => [
        wanted.className,
        new NfsCsiClass(this, `Class-${wanted.className}`, { ...wanted, driver }),
      ]),
    );
  }

  /** One of the classes. Throws an Error naming those there are if there is no such class. */
  public classOf(name: string): IVolumeClass {
    const found = this.classes.get(name);
    if (found !== undefined) return found;
    throw new Error(
      `there is no class '${name}'; there are ${[...this.classes.keys()].join(', ')}`,
    );
  }
}
