import type { Panel } from '../kit/dashboards';

/** What a front door lets in, and how it answers. Metrics as Traefik 3 names them (`pkg/observability/metrics/prometheus.go`). */
export function traefikPanels(namespace: string): Panel[] {
  const of = (metric: string, ...labels: readonly string[]): string =>
    `traefik_${metric}{${[`namespace="${namespace}"`, ...labels].join(',')}}`;
  return [
    {
      title: 'Requests',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (entrypoint, code) (rate(${of('entrypoint_requests_total')}[5m]))`,
          legend: '{{entrypoint}} {{code}}',
        },
      ],
    },
    {
      title: 'Answers, nine of ten',
      unit: 's',
      queries: [
        {
          expr: `histogram_quantile(0.9, sum by (le, entrypoint) (rate(${of('entrypoint_request_duration_seconds_bucket')}[5m])))`,
          legend: '{{entrypoint}}',
        },
      ],
    },
    {
      title: 'Failures of services (5xx)',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (exported_service) (rate(${of('service_requests_total', 'code=~"5.."')}[5m]))`,
          legend: '{{exported_service}}',
        },
      ],
    },
    {
      title: 'Open connections',
      unit: 'short',
      queries: [
        {
          expr: `sum by (entrypoint, protocol) (${of('open_connections')})`,
          legend: '{{entrypoint}} {{protocol}}',
        },
      ],
    },
    {
      title: 'Days until certificates end',
      unit: 'd',
      queries: [
        {
          expr: `(min by (cn) (${of('tls_certs_not_after')}) - time()) / 86400`,
          legend: '{{cn}}',
        },
      ],
    },
  ];
}
