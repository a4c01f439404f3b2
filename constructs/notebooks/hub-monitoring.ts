import type { Construct } from 'constructs';

import { grafanaDashboard } from '../kit/dashboards';
import { labelsOf, selectorOf } from '../kit/labels';
import { alerts, type Alert, type Monitoring } from '../kit/monitoring';
import { customObject, namespaceOf } from '../kit/objects';
import { hubPanels } from './hub-dashboard';
import { HUB_SECRET, PARTS } from './parts';

/** What a facility wants to know of its hub: whether sessions start, how long that takes, and whether the hub is there. */
export function addHubMonitoring(scope: Construct, monitoring: Monitoring): void {
  if (monitoring === 'none') return;
  const part = PARTS.hub;
  // Not by `scrape`: the front door leads to /hub/metrics as well, so it stays behind a token.
  customObject(scope, 'Scrape', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: 'hub', labels: { ...labelsOf(part), ...monitoring.labels } },
    spec: {
      selector: { matchLabels: selectorOf(part) },
      endpoints: [
        {
          port: 'http',
          path: '/hub/metrics',
          authorization: {
            type: 'Bearer',
            credentials: { name: HUB_SECRET, key: 'metrics-token' },
          },
        },
      ],
    },
  });
  grafanaDashboard(scope, 'Dashboard', monitoring, {
    name: 'jupyterhub',
    title: 'Notebooks',
    part,
    panels: hubPanels(namespaceOf(scope)),
  });
  alerts(scope, 'Alerts', monitoring, {
    name: 'jupyterhub',
    part,
    rules: hubAlerts(namespaceOf(scope)),
  });
}

/** What the site hears of a hub: its own alone, as others may run beside it. */
export function hubAlerts(namespace: string): Alert[] {
  const of = `namespace="${namespace}"`;
  const spawns = 'jupyterhub_server_spawn_duration_seconds';
  const starts = (status: string): string =>
    `sum by (namespace) (rate(${spawns}_count{${of},status=~"${status}"}[15m]))`;
  return [
    {
      alert: 'JupyterHubSessionsFail',
      // What is refused because the hub is busy, or asked for twice, is no session that fails.
      expr: `${starts('failure')} / ${starts('success|failure')} > 0.1`,
      for: '10m',
      severity: 'warning',
      summary:
        'More than a tenth of the sessions do not start. Look at the events of the session pods: quota, images, shares.',
    },
    {
      alert: 'JupyterHubSessionsSlow',
      expr: `histogram_quantile(0.9, sum by (namespace, le) (rate(${spawns}_bucket{${of},status="success"}[30m]))) > 120`,
      for: '15m',
      severity: 'warning',
      summary:
        'One session in ten takes longer than two minutes to start. Images may be pulled anew, or nodes be full.',
    },
    {
      alert: 'JupyterHubDown',
      expr: `absent(jupyterhub_running_servers{${of}})`,
      for: '10m',
      severity: 'critical',
      summary:
        'The hub answers no question for metrics. Sessions go on, and nobody can log in or start one.',
    },
  ];
}
