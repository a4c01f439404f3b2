import { ApiObject, type App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import fc from 'fast-check';

import type { Plan } from '../../plan/model';
import { messageFrom } from '../support/message';
import { object, planFrom, planOfChart } from '../support/plan';

/** A chart of a random tree: how many objects directly in it and in a construct inside, and which charts it waits for. */
interface ChartOutline {
  readonly own: number;
  readonly inner: number;
  readonly waitsFor: readonly number[];
}

const outlines = fc.integer({ min: 1, max: 8 }).chain((count) =>
  fc.tuple(
    ...Array.from({ length: count }, (_, number) =>
      fc.record({
        own: fc.nat(3),
        inner: fc.nat(3),
        waitsFor: fc.uniqueArray(fc.nat(Math.max(0, number - 1)), { maxLength: number }),
      }),
    ),
  ),
);
const shuffled = outlines.chain((charts) => {
  const numbers = charts.map((_, number) => number);
  return fc.record({
    charts: fc.constant<readonly ChartOutline[]>(charts),
    order: fc.shuffledSubarray(numbers, { minLength: numbers.length }),
  });
});

/** Builds the charts in the given order. */
function build(app: App, charts: readonly ChartOutline[], sequence: readonly number[]): void {
  const made = new Map<number, Chart>();
  for (const number of sequence) {
    const outline = charts[number];
    const chart = new Chart(app, `c${number}`, { namespace: `ns${number}` });
    made.set(number, chart);
    object(chart, `v1 Namespace ns${number}`);
    for (let at = 0; at < (outline?.own ?? 0); at += 1) object(chart, `v1 ConfigMap own${at}`);
    const inner = new Construct(chart, 'Inner');
    for (let at = 0; at < (outline?.inner ?? 0); at += 1) object(inner, `v1 Secret inner${at}`);
  }
  for (const number of sequence) {
    for (const before of charts[number]?.waitsFor ?? []) {
      const target = made.get(before);
      if (target !== undefined && before !== number) made.get(number)?.addDependency(target);
    }
  }
}

/** The position of each step, and the objects of each chart. */
function placesOf(plan: Plan): {
  place: Map<string, number>;
  ofChart: (number: number) => string[];
} {
  const place = new Map(plan.steps.map(({ id }, position) => [id, position]));
  const ofChart = (number: number): string[] =>
    plan.steps.flatMap((step) =>
      step.step === 'object' && step.path.startsWith(`c${number}/`) ? [step.id] : [],
    );
  return { place, ofChart };
}

test('everything in a chart stands behind everything in the charts that it waits for', () => {
  fc.assert(
    fc.property(shuffled, ({ charts, order }) => {
      const { place, ofChart } = placesOf(planFrom((app) => build(app, charts, order)));
      charts.forEach(({ waitsFor }, number) => {
        for (const before of waitsFor.filter((other) => other !== number)) {
          const first = Math.min(...ofChart(number).map((id) => place.get(id) ?? -1));
          const last = Math.max(...ofChart(before).map((id) => place.get(id) ?? Infinity));
          expect(last).toBeLessThan(first);
        }
      });
    }),
  );
});

test('a plan is the same in whatever order its charts were written', () => {
  fc.assert(
    fc.property(shuffled, ({ charts, order }) => {
      const inOrder = planFrom((app) =>
        build(
          app,
          charts,
          charts.map((_, number) => number),
        ),
      );
      expect(planFrom((app) => build(app, charts, order)).steps).toEqual(inOrder.steps);
    }),
  );
});

test('every step stands behind the steps that it names', () => {
  fc.assert(
    fc.property(shuffled, ({ charts, order }) => {
      const { steps } = planFrom((app) => build(app, charts, order));
      const seen = new Set<string>();
      for (const { id, dependsOn } of steps) {
        for (const before of dependsOn) expect(seen).toContain(before);
        seen.add(id);
      }
    }),
  );
});

/** Charts of 50 objects each, every one waiting for `before(number)`. */
function layers(count: number, objects: number, before: (number: number) => number[]): Plan {
  return planFrom((app) => {
    const charts: Chart[] = [];
    for (let number = 0; number < count; number += 1) {
      const chart = new Chart(app, `c${number}`, { namespace: 'ns' });
      for (let at = 0; at < objects; at += 1) object(chart, `v1 ConfigMap c${number}-${at}`);
      for (const other of before(number)) chart.addDependency(charts[other] ?? chart);
      charts.push(chart);
    }
  });
}

function edgeCount({ steps }: Plan): number {
  return steps.reduce((total, { dependsOn }) => total + dependsOn.length, 0);
}

test('a layer is one barrier, so that edges grow with the objects and not with their product', () => {
  const plan = layers(20, 50, (number) => (number === 0 ? [] : [number - 1]));
  const barriers = plan.steps.filter(({ step }) => step === 'barrier');
  expect(plan.steps).toHaveLength(1_000 + 19);
  expect(barriers).toHaveLength(19);
  // 950 objects wait for the barrier below them; 19 barriers wait for 50 objects each.
  expect(edgeCount(plan)).toBe(950 + 950);
});

test('ten chained layers of a hundred objects have as many edges as twice their objects', () => {
  const plan = layers(10, 100, (number) => (number === 0 ? [] : [number - 1]));
  expect(plan.steps).toHaveLength(1_000 + 9);
  expect(edgeCount(plan)).toBe(2 * 900);
});

test('a layer that waits for all before it has no more edges than one that waits for the last', () => {
  const all = layers(10, 20, (number) => Array.from({ length: number }, (_, other) => other));
  const last = layers(10, 20, (number) => (number === 0 ? [] : [number - 1]));
  const objects = (plan: Plan): string[] =>
    plan.steps.flatMap(({ step, id }) => (step === 'object' ? [id] : []));
  expect(objects(all)).toEqual(objects(last));
  // Every object waits for the nearest barrier alone: the others are implied.
  expect(
    all.steps.filter(({ step }) => step === 'object').map(({ dependsOn }) => dependsOn.length),
  ).toEqual(
    last.steps.filter(({ step }) => step === 'object').map(({ dependsOn }) => dependsOn.length),
  );
});

test('a dependency on one object is an edge without a barrier', () => {
  const plan = planOfChart((chart) => {
    const first = object(chart, 'v1 ConfigMap first');
    object(chart, 'v1 ConfigMap a-second').node.addDependency(first);
  });
  expect(plan.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ['ns/configmap/first', []],
    ['ns/configmap/a-second', ['ns/configmap/first']],
  ]);
});

