import type * as CommonSdk from '@grafana/grafana-foundation-sdk/common';
import type * as DashboardSdk from '@grafana/grafana-foundation-sdk/dashboard';
import type * as PrometheusSdk from '@grafana/grafana-foundation-sdk/prometheus';
import type * as TimeseriesSdk from '@grafana/grafana-foundation-sdk/timeseries';
import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf, type Part } from './labels';
import type { Monitoring } from './monitoring';
import { customObject, kubeObject, namespaceOf } from './objects';

/** One curve, or one for each value of the labels that are left. */
export interface Query {
  /** PromQL. */
  readonly expr: string;
  /** What the curve is called: `{{status}}` is the value of that label. */
  readonly legend: string;
}

/** One diagram. */
export interface Panel {
  readonly title: string;
  /** As Grafana names it: `s`, `bytes`, `percentunit`, `reqps`, `short`, `d`. */
  readonly unit: 's' | 'bytes' | 'percentunit' | 'reqps' | 'short' | 'd';
  readonly queries: readonly Query[];
}

/** A page of diagrams about one service. */
export interface DashboardProps {
  /** Name of the object, and part of the address in Grafana. */
  readonly name: string;
  readonly title: string;
  readonly part: Part;
  readonly panels: readonly Panel[];
}

/** Adds a dashboard where the site's Grafana takes them from objects. It asks the Prometheus that its reader chooses. */
export function grafanaDashboard(
  scope: Construct,
  id: string,
  monitoring: Monitoring,
  props: DashboardProps,
): ApiObject | undefined {
  const how = monitoring === 'none' ? 'none' : (monitoring.dashboards ?? 'none');
  if (how === 'none') return undefined;
  const { name, part } = props;
  const json = `${JSON.stringify(pageOf(namespaceOf(scope), props), null, 2)}\n`;
  switch (how.by) {
    case 'grafana-operator':
      // https://grafana.github.io/grafana-operator/docs/api/#grafanadashboardspec
      return customObject(scope, id, {
        apiVersion: 'grafana.integreatly.org/v1beta1',
        kind: 'GrafanaDashboard',
        metadata: { name, labels: labelsOf(part) },
        spec: {
          allowCrossNamespaceImport: true,
          instanceSelector: { matchLabels: how.instances },
          json,
        },
      });
    case 'sidecar':
      return kubeObject(scope, id, 'ConfigMap', {
        metadata: {
          name: `${name}-dashboard`,
          labels: { ...labelsOf(part), ...(how.label ?? { grafana_dashboard: '1' }) },
        },
        data: { [`${name}.json`]: json },
      });
  }
}

/** How full the claims of a namespace are, as the nodes measure them. */
export function claimsPanel(namespace: string): Panel {
  const of = (what: string): string =>
    `kubelet_volume_stats_${what}_bytes{namespace="${namespace}"}`;
  return {
    title: 'How full claims are',
    unit: 'percentunit',
    queries: [
      {
        expr: `max by (persistentvolumeclaim) (${of('used')} / ${of('capacity')})`,
        legend: '{{persistentvolumeclaim}}',
      },
    ],
  };
}

const SOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

const LONGEST_UID = 40;

function pageOf(namespace: string, { name, title, part, panels }: DashboardProps): object {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- version 2 is newer than what the operator's object and the sidecar take
  const { DashboardBuilder, DatasourceVariableBuilder } = sdk().dashboard;
  const page = new DashboardBuilder(title)
    .uid(`${namespace}-${name}`.slice(-LONGEST_UID))
    .tags(['beamline', part.partOf])
    .time({ from: 'now-6h', to: 'now' })
    .refresh('1m')
    .readonly()
    .withVariable(
      new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'),
    );
  for (const panel of panels) page.withPanel(panelOf(panel));
  return page.build();
}

function panelOf({ title, unit, queries }: Panel): TimeseriesSdk.PanelBuilder {
  const { PanelBuilder } = sdk().timeseries;
  const { DataqueryBuilder } = sdk().prometheus;
  const { VizLegendOptionsBuilder } = sdk().common;
  const panel = new PanelBuilder()
    .title(title)
    .unit(unit)
    .min(0)
    .datasource(SOURCE)
    // The builder's own default hides it.
    .legend(new VizLegendOptionsBuilder().showLegend(true));
  queries.forEach(({ expr, legend }, index) => {
    panel.withTarget(
      new DataqueryBuilder()
        .expr(expr)
        .legendFormat(legend)
        .refId(String.fromCharCode('A'.charCodeAt(0) + index)),
    );
  });
  return panel;
}

/** Grafana's builders. */
interface Sdk {
  readonly common: typeof CommonSdk;
  readonly dashboard: typeof DashboardSdk;
  readonly prometheus: typeof PrometheusSdk;
  readonly timeseries: typeof TimeseriesSdk;
}

/** Loads the builders when the first dashboard is made: that takes longer than planning a site that has none. */
function sdk(): Sdk {
  /* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment -- only `require` loads later and at once; the types are the modules' own */
  return {
    common: require('@grafana/grafana-foundation-sdk/common'),
    dashboard: require('@grafana/grafana-foundation-sdk/dashboard'),
    prometheus: require('@grafana/grafana-foundation-sdk/prometheus'),
    timeseries: require('@grafana/grafana-foundation-sdk/timeseries'),
  };
  /* eslint-enable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-assignment */
}
