import type { Panel } from '../kit/dashboards';
import type { Alert } from '../kit/monitoring';

/** From how many percent on a claim counts as nearly full, and as full. */
export interface Fullness {
  readonly nearly: number;
  readonly full: number;
}

/** Claims of one namespace, as its nodes measure them. A claim that no pod mounts is not measured. */
export function claimAlerts(namespace: string, { nearly, full }: Fullness): Alert[] {
  const ratio = (used: string, of: string): string =>
    `max by (namespace, persistentvolumeclaim) (${volume(used, namespace)} / ${volume(of, namespace)})`;
  const bytes = ratio('used_bytes', 'capacity_bytes');
  return [
    {
      alert: 'ClaimNearlyFull',
      expr: `${bytes} > ${nearly / 100} <= ${full / 100}`,
      for: '15m',
      severity: 'warning',
      summary: `A claim is more than ${nearly} percent full: {{ $labels.persistentvolumeclaim }}. Enlarge it where its class can, or have its owner tidy up.`,
    },
    {
      alert: 'ClaimFull',
      expr: `${bytes} > ${full / 100}`,
      for: '5m',
      severity: 'critical',
      summary: `A claim is more than ${full} percent full: {{ $labels.persistentvolumeclaim }}. What writes to it is about to fail.`,
    },
    {
      alert: 'ClaimOutOfFiles',
      // File systems that count no files say 0 of 0.
      expr: `${ratio('inodes_used', 'inodes')} > ${full / 100} and max by (namespace, persistentvolumeclaim) (${volume('inodes', namespace)}) > 0`,
      for: '15m',
      severity: 'warning',
      summary:
        'A claim has room, and hardly a file more can be made in it: {{ $labels.persistentvolumeclaim }}. Have its owner remove small files.',
    },
  ];
}

/** A Ceph of Rook's, as its manager tells: https://docs.ceph.com/en/latest/mgr/prometheus/ */
export function cephAlerts(namespace: string): Alert[] {
  const of = (metric: string): string => `ceph_${metric}{namespace="${namespace}"}`;
  return [
    {
      alert: 'CephWarns',
      expr: `max by (namespace) (${of('health_status')}) == 1`,
      for: '30m',
      severity: 'warning',
      summary: "Ceph has been in HEALTH_WARN for half an hour. 'ceph health detail' says why.",
    },
    {
      alert: 'CephFails',
      expr: `max by (namespace) (${of('health_status')}) == 2`,
      for: '5m',
      severity: 'critical',
      summary:
        "Ceph is in HEALTH_ERR: data may be out of reach. 'ceph health detail' says why; restart nothing before.",
    },
    {
      alert: 'CephSilent',
      expr: `absent(${of('health_status')})`,
      for: '10m',
      severity: 'critical',
      summary:
        'Ceph tells nothing of itself. Look at the manager (rook-ceph-mgr), and whether Prometheus may reach its port 9283.',
    },
    {
      alert: 'CephNearlyFull',
      expr: `max by (namespace) (${of('cluster_total_used_bytes')} / ${of('cluster_total_bytes')}) > 0.75`,
      for: '30m',
      severity: 'warning',
      summary:
        'Three quarters of the disks of Ceph are used. At 85 percent of one disk it warns, at 95 it stops writing: add disks.',
    },
    {
      alert: 'CephDiskDown',
      expr: `count by (namespace) (${of('osd_up')} == 0) > 0`,
      for: '15m',
      severity: 'warning',
      summary:
        "A disk of Ceph is down, and its data is being copied elsewhere. See 'ceph osd tree'.",
    },
  ];
}

/** An NFS server that runs in the cluster. The count is that of kube-state-metrics. */
export function nfsAlerts(namespace: string, workload: string): Alert[] {
  return [
    {
      alert: 'NfsServerDown',
      expr: `kube_statefulset_status_replicas_ready{namespace="${namespace}",statefulset="${workload}"} == 0`,
      for: '2m',
      severity: 'critical',
      summary:
        'The NFS server is down: every pod with a claim of its class waits. See its pod, its node and the disk beneath it.',
    },
  ];
}

/** What the storage of a site looks like: claims of these namespaces, and the Ceph of one. */
export function storagePanels(namespaces: readonly string[], ceph: string | undefined): Panel[] {
  const names = namespaces.join('|');
  const all = (what: string): string => `kubelet_volume_stats_${what}{namespace=~"${names}"}`;
  return [
    {
      title: 'How full claims are',
      unit: 'percentunit',
      queries: [
        {
          expr: `max by (namespace, persistentvolumeclaim) (${all('used_bytes')} / ${all('capacity_bytes')})`,
          legend: '{{namespace}}/{{persistentvolumeclaim}}',
        },
      ],
    },
    {
      title: 'Data in claims',
      unit: 'bytes',
      queries: [
        {
          expr: `sum by (namespace) (max by (namespace, persistentvolumeclaim) (${all('used_bytes')}))`,
          legend: '{{namespace}}',
        },
      ],
    },
    ...(ceph === undefined ? [] : cephPanels(ceph)),
  ];
}

function cephPanels(namespace: string): Panel[] {
  const of = (metric: string): string => `ceph_${metric}{namespace="${namespace}"}`;
  return [
    {
      title: 'Health of Ceph: 0 is well, 1 warns, 2 fails',
      unit: 'short',
      queries: [{ expr: `max(${of('health_status')})`, legend: 'health' }],
    },
    {
      title: 'Disks of Ceph',
      unit: 'bytes',
      queries: [
        { expr: `max(${of('cluster_total_used_bytes')})`, legend: 'used' },
        { expr: `max(${of('cluster_total_bytes')})`, legend: 'all' },
      ],
    },
    {
      title: 'OSDs',
      unit: 'short',
      queries: [
        { expr: `sum(${of('osd_up')})`, legend: 'up' },
        { expr: `sum(${of('osd_in')})`, legend: 'in' },
      ],
    },
  ];
}

function volume(what: string, namespace: string): string {
  return `kubelet_volume_stats_${what}{namespace="${namespace}"}`;
}
