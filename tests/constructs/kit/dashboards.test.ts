import { parser } from '@prometheus-io/lezer-promql';

import { exportAlerts } from '../../../constructs/cvmfs/export-alerts';
import { grafanaDashboard, type Panel } from '../../../constructs/kit/dashboards';
import type { Dashboards, Monitoring } from '../../../constructs/kit/monitoring';
import { addHubMonitoring } from '../../../constructs/notebooks/hub-monitoring';
import { rendered } from '../../support/synth';
import { PAGES } from './pages';

const operator = { by: 'prometheus-operator', labels: { release: 'monitoring' } } as const;
const part = { name: 'web', instance: 'web', component: 'server', partOf: 'site' } as const;
const panels: Panel[] = [
  { title: 'Requests', unit: 'reqps', queries: [{ expr: 'sum(up)', legend: '{{pod}}' }] },
  {
    title: 'Time',
    unit: 's',
    queries: [
      { expr: 'up', legend: 'a' },
      { expr: 'up', legend: 'b' },
    ],
  },
];

/** Where Prometheus' grammar cannot follow a text; nothing where it can. */
function mistakeIn(expr: string): string | undefined {
  const cursor = parser.parse(expr).cursor();
  do {
    if (cursor.type.isError) return `at ${cursor.from} of ${expr}`;
  } while (cursor.next());
  return undefined;
}

function made(monitoring: Monitoring) {
  return rendered((chart) => {
    grafanaDashboard(chart, 'Board', monitoring, { name: 'web', title: 'Web', part, panels });
  });
}

function boardOf(dashboards: Dashboards): string {
  const [object] = made({ ...operator, dashboards }).objects;
  const text: unknown = object?.kind === 'ConfigMap' ? object['data'] : object?.['spec'];
  return JSON.stringify(text);
}

test('nothing is made where no metrics are collected, or no Grafana takes dashboards', () => {
  expect(made('none').objects).toEqual([]);
  expect(made(operator).objects).toEqual([]);
});

test('the operator finds it by the labels of its Grafanas, a sidecar by its own', () => {
  const instances = { dashboards: 'grafana' };
  const object = made({ ...operator, dashboards: { by: 'grafana-operator', instances } }).one(
    'GrafanaDashboard',
  );
  expect(object).toMatchObject({
    apiVersion: 'grafana.integreatly.org/v1beta1',
    metadata: { name: 'web' },
    spec: { allowCrossNamespaceImport: true, instanceSelector: { matchLabels: instances } },
  });
  expect(
    made({ ...operator, dashboards: { by: 'sidecar' } }).one('ConfigMap').metadata,
  ).toMatchObject({ name: 'web-dashboard', labels: { grafana_dashboard: '1' } });
  const label = { look: 'here' };
  expect(
    made({ ...operator, dashboards: { by: 'sidecar', label } }).one('ConfigMap').metadata,
  ).toMatchObject({ labels: label });
});

test('it asks what it is told, of the Prometheus that its reader chooses, in the same bytes each time', () => {
  const text = boardOf({ by: 'sidecar' });
  expect(boardOf({ by: 'sidecar' })).toBe(text);
  const files: Readonly<Record<string, string>> = JSON.parse(text);
  const [page = ''] = Object.values(files);
  expect(JSON.parse(page)).toMatchObject({
    uid: 'test-web',
    title: 'Web',
    templating: { list: [{ type: 'datasource', name: 'datasource', query: 'prometheus' }] },
    panels: [
      { title: 'Requests', targets: [{ refId: 'A', expr: 'sum(up)', legendFormat: '{{pod}}' }] },
      {
        title: 'Time',
        targets: [{ refId: 'A' }, { refId: 'B' }],
        datasource: { uid: '${datasource}' },
      },
    ],
  });
});

test('the hub has one where its monitoring says so', () => {
  const objectsWith = (monitoring: Monitoring): string[] =>
    rendered((chart) => addHubMonitoring(chart, monitoring)).objects.map(({ kind }) => kind);
  expect(objectsWith(operator)).toEqual(['ServiceMonitor', 'PrometheusRule']);
  expect(objectsWith({ ...operator, dashboards: { by: 'sidecar' } })).toContain('ConfigMap');
});

test.each(PAGES)('Prometheus can parse what the dashboard of %s asks', (_, all) => {
  const asked = all.flatMap(({ queries }) => queries);
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.flatMap(({ expr }) => mistakeIn(expr) ?? [])).toEqual([]);
  expect(asked.every(({ expr }) => /namespace=("ns"|~"ns\|other")/.test(expr))).toBe(true);
});

test('and the expressions of alerts; a slip is found', () => {
  const rules = rendered((chart) => addHubMonitoring(chart, operator)).one('PrometheusRule');
  const hub = [...JSON.stringify(rules).matchAll(/"expr":("(?:[^"\\]|\\.)*")/g)].map(
    ([, text = '']) => String(JSON.parse(text)),
  );
  expect(hub).toHaveLength(3);
  const cvmfs = exportAlerts('ns', 3).map(({ expr }) => expr);
  expect([...hub, ...cvmfs].flatMap((expr) => mistakeIn(expr) ?? [])).toEqual([]);
  expect(mistakeIn('sum by (le (rate(up[5m]))')).toBeDefined();
});