test('a dependency on something empty is none', () => {
  const plan = planOfChart((chart) => {
    const empty = new Construct(chart, 'Empty');
    object(chart, 'v1 ConfigMap it').node.addDependency(empty);
  });
  expect(plan.steps.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([['ns/configmap/it', []]]);
});

test('a construct that waits for the chart it is in does not wait for itself', () => {
  const plan = planOfChart((chart) => {
    object(chart, 'v1 ConfigMap first');
    object(chart, 'v1 ConfigMap second').node.addDependency(chart);
  });
  expect(plan.steps.map(({ id }) => id)).toContain('ns/configmap/second');
});

test('objects of one depth come as people expect them, then by name', () => {
  const plan = planOfChart((chart) => {
    object(chart, 'v1 Service web');
    object(chart, 'apps/v1 Deployment web');
    object(chart, 'v1 ConfigMap b');
    object(chart, 'v1 ConfigMap a');
    object(chart, 'v1 Namespace ns');
    object(chart, 'v1 ServiceAccount web');
  });
  expect(plan.steps.map(({ id }) => id)).toEqual([
    '_/namespace/ns',
    'ns/serviceaccount/web',
    'ns/configmap/a',
    'ns/configmap/b',
    'ns/service/web',
    'ns/deployment.apps/web',
  ]);
});

test('rejects charts that wait for each other, naming the way around', () => {
  const circle = (): Plan =>
    planFrom((app) => {
      const [a, b] = ['a', 'b'].map((id) => new Chart(app, id, { namespace: 'ns' }));
      if (a === undefined || b === undefined) return;
      new ApiObject(a, 'A', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } });
      new ApiObject(b, 'B', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } });
      a.addDependency(b);
      b.addDependency(a);
    });
  expect(messageFrom(circle)).toBe(
    "environment 'test' cannot be planned: these wait for each other in a circle:\n" +
      '  - barrier/a -> ns/configmap/a -> barrier/b -> ns/configmap/b -> barrier/a',
  );
});
