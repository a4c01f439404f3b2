import type { Alert } from '../kit/monitoring';

/** What the site hears of a tier. The counts are those of kube-state-metrics. */
export function exportAlerts(namespace: string, least: number): Alert[] {
  const ready = `kube_statefulset_status_replicas_ready{namespace="${namespace}",statefulset="cvmfs-nfs"}`;
  return [
    {
      alert: 'CvmfsExportDown',
      expr: `${ready} == 0`,
      for: '1m',
      severity: 'critical',
      summary:
        'No CVMFS server is ready: every pod with a share waits. See /ready of a server for the reason, then the proxies and the Stratum-1 servers.',
    },
    ...(least > 1
      ? [
          {
            alert: 'CvmfsExportNoSpare',
            expr: `${ready} == 1`,
            for: '10m',
            severity: 'warning',
            summary:
              'One CVMFS server is left: the next failure stops every reader. See /ready of the others for the reason.',
          } as const,
        ]
      : []),
  ];
}
