import { Construct } from 'constructs';

import { grafanaDashboard } from '../kit/dashboards';
import { labelsOf, type Part } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import { alerts, type Alert, type Monitoring } from '../kit/monitoring';
import { allow, inNamespace } from '../kit/network';
import { customObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { cephAlerts, claimAlerts, nfsAlerts, storagePanels, type Fullness } from './storage-alerts';

/** What is watched of a site's storage. Each alert is in the namespace that it is about: OKD's monitoring lets rules see no other. */
export interface StorageMonitoringProps {
  readonly monitoring: Exclude<Monitoring, 'none'>;
  /** Namespaces whose claims are watched: `['notebooks', 'registry']`. */
  readonly claims: readonly string[];
  /**
   * From how many percent on a claim is nearly full, and full.
   *
   * @default { nearly: 85, full: 95 }
   */
  readonly fullness?: Fullness;
  /**
   * The namespace of a Ceph by Rook, and the namespaces whose pods collect its metrics.
   *
   * @default - none
   */
  readonly ceph?: { readonly namespace: string; readonly monitoringNamespaces: readonly string[] };
  /**
   * NFS servers in the cluster, as `NfsServer` makes them: their class and their namespace.
   *
   * @default []
   */
  readonly nfsServers?: readonly { readonly namespace: string; readonly className: string }[];
}

const PART: Part = {
  name: 'storage',
  instance: 'monitoring',
  component: 'monitoring',
  partOf: 'storage',
};

/** Alerts and a page about claims, Ceph and NFS servers, where the site collects metrics by the Prometheus operator. */
export class StorageMonitoring extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: StorageMonitoringProps,
  ) {
    super(scope, id);
    const { claims, ceph, nfsServers = [], monitoring } = props;
    rejectInvalid(this, problemsIn(props));
    const fullness = props.fullness ?? { nearly: 85, full: 95 };
    for (const namespace of claims) {
      this.add('claims', namespace, claimAlerts(namespace, fullness));
    }
    if (ceph !== undefined) {
      this.add('ceph', ceph.namespace, cephAlerts(ceph.namespace));
      this.scrapeCeph(ceph);
    }
    for (const { namespace, className } of nfsServers) {
      const workload = `nfs-server-${className}`;
      this.add(workload, namespace, nfsAlerts(namespace, workload));
    }
    grafanaDashboard(this, 'Dashboard', monitoring, {
      name: 'storage',
      title: 'Storage',
      part: PART,
      panels: storagePanels(claims, ceph?.namespace),
    });
  }

  private add(name: string, namespace: string, rules: readonly Alert[]): void {
    alerts(this, `${name}-${namespace}`, this.props.monitoring, {
      name,
      namespace,
      part: PART,
      rules,
    });
  }

  /** Rook makes the Service `rook-ceph-mgr` with the port `http-metrics`, 9283 (`pkg/operator/ceph/cluster/mgr/spec.go`). */
  private scrapeCeph({
    namespace,
    monitoringNamespaces,
  }: NonNullable<StorageMonitoringProps['ceph']>): void {
    const { monitoring } = this.props;
    const pods = { app: 'rook-ceph-mgr', rook_cluster: namespace };
    customObject(this, 'CephMonitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'ceph', namespace, labels: { ...labelsOf(PART), ...monitoring.labels } },
      spec: {
        selector: { matchLabels: pods },
        endpoints: [{ port: 'http-metrics', path: '/metrics' }],
      },
    });
    const policy = allow(this, 'AllowCeph', {
      name: 'ceph-metrics',
      namespace,
      part: PART,
      pods,
      from: [{ peers: monitoringNamespaces.map(inNamespace), ports: [9283] }],
    });
    podsMadeBy(policy, 'rook');
  }
}

function problemsIn({ claims, fullness, ceph }: StorageMonitoringProps): string[] {
  const { nearly, full } = fullness ?? { nearly: 85, full: 95 };
  return [
    ...(claims.length > 0
      ? []
      : [`'claims' must name a namespace at least, got none; name those whose claims matter`]),
    ...claims
      .filter((name, index) => claims.indexOf(name) !== index)
      .map((name) => `'claims' has the namespace '${name}' twice; name it once`),
    ...(nearly > 0 && nearly < full && full <= 100
      ? []
      : [
          `'fullness' must be two percentages, the first below the second, got ${nearly} and ${full}`,
        ]),
    ...(ceph?.monitoringNamespaces.length === 0
      ? [
          `'ceph.monitoringNamespaces' must name a namespace at least, got none: nobody could collect Ceph's metrics`,
        ]
      : []),
  ];
}
