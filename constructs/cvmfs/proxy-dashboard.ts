import type { Panel } from '../kit/dashboards';

/** What proxies are asked for, and how much of it they have. Metrics as the image's exporter (boynux/squid-exporter) names them. */
export function proxyPanels(namespace: string): Panel[] {
  const rate = (metric: string): string =>
    `sum(rate(squid_${metric}{namespace="${namespace}"}[5m]))`;
  const [requests, hits] = [rate('client_http_requests_total'), rate('client_http_hits_total')];
  return [
    {
      title: 'Requests of clients',
      unit: 'reqps',
      queries: [
        { expr: requests, legend: 'all' },
        { expr: rate('client_http_errors_total'), legend: 'failed' },
      ],
    },
    {
      title: 'What the cache had',
      unit: 'percentunit',
      queries: [{ expr: `${hits} / ${requests}`, legend: 'hits' }],
    },
    {
      title: 'Proxies that answer',
      unit: 'short',
      queries: [{ expr: `sum(squid_up{namespace="${namespace}"})`, legend: 'proxies' }],
    },
  ];
}
