import { isIPv4 } from 'node:net';

import { Construct, type IDependable } from 'constructs';

import type { IFileShare } from '../contracts';
import { labelsOf, type Part } from '../kit/labels';
import { customObject, kubeObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { targetOf, type Target } from '../targets';
import { glusterProblems, type GlusterClient } from './gluster-props';
import { CLAIM_NAME, sizeProblems } from './names';
import { boundPair } from './static-volume';

/** A Gluster volume that is there, and how pods may use it. */
export interface GlusterVolumeProps extends GlusterClient {
  /** Name of the claim. */
  readonly claimName: string;
  /** IPv4 addresses of the servers. Names are not possible: the driver reads them from an Endpoints object. */
  readonly servers: readonly string[];
  /** Name of the volume, as `gluster volume list` prints it. */
  readonly volume: string;
  /** Size in GiB that the scheduler is told. Gluster's own quota is what holds. */
  readonly sizeGiB: number;
  /**
   * Whether pods may only read.
   *
   * @default false
   */
  readonly readOnly?: boolean;
}

/** A Gluster volume of the site as one claim of this namespace. Its files outlive the construct. */
export class GlusterVolume extends Construct implements IFileShare {
  public readonly claimName: string;
  public readonly readOnly: boolean;
  public readonly userNamespaces = false;
  public readonly ready: IDependable = this;

  constructor(scope: Construct, id: string, props: GlusterVolumeProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(targetOf(this), props));

    this.claimName = props.claimName;
    this.readOnly = props.readOnly ?? false;
    const part: Part = {
      name: 'glusterfs',
      instance: props.claimName,
      component: 'volume',
      partOf: 'storage',
    };
    this.addServers(part, props.servers);
    boundPair(this, {
      claimName: props.claimName,
      part,
      sizeGiB: props.sizeGiB,
      readOnly: this.readOnly,
      source: {
        glusterfs: { endpoints: props.claimName, path: props.volume, readOnly: this.readOnly },
      },
    });
  }

  /** The driver finds the servers in Endpoints; without the Service the cluster would clear these away. */
  private addServers(part: Part, servers: readonly string[]): void {
    const metadata = { name: this.claimName, labels: labelsOf(part) };
    const ports = [{ name: 'glusterd', port: 24007, protocol: 'TCP' }];
    kubeObject(this, 'Service', 'Service', { metadata, spec: { clusterIP: 'None', ports } });
    customObject(this, 'Endpoints', {
      apiVersion: targetOf(this).apiVersion('Endpoints'),
      kind: 'Endpoints',
      metadata,
      subsets: [{ addresses: servers.map((ip) => ({ ip })), ports }],
    });
  }
}

function problemsIn(target: Target, props: GlusterVolumeProps): string[] {
  const { claimName, servers, volume, sizeGiB } = props;
  return [
    ...glusterProblems(target, 'a Gluster volume', props),
    ...(CLAIM_NAME.test(claimName)
      ? []
      : [`'claimName' must be lower-case letters, digits and '-', got '${claimName}'`]),
    ...(servers.length === 0 ? [`'servers' must list at least one address, got none`] : []),
    ...servers.flatMap((address) =>
      isIPv4(address) ? [] : [`'servers' must be IPv4 addresses, got '${address}'`],
    ),
    ...(/^[\w-]+$/.test(volume)
      ? []
      : [`'volume' must be the name of a Gluster volume, got '${volume}'`]),
    ...sizeProblems('sizeGiB', sizeGiB),
  ];
}
