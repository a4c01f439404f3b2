import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIngress } from '../constructs/contracts';
import { Traefik } from '../constructs/edge/traefik';
import type { TraefikProps } from '../constructs/edge/traefik-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** How the world comes in. */
export interface EdgeStackProps {
  readonly traefik: TraefikProps;
  /**
   * Namespace of the ingress.
   *
   * @default 'ingress'
   */
  readonly namespace?: string;
}

/** The front door of a site. */
export class EdgeStack extends Chart {
  public readonly ingress: IIngress;

  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, { namespace: props.namespace ?? 'ingress' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'ingress' });
    this.ingress = new Traefik(this, 'Traefik', props.traefik);
  }
}
