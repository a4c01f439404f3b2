import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import {
  ExistingCondorPool,
  type ExistingCondorPoolProps,
} from '../constructs/batch/existing-pool';

/** A pool that somebody else runs. It has no object of its own: tokens land where they are asked for. */
export class ExistingCondorStack extends Chart {
  public readonly pool: ExistingCondorPool;

  constructor(scope: Construct, id: string, props: ExistingCondorPoolProps) {
    super(scope, id);
    this.pool = new ExistingCondorPool(this, 'Pool', props);
  }
}
