import { claimsPanel, type Panel } from '../kit/dashboards';

/** What a facility looks at: who is there, whether sessions start and how fast. Metrics as `jupyterhub/metrics.py` of 5.x names them. */
export function hubPanels(namespace: string): Panel[] {
  const of = (metric: string, ...labels: readonly string[]): string =>
    `jupyterhub_${metric}{${[`namespace="${namespace}"`, ...labels].join(',')}}`;
  const spawn = (share: number): string =>
    `histogram_quantile(${share}, sum by (le) (rate(${of('server_spawn_duration_seconds_bucket', 'status="success"')}[30m])))`;
  return [
    {
      title: 'Active users',
      unit: 'short',
      queries: [{ expr: `max by (period) (${of('active_users')})`, legend: 'in {{period}}' }],
    },
    {
      title: 'Running sessions',
      unit: 'short',
      queries: [{ expr: `max(${of('running_servers')})`, legend: 'sessions' }],
    },
    {
      title: 'Time until a session runs',
      unit: 's',
      queries: [
        { expr: spawn(0.5), legend: 'half of them' },
        { expr: spawn(0.9), legend: 'nine of ten' },
      ],
    },
    {
      title: 'Session starts in 15 minutes, by outcome',
      unit: 'short',
      queries: [
        {
          expr: `sum by (status) (increase(${of('server_spawn_duration_seconds_count')}[15m]))`,
          legend: '{{status}}',
        },
      ],
    },
    {
      title: 'Answers of the hub, nine of ten',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.9, sum by (le) (rate(${of('request_duration_seconds_bucket')}[5m])))`,
          legend: 'duration',
        },
      ],
    },
    claimsPanel(namespace),
  ];
}
