import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import type { IIngress } from '../constructs/contracts';
import { ExistingIngress, type ExistingIngressProps } from '../constructs/edge/existing-ingress';
import { OkdRoutes, type OkdRoutesProps } from '../constructs/edge/okd-routes';
import { Traefik } from '../constructs/edge/traefik';
import type { TraefikProps } from '../constructs/edge/traefik-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Which front door a site has. */
export type FrontDoorChoice =
  /** A Traefik of its own. */
  | ({
      readonly kind: 'traefik';
      /**
       * Namespace of the Traefik.
       *
       * @default 'ingress'
       */
      readonly namespace?: string;
    } & TraefikProps)
  /** OKD's router, which is there already. */
  | ({ readonly kind: 'routes' } & OkdRoutesProps)
  /** A controller that somebody else runs in the cluster. */
  | ({ readonly kind: 'existing' } & ExistingIngressProps);

/** How the world comes in. */
export interface EdgeStackProps {
  readonly ingress: FrontDoorChoice;
}

/** The front door of a site. Of OKD's router and of an existing controller it installs nothing; routes land where they are asked for. */
export class EdgeStack extends Chart {
  public readonly ingress: IIngress;

  constructor(scope: Construct, id: string, { ingress }: EdgeStackProps) {
    super(
      scope,
      id,
      ingress.kind === 'traefik' ? { namespace: ingress.namespace ?? 'ingress' } : {},
    );
    switch (ingress.kind) {
      case 'traefik': {
        const level = ingress.exposure.type === 'HostNetwork' ? 'privileged' : 'restricted';
        new PlatformNamespace(this, 'Namespace', { partOf: 'ingress', level });
        this.ingress = new Traefik(this, 'Traefik', ingress);
        break;
      }
      case 'routes':
        this.ingress = new OkdRoutes(this, 'Routes', ingress);
        break;
      case 'existing':
        this.ingress = new ExistingIngress(this, 'Existing', ingress);
        break;
    }
  }
}
