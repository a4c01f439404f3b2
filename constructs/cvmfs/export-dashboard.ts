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
      title: 'Answers of mounts to checks, 19 of 20',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.95, sum by (le, repository) (rate(${of('check_seconds_bucket')}[5m])))`,
          legend: '{{repository}}',
        },
      ],
    },
    claimsPanel(namespace),
  ];
}
