import { claimsPanel, type Panel } from '../kit/dashboards';

/** What a registry is asked for, and whether its parts work. Metrics of https://goharbor.io/docs/2.10.0/administration/metrics/ */
export function harborPanels(namespace: string): Panel[] {
  const of = (metric: string, ...labels: readonly string[]): string =>
    `harbor_${metric}{${[`namespace="${namespace}"`, ...labels].join(',')}}`;
  return [
    {
      title: 'Parts that work',
      unit: 'short',
      queries: [{ expr: `min by (component) (${of('up')})`, legend: '{{component}}' }],
    },
    {
      title: 'Requests to the API',
      unit: 'reqps',
      queries: [
        {
          expr: `sum by (code) (rate(${of('core_http_request_total')}[5m]))`,
          legend: '{{code}}',
        },
      ],
    },
    {
      title: 'What projects use of their quota',
      unit: 'percentunit',
      queries: [
        {
          // A quota of -1 is none.
          expr: `max by (project_name) (${of('project_quota_usage_byte')} / (${of('project_quota_byte')} > 0))`,
          legend: '{{project_name}}',
        },
      ],
    },
    {
      title: 'Tasks that wait',
      unit: 'short',
      queries: [{ expr: `sum by (type) (${of('task_queue_size')})`, legend: '{{type}}' }],
    },
    claimsPanel(namespace),
  ];
}
