import { Construct, type IDependable } from 'constructs';

import { expectPods } from '../kit/expected-pods';
import { find } from '../kit/findings';
import { labelsOf, type Part } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import { customObject, kubeObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { imageRef, IMAGES } from '../versions';
import { cephClusterProblems, type CephClusterProps } from './ceph-cluster-props';
import { cephStorageSpec } from './ceph-cluster-storage';
import type {
  CephConnection,
  CephDriver,
  CephFilesystemFacts,
  CephPoolFacts,
} from './ceph-connection';
import { cephDaemons, disksOf } from './ceph-daemons';
import { rookDriverNames } from './rook-drivers';
import { toolbox } from './rook-toolbox';

const NAME = 'ceph';

/** A Ceph cluster that Rook runs on this Kubernetes. Its data is protected, and stays when it leaves the plan. */
export class CephCluster extends Construct implements CephConnection {
  public readonly clusterId: string;
  public readonly rbd: CephDriver;
  public readonly cephfs: CephDriver;
  public readonly namespace: string;
  public readonly keyManagement: readonly string[];
  public readonly ready: IDependable;
  private readonly pools: CephPoolFacts[] = [];
  private readonly shared: CephFilesystemFacts[] = [];
  private readonly part: Part;

  constructor(scope: Construct, id: string, props: CephClusterProps) {
    super(scope, id);
    rejectInvalid(this, cephClusterProblems(props));

    const { operator } = props;
    this.namespace = operator.namespace;
    this.clusterId = operator.namespace; // so Rook calls it
    this.keyManagement = operator.keyManagement;
    const names = rookDriverNames(this.namespace);
    this.rbd = this.driver(names.rbd, 'rbd');
    this.cephfs = this.driver(names.cephfs, 'cephfs');
    this.part = {
      name: NAME,
      instance: this.namespace,
      component: 'cluster',
      partOf: 'storage',
      version: IMAGES.ceph.tag,
    };
    const cluster = this.addCluster(props);
    cluster.node.addDependency(operator);
    this.ready = cluster;
    this.addDashboard(props.dashboard);
    if (props.toolbox !== undefined)
      toolbox(this, this.part, props.toolbox).node.addDependency(cluster);
  }

  public get blockPools(): readonly CephPoolFacts[] {
    return this.pools;
  }

  public get filesystems(): readonly CephFilesystemFacts[] {
    return this.shared;
  }

  /** Called by the pools as they are made, so that a class of an unknown pool is refused. */
  public knowPool(pool: CephPoolFacts): void {
    this.pools.push(pool);
  }

  /** Called by the file systems as they are made. */
  public knowFilesystem(filesystem: CephFilesystemFacts): void {
    this.shared.push(filesystem);
  }

  /** Secrets that Rook writes. */
  private driver(name: string, kind: 'rbd' | 'cephfs'): CephDriver {
    return {
      name,
      secrets: {
        namespace: this.namespace,
        provisioner: `rook-csi-${kind}-provisioner`,
        node: `rook-csi-${kind}-node`,
      },
    };
  }

  private addCluster(props: CephClusterProps): Construct {
    const monitors = props.monitors ?? 3;
    if (monitors < 3) {
      find(this, {
        rule: 'storage/one-monitor',
        severity: 'warning',
        reason: `Ceph has ${monitors} monitor: while its node is down, no volume can be reached`,
        fix: "Give 'monitors' 3 or more, on as many nodes",
      });
    }
    const { storage, nodes } = props;
    const daemons = [
      { name: 'mon', count: monitors },
      { name: 'mgr', count: 2 },
      { name: 'osd', count: disksOf(storage) },
    ] as const;
    for (const daemon of daemons)
      expectPods(this, cephDaemons({ ...daemon, ...RESOURCES[daemon.name], nodes }));
    return customObject(this, 'Cluster', {
      apiVersion: 'ceph.rook.io/v1',
      kind: 'CephCluster',
      metadata: { name: NAME, labels: labelsOf(this.part) },
      spec: {
        cephVersion: { image: imageRef(IMAGES.ceph), allowUnsupported: false },
        dataDirHostPath: props.dataDirectory ?? '/var/lib/rook',
        mon: {
          count: monitors,
          allowMultiplePerNode: false,
          ...(storage.on === 'claims'
            ? { volumeClaimTemplate: monitorClaim(storage.monitorClass) }
            : {}),
        },
        mgr: { count: 2, allowMultiplePerNode: false },
        // Kernels of the nodes are older than 7.0: see "keyType" in Rook's cluster.yaml.
        security: { cephx: { csi: { keyType: 'aes' } } },
        dashboard: { enabled: props.dashboard !== undefined, ssl: false },
        crashCollector: { disable: false },
        logCollector: { enabled: true, periodicity: 'daily', maxLogSize: '500M' },
        disruptionManagement: { managePodBudgets: true },
        priorityClassNames: {
          mon: 'system-node-critical',
          osd: 'system-node-critical',
          mgr: 'system-cluster-critical',
        },
        resources: RESOURCES,
        ...(nodes === undefined ? {} : { placement: { all: nodeAffinity(nodes) } }),
        storage: cephStorageSpec(storage),
      },
    });
  }

  /** A Service of our own: Rook makes its own only once Ceph runs, and a front door asks for one now. */
  private addDashboard(dashboard: CephClusterProps['dashboard']): void {
    if (dashboard === undefined) return;
    const name = 'ceph-dashboard';
    const service = kubeObject(this, 'Dashboard', 'Service', {
      metadata: { name, labels: labelsOf({ ...this.part, component: 'dashboard' }) },
      spec: {
        selector: { app: 'rook-ceph-mgr', mgr_role: 'active', rook_cluster: this.namespace },
        ports: [{ name: 'http', port: 7000, targetPort: 7000, protocol: 'TCP' }],
      },
    });
    podsMadeBy(service, 'rook');
    dashboard.ingress.route({
      scope: this,
      name,
      host: dashboard.host,
      service: { name, port: 'http' },
      reach: 'internal',
    });
  }
}

/** What each daemon asks of its node, as Rook's chart has it (`rook-ceph-cluster/values.yaml`). */
const RESOURCES = {
  mgr: { requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '1Gi' } },
  mon: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } },
  osd: { requests: { cpu: '1', memory: '4Gi' }, limits: { memory: '4Gi' } },
  prepareosd: { requests: { cpu: '500m', memory: '50Mi' } },
  'mgr-sidecar': { requests: { cpu: '100m', memory: '40Mi' }, limits: { memory: '100Mi' } },
  crashcollector: { requests: { cpu: '100m', memory: '60Mi' }, limits: { memory: '60Mi' } },
  logcollector: { requests: { cpu: '100m', memory: '100Mi' }, limits: { memory: '1Gi' } },
  cleanup: { requests: { cpu: '500m', memory: '100Mi' }, limits: { memory: '1Gi' } },
  exporter: { requests: { cpu: '50m', memory: '50Mi' }, limits: { memory: '128Mi' } },
} as const;

function monitorClaim(storageClassName: string): Record<string, unknown> {
  return { spec: { storageClassName, resources: { requests: { storage: '10Gi' } } } };
}

function nodeAffinity(labels: Readonly<Record<string, string>>): Record<string, unknown> {
  const matchExpressions = Object.entries(labels).map(([key, value]) => ({
    key,
    operator: 'In',
    values: [value],
  }));
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  };
}
