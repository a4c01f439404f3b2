import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import {
  StorageMonitoring,
  type StorageMonitoringProps,
} from '../constructs/storage/storage-monitoring';

/** What is watched of a site's storage, and where its page is kept. */
export interface StorageMonitoringStackProps extends StorageMonitoringProps {
  /** A namespace that is there, for the dashboard: `storage`, `rook-ceph`. */
  readonly namespace: string;
}

/** Alerts about claims, Ceph and NFS servers in their namespaces, and a page about all of them. */
export class StorageMonitoringStack extends Chart {
  constructor(scope: Construct, id: string, { namespace, ...props }: StorageMonitoringStackProps) {
    super(scope, id, { namespace });
    new StorageMonitoring(this, 'Monitoring', props);
  }
}
