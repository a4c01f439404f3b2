import type { ApiObject } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import { grafanaDashboard } from '../kit/dashboards';
import { autoscaler } from '../kit/autoscaler';
import { find } from '../kit/findings';
import { labelsOf, type Part } from '../kit/labels';
import { alerts, scrape } from '../kit/monitoring';
import { kubeObject, namespaceOf } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { exportAlerts } from './export-alerts';
import { exportConfig } from './export-config';
import { exportPolicy } from './export-policy';
import { exportPods, HEALTH_PORT, NFS_PORT, RECOVERY, SHARED_MAPS } from './export-pods';
import { problemsIn } from './export-problems';
import { leastReplicas, mostReplicas, timingOf, type CvmfsExportProps } from './export-props';
import { exportServices } from './export-services';
import { ganeshaConf } from './ganesha-conf';
import { KERNEL_ROOT, kernelExports } from './kernel-exports';
import { isPinnable } from './networks';
import type { CvmfsRepositories } from './repositories';
import { sharedMapsProblems } from './shared-maps';
import { exportPanels } from './export-dashboard';

const NAME = 'cvmfs-nfs';

/**
 * NFS servers that export CVMFS repositories behind one address, each of which can take over from any other in the
 * middle of a read. Stands in a namespace of its own, the only one with privileged pods; whoever wants the files mounts
 * a `CvmfsShare`. See `docs/how-to/cvmfs.md`.
 */
export class CvmfsExport extends Construct {
  public readonly repositories: CvmfsRepositories;
  /** Address that nodes mount from. */
  public readonly address: string;
  public readonly port = NFS_PORT;
  /** Whether clients may come from ports above 1023. */
  public readonly insecure: boolean;
  /** Connections of one node. */
  public readonly connections: number;
  /** Seconds after which a silent client is forgotten. */
  public readonly leaseSeconds: number;
  public readonly ready: IDependable = this;
  private readonly part: Part;

  constructor(scope: Construct, id: string, props: CvmfsExportProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(targetOf(this), props));
    this.repositories = props.repositories;
    this.address = props.address.clusterIp;
    this.insecure = props.clients.insecure ?? true;
    this.connections = props.connections ?? 1;
    this.leaseSeconds = timingOf(props.timing).leaseSeconds;
    this.part = {
      name: NAME,
      instance: NAME,
      component: 'export',
      partOf: 'cvmfs',
      version: props.image.tag,
    };

