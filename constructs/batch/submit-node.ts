import { Construct } from 'constructs';

import { labelsOf, selectorOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { statefulSet } from '../kit/stateful-set';
import { BATCH_IMAGES } from '../versions/batch';
import { CONDOR_PORT, PARTS } from './parts';
import { groupMap, PATHS, submitConfig } from './pool-config';
import { condorPods, outOfRootGroup } from './pool-pods';
import type { HtcondorPoolProps } from './pool-props';
import type { PoolTokens } from './pool-tokens';

const NAME = 'condor-submit';
const SPOOL = 'spool';

/**
 * The submit nodes: a queue each, on a disk of its own. A node that comes back has its queue, and takes up running jobs again where it is
 * back before their lease ends (param JOB_DEFAULT_LEASE_DURATION, 40 minutes).
 */
export class SubmitNode extends Construct {
  constructor(scope: Construct, props: HtcondorPoolProps, host: string, tokens: PoolTokens) {
    super(scope, 'Submit');
    const part = PARTS.submit;
    const { nodes, spool, resources } = props.submit;
    const { groups = [] } = props;
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(part) },
      spec: {
        clusterIP: 'None',
        selector: selectorOf(part),
        ports: [{ name: 'condor', port: CONDOR_PORT, targetPort: 'condor', protocol: 'TCP' }],
      },
    });
    const pods = condorPods(this, {
      name: NAME,
      part,
      image: BATCH_IMAGES.condorSubmit,
      config: submitConfig(props, host),
      ...(groups.length === 0 ? {} : { files: { 'groups.map': groupMap(groups) } }),
      token: tokens.ofDaemon('submit', part),
      keys: tokens.keys,
      resources: resources ?? { cpu: '500m', memory: '1Gi' },
      mounts: [{ name: SPOOL, mountPath: PATHS.spool }],
      ...(spool.kind === 'claim'
        ? {
            volumes: [{ name: SPOOL, persistentVolumeClaim: { claimName: spool.claimName } }],
          }
        : {}),
    });
    const set = statefulSet(this, 'StatefulSet', {
      ...pods,
      name: NAME,
      part,
      service: NAME,
      replicas: nodes,
      start: 'Parallel',
      // A schedd that is killed finds its jobs in its log again; asked to stop, it first lets go of them in order.
      graceSeconds: 120,
      ...(spool.kind === 'claims'
        ? {
            claims: [
              {
                name: SPOOL,
                className: spool.storageClass.className,
                size: gibibytes(spool.sizeGiB),
              },
            ],
          }
        : {}),
    });
    outOfRootGroup(set);
    if (spool.kind === 'claims') set.node.addDependency(spool.storageClass.ready);
  }
}
