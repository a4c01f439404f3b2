import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { DaskGateway } from '../constructs/analysis/dask-gateway';
import type { DaskGatewayProps } from '../constructs/analysis/dask-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** Dask for the sessions of a hub. */
export interface DaskStackProps extends DaskGatewayProps {
  /**
   * Namespace of server, controller and proxy. Clusters run in the tenants' own.
   *
   * @default 'dask'
   */
  readonly namespace?: string;
}

/** A Dask Gateway in a namespace of its own. */
export class DaskStack extends Chart {
  public readonly gateway: DaskGateway;

  constructor(scope: Construct, id: string, { namespace, ...gateway }: DaskStackProps) {
    super(scope, id, { namespace: namespace ?? 'dask' });
    new PlatformNamespace(this, 'Namespace', { partOf: 'dask' });
    this.gateway = new DaskGateway(this, 'Gateway', gateway);
  }
}
