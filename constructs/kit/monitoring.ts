import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf, selectorOf, type Part } from './labels';
import { customObject } from './objects';

/**
 * How the site collects metrics: by the Prometheus operator (OKD has it), whose objects are looked for by these labels,
 * or not at all.
 */
export type Monitoring =
  | {
      readonly by: 'prometheus-operator';
      readonly labels: Readonly<Record<string, string>>;
      /** @default 'none' */
      readonly dashboards?: Dashboards;
    }
  | 'none';

/** How Grafana gets dashboards. */
export type Dashboards =
  /** As objects of the Grafana operator; its Grafanas are chosen by these labels, in whatever namespace they are. */
  | { readonly by: 'grafana-operator'; readonly instances: Readonly<Record<string, string>> }
  /** As ConfigMaps that Grafana's sidecar looks for by this label. */
  | {
      readonly by: 'sidecar';
      /** @default { grafana_dashboard: '1' } - what Grafana's Helm chart looks for */
      readonly label?: Readonly<Record<string, string>>;
    }
  | 'none';

/** A port of a Service that serves metrics. */
export interface MetricsEndpoint {
  readonly name: string;
  readonly part: Part;
  /** The Service's port, by name. */
  readonly port: string;
  /** @default '/metrics' */
  readonly path?: string;
}

/** Adds a ServiceMonitor where the site has the operator; see https://prometheus-operator.dev/docs/api-reference/api/ */
export function scrape(
  scope: Construct,
  id: string,
  monitoring: Monitoring,
  endpoint: MetricsEndpoint,
): ApiObject | undefined {
  if (monitoring === 'none') return undefined;
  return customObject(scope, id, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: endpoint.name, labels: { ...labelsOf(endpoint.part), ...monitoring.labels } },
    spec: {
      selector: { matchLabels: selectorOf(endpoint.part) },
      endpoints: [{ port: endpoint.port, path: endpoint.path ?? '/metrics' }],
    },
  });
}

/** One alert, in the terms of a Prometheus rule. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  /** How long it must hold: `10m`. */
  readonly for: string;
  readonly severity: 'critical' | 'warning' | 'info';
  /** What is wrong and what to do, as a sentence. */
  readonly summary: string;
}

/** Alerts that belong together. */
export interface AlertGroup {
  readonly name: string;
  readonly part: Part;
  readonly rules: readonly Alert[];
  /**
   * Namespace of the rules, for those about another than their maker's.
   *
   * @default - the namespace of the chart
   */
  readonly namespace?: string;
}

/** Adds a PrometheusRule where the site has the operator. */
export function alerts(
  scope: Construct,
  id: string,
  monitoring: Monitoring,
  group: AlertGroup,
): ApiObject | undefined {
  if (monitoring === 'none') return undefined;
  return customObject(scope, id, {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {
      name: group.name,
      labels: { ...labelsOf(group.part), ...monitoring.labels },
      ...(group.namespace === undefined ? {} : { namespace: group.namespace }),
    },
    spec: {
      groups: [
        {
          name: group.name,
          rules: group.rules.map(({ alert, expr, for: duration, severity, summary }) => ({
            alert,
            expr,
            for: duration,
            labels: { severity },
            annotations: { summary },
          })),
        },
      ],
    },
  });
}
