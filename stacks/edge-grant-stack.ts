import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { EdgeGrant } from '../constructs/tenancy/edge-grant';
import type { EdgeGrantProps } from '../constructs/tenancy/edge-grant-props';

/** A remote team's leave to run an edge service, in the namespace `edge-<team>`. */
export class EdgeGrantStack extends Chart {
  constructor(scope: Construct, id: string, props: EdgeGrantProps) {
    super(scope, id, { namespace: `edge-${props.team}` });
    new EdgeGrant(this, 'Grant', props);
  }
}
