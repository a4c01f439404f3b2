import { Construct } from 'constructs';

import { grantOnCluster } from '../kit/rbac';

/** Which REANA may read nodes. */
export interface ReanaClusterReadsProps {
  /** Namespace of the REANA. */
  readonly namespace: string;
  /**
   * Its prefix.
   *
   * @default 'reana'
   */
  readonly prefix?: string;
}

/**
 * The two rules over the whole cluster that REANA can make use of, and live without: nodes and their metrics, by which it waits with a
 * workflow until there is memory for it. For the admin of the cluster to grant; `clusterReads` of the REANA then says so.
 */
export class ReanaClusterReads extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { namespace, prefix = 'reana' }: ReanaClusterReadsProps,
  ) {
    super(scope, id);
    grantOnCluster(this, 'Reads', {
      name: `beamline:${namespace}:${prefix}-reads`,
      part: { name: 'reana', instance: prefix, component: 'cluster-reads', partOf: 'reana' },
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
        { apiGroups: ['metrics.k8s.io'], resources: ['nodes'], verbs: ['list'] },
      ],
      to: { name: `${prefix}-infrastructure`, namespace },
    });
  }
}
