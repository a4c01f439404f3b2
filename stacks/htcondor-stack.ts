import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { HtcondorPool } from '../constructs/batch/htcondor-pool';
import type { HtcondorPoolProps } from '../constructs/batch/pool-props';
import { PlatformNamespace } from '../constructs/tenancy/platform-namespace';

/** The batch pool of a site. */
export interface HtcondorStackProps extends HtcondorPoolProps {
  /**
   * Namespace of the pool. Nobody but the infrastructure team has rights in it.
   *
   * @default 'htcondor'
   */
  readonly namespace?: string;
}

/** A pool of HTCondor in a namespace that users cannot reach: jobs come in by network, with a token. */
export class HtcondorStack extends Chart {
  public readonly pool: HtcondorPool;

  constructor(scope: Construct, id: string, { namespace, ...props }: HtcondorStackProps) {
    super(scope, id, { namespace: namespace ?? 'htcondor' });
    const contained = (props.execute.apptainer ?? { kind: 'none' }).kind === 'none';
    new PlatformNamespace(this, 'Namespace', {
      partOf: 'batch',
      level: contained ? 'restricted' : 'privileged',
    });
    this.pool = new HtcondorPool(this, 'Pool', props);
  }
}
