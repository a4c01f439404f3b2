import { Construct } from 'constructs';

import { isolatedNamespace, type PodSecurityLevel } from '../kit/namespace';
import { namespaceOf } from '../kit/objects';

/** How the pods of a platform's namespace are held. */
export interface PlatformNamespaceProps {
  /** The larger thing that lives in it: `storage`, `ingress`. */
  readonly partOf: string;
  /**
   * What its pods may do at most.
   *
   * @default 'restricted'
   */
  readonly level?: PodSecurityLevel;
}

/** The namespace of a part of the platform, run by the infrastructure team: closed to the network, restricted pods. */
export class PlatformNamespace extends Construct {
  constructor(scope: Construct, id: string, props: PlatformNamespaceProps) {
    super(scope, id);
    const part = {
      name: 'namespace',
      instance: namespaceOf(this),
      component: 'namespace',
      partOf: props.partOf,
    };
    isolatedNamespace(this, 'Namespace', part, props.level ?? 'restricted');
  }
}
