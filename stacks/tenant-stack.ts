import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { Tenant } from '../constructs/tenancy/tenant';
import type { TenantProps } from '../constructs/tenancy/tenant-props';

/** One tenant and the namespace it is in. */
export interface TenantStackProps extends TenantProps {
  /** Name of the tenant and of its namespace. A DNS label. */
  readonly name: string;
}

/** A namespace for one group of people. */
export class TenantStack extends Chart {
  public readonly tenant: Tenant;

  constructor(scope: Construct, id: string, props: TenantStackProps) {
    super(scope, id, { namespace: props.name });
    this.tenant = new Tenant(this, 'Tenant', props);
  }
}
