import { claimsPanel, type Panel } from '../kit/dashboards';

/** Whether a tier serves, and how fast. Metrics of our own image (`images/cvmfs-export/metrics.go`). */
export function exportPanels(namespace: string): Panel[] {
  const of = (metric: string): string => `beamline_cvmfs_${metric}{namespace="${namespace}"}`;
  return [
    {
      title: 'Servers that serve',
      unit: 'short',
      queries: [{ expr: `sum(${of('ready')})`, legend: 'servers' }],
    },
    {
      title: 'Slowest answer of a mount to a check',
      unit: 's',
      queries: [{ expr: `max by (repository) (${of('check_seconds')})`, legend: '{{repository}}' }],
    },
    claimsPanel(namespace),
  ];
}
