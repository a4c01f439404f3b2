import type { IGrafanaDashboard } from '@kubernetes-models/grafana-operator/grafana.integreatly.org/v1beta1/GrafanaDashboard' with {
  'resolution-mode': 'import',
};

import { grafanaDashboard, type Panel } from '../../../constructs/kit/dashboards';
import { dashboardMistakes } from '../../support/grafana-operator';
import { rendered } from '../../support/synth';
import { filesOfCheckout, textOf } from '../../support/tree';
import { PAGES } from './pages';

const instances = { dashboards: 'grafana' };
const monitoring = {
  by: 'prometheus-operator',
  labels: {},
  dashboards: { by: 'grafana-operator', instances },
} as const;
const part = { name: 'web', instance: 'web', component: 'server', partOf: 'site' } as const;

function objectOf(panels: readonly Panel[]) {
  const made = rendered((chart) => {
    grafanaDashboard(chart, 'Board', monitoring, { name: 'web', title: 'Web', part, panels });
  });
  return made.one('GrafanaDashboard');
}

test('every page that a construct makes is among those that are looked at', () => {
  const makers = filesOfCheckout()
    .filter((path) => /^(constructs|stacks)\/.*\.ts$/.test(path))
    .filter((path) => /(?<!function )grafanaDashboard\(/.test(textOf(path)));
  expect(makers).toHaveLength(PAGES.length);
});

test("the Grafana operator's definition takes all of them", () => {
  const objects = PAGES.map(([, panels]) => objectOf(panels));
  expect(dashboardMistakes(objects)).toEqual(PAGES.map(() => ''));
});

test('it has something against a selector that is missing, and a flag that is a text', () => {
  const object = objectOf([]);
  const broken = [
    { ...object, spec: { json: '{}' } },
    { ...object, spec: { instanceSelector: {}, allowCrossNamespaceImport: 'yes' } },
  ];
  expect(dashboardMistakes(broken)).toEqual([
    expect.stringContaining('must have required property instanceSelector'),
    expect.stringContaining('allowCrossNamespaceImport must be boolean'),
  ]);
});

// A validator lets unknown fields pass, and an API server drops them: the compiler does neither.
test('it has fields alone that the definition has', () => {
  const spec = {
    allowCrossNamespaceImport: true,
    instanceSelector: { matchLabels: instances },
    json: expect.any(String),
  } satisfies IGrafanaDashboard['spec'];
  expect(objectOf([])['spec']).toEqual(spec);
});

test.each(PAGES)('the page of %s says under each diagram which curve is which', (_, panels) => {
  const { json }: { json?: string } = Object(objectOf(panels)['spec']);
  const page: { panels?: readonly object[] } = JSON.parse(json ?? '');
  const { panels: made = [] } = page;
  expect(made).toHaveLength(panels.length);
  for (const panel of made)
    expect(panel).toMatchObject({ options: { legend: { showLegend: true } } });
});

test.each(PAGES)('diagrams of the page of %s lie beside each other', (_, panels) => {
  const { json }: { json?: string } = Object(objectOf(panels)['spec']);
  const page: { panels?: readonly { gridPos: Box }[] } = JSON.parse(json ?? '');
  const boxes = (page.panels ?? []).map(({ gridPos }) => gridPos);
  const over = boxes.filter((one, at) => boxes.some((other, i) => i !== at && meet(one, other)));
  expect(over).toEqual([]);
  expect(boxes.every(({ x, w }) => x + w <= 24)).toBe(true); // columns of a page in Grafana
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function meet(a: Box, b: Box): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