    this.addRights();
    const servers = this.addServers(props);
    this.addScale(servers, props);
    exportServices(this, this.part, props);
    exportPolicy(this, this.part, props);
    this.addMonitoring(props);
    this.tellFindings(props);
    this.checkMaps(props);
  }

  /** The name of the service, which every server presents as its scope. */
  private get scopeName(): string {
    return `${NAME}.${namespaceOf(this)}`;
  }

  private addRights(): void {
    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    const to = { name: NAME, namespace: namespaceOf(this) };
    grantScc(this, 'Scc', { scc: 'privileged', part: this.part, serviceAccount: to });
  }

  private addServers(props: CvmfsExportProps): ApiObject {
    const sharedMaps = props.maps.kind === 'private' ? undefined : SHARED_MAPS;
    const client = props.repositories.configure(this, 'Client', {
      name: `${NAME}-client`,
      part: this.part,
      cacheDirectory: '/var/lib/cvmfs',
      role: { kind: 'nfs-source', sharedMaps, memoryCacheMiB: 256 },
    });
    const config = kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels: labelsOf(this.part) },
      data: this.serverFiles(props, sharedMaps),
    });
    return exportPods(this, this.part, props, { client, config });
  }

  private serverFiles(
    props: CvmfsExportProps,
    sharedDirectory: string | undefined,
  ): Record<string, string> {
    const server = props.server ?? 'ganesha';
    const timing = timingOf(props.timing);
    const common = {
      repositories: props.repositories.exported,
      clients: [
        ...props.clients.nodeNetworks,
        ...(props.clients.podNetworks ?? []),
        ...(props.address.loadBalancer?.sources ?? []),
      ],
      insecure: this.insecure,
    };
    const root = server === 'kernel' ? KERNEL_ROOT : '';
    const config = exportConfig({
      ...timing,
      repositories: common.repositories.map((one) => ({ ...one, mount: `${root}${one.mount}` })),
      server,
      nfsPort: NFS_PORT,
      healthPort: HEALTH_PORT,
      sharedDirectory,
      serverScope: this.scopeName,
      prewarm: props.repositories.repositories.flatMap(({ name, prewarm }) =>
        (prewarm ?? ['/']).map((path) => `${root}/cvmfs/${name}${path === '/' ? '' : path}`),
      ),
    });
    switch (server) {
      case 'ganesha':
        return {
          'export.json': config,
          'ganesha.conf': ganeshaConf({
            ...common,
            ...timing,
            serverScope: this.scopeName,
            nfsPort: NFS_PORT,
            recoveryDirectory: RECOVERY,
          }),
        };
      case 'kernel':
        return { 'export.json': config, exports: kernelExports(common) };
    }
  }

  private addScale(workload: ApiObject, { scale }: CvmfsExportProps): void {
    if (scale.kind === 'fixed') return;
    const { min, max, cpuPercent, calmSeconds = 1800, operations } = scale;
    autoscaler(this, 'Autoscaler', {
      part: this.part,
      workload,
      min,
      max,
      cpuPercent,
      calmSeconds,
      metrics:
        operations === undefined
          ? []
          : [
              {
                type: 'Pods',
                pods: {
                  metric: { name: operations.metric },
                  target: { type: 'AverageValue', averageValue: String(operations.perReplica) },
                },
              },
            ],
    });
  }

  private addMonitoring({ monitoring = 'none', scale }: CvmfsExportProps): void {
    scrape(this, 'Scrape', monitoring, { name: NAME, part: this.part, port: 'health' });
    const rules = exportAlerts(namespaceOf(this), leastReplicas(scale));
    alerts(this, 'Alerts', monitoring, { name: NAME, part: this.part, rules });
    grafanaDashboard(this, 'Dashboard', monitoring, {
      name: NAME,
      title: 'CVMFS over NFS',
      part: this.part,
      panels: exportPanels(namespaceOf(this)),
    });
  }

  private checkMaps({ maps, scale }: CvmfsExportProps): void {
    if (maps.kind !== 'share' || mostReplicas(scale) === 1) return;
    const { claimName } = maps.share;
    this.node.addValidation({
      validate: () => sharedMapsProblems(this.node.root, namespaceOf(this), claimName),
    });
  }

  private tellFindings({ address, scale, server }: CvmfsExportProps): void {
    if (!isPinnable(address.clusterIp, address.serviceNetwork)) {
      find(this, {
        rule: 'cvmfs/address-may-be-taken',
        severity: 'warning',
        reason: `the pinned address ${address.clusterIp} is outside the part of '${address.serviceNetwork}' that the cluster keeps for pinned ones, so that another Service may get it first`,
        fix: 'take one of the first 256 addresses of the range, or the first sixteenth of a small one',
      });
    }
    if (leastReplicas(scale) === 1) {
      find(this, {
        rule: 'cvmfs/one-server',
        severity: 'warning',
        reason: 'there is one NFS server, so every restart stops all readers',
        fix: 'run two or more with shared maps',
      });
    }
    if (server === 'kernel') {
      find(this, {
        rule: 'cvmfs/kernel-module',
        severity: 'warning',
        reason: "the kernel's NFS server needs the module nfsd, which a pod cannot load",
        fix: 'load it on the nodes: a MachineConfig with /etc/modules-load.d/nfsd.conf on OKD 4',
      });
    }
  }
}
