import { Construct } from 'constructs';

import { labelsOf, selectorOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { statefulSet } from '../kit/stateful-set';
import { BATCH_IMAGES } from '../versions/batch';
import { CONDOR_PORT, PARTS } from './parts';
import { managerConfig } from './pool-config';
import { condorPods, outOfRootGroup } from './pool-pods';
import type { HtcondorPoolProps } from './pool-props';
import type { PoolTokens } from './pool-tokens';

/** Name of the Service that everybody finds the pool by. */
export const MANAGER = 'condor-manager';

/**
 * The collector, which knows who is there, and the negotiator, which gives jobs their places. What they know comes back by itself after
 * a restart, within the minutes that the others take to report; running jobs do not need them.
 */
export class CentralManager extends Construct {
  constructor(scope: Construct, props: HtcondorPoolProps, host: string, tokens: PoolTokens) {
    super(scope, 'Manager');
    const part = PARTS.manager;
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: MANAGER, labels: labelsOf(part) },
      spec: {
        selector: selectorOf(part),
        ports: [{ name: 'condor', port: CONDOR_PORT, targetPort: 'condor', protocol: 'TCP' }],
      },
    });
    const pods = condorPods(this, {
      name: MANAGER,
      part,
      image: BATCH_IMAGES.condorManager,
      config: managerConfig(props, host),
      token: tokens.ofDaemon('manager', part),
      keys: tokens.keys,
      resources: { cpu: '200m', memory: '512Mi' },
    });
    // Two collectors would each know half: one pod, and never a second beside it while it is replaced.
    const set = statefulSet(this, 'StatefulSet', {
      ...pods,
      name: MANAGER,
      part,
      service: MANAGER,
      replicas: 1,
    });
    outOfRootGroup(set);
  }
}
