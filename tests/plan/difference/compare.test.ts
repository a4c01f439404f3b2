import fc from 'fast-check';

import { changesBetween, pruned, type FieldChange } from '../../../plan/difference/compare';
import { sameQuantity } from '../../../plan/difference/quantity';
import type { Json, JsonObject } from '../../../plan/model';

const change = (path: string, before: Json, after: Json): FieldChange => ({
  path: path.split('.'),
  kind: 'change',
  before,
  after,
  empty: false,
});

describe('differences', () => {
  test('are told by the field, in a stable order', () => {
    const before = { spec: { b: 1, a: 'x', list: [{ n: 1 }, { n: 2 }] } };
    const after = { spec: { a: 'y', list: [{ n: 1 }, { n: 3 }, { n: 4 }], c: true } };
    expect(changesBetween(before, after)).toEqual([
      change('spec.a', 'x', 'y'),
      { path: ['spec', 'b'], kind: 'remove', before: 1, empty: false },
      { path: ['spec', 'c'], kind: 'add', after: true, empty: false },
      change('spec.list.1.n', 2, 3),
      { path: ['spec', 'list', '2'], kind: 'add', after: { n: 4 }, empty: false },
    ]);
  });

  test.each([[{}], [[]], [''], [0], [false]])(
    'a new field that is %j is marked as empty',
    (value) => {
      expect(changesBetween({}, { field: value })).toEqual([
        { path: ['field'], kind: 'add', after: value, empty: true },
      ]);
    },
  );

  test('a field that is null is one that is not there', () => {
    expect(changesBetween({ a: null }, {})).toEqual([]);
    expect(changesBetween({}, { a: null })).toEqual([]);
    expect(changesBetween({ a: 1 }, { a: null })).toEqual([
      { path: ['a'], kind: 'remove', before: 1, empty: false },
    ]);
  });

  test('a value that becomes another type is one change', () => {
    expect(changesBetween({ a: { b: 1 } }, { a: [1] })).toEqual([change('a', { b: 1 }, [1])]);
  });

  // Keys that a ConfigMap may have, and that every object of JavaScript inherits.
  test.each(['constructor', '__proto__', 'toString'])('a new field %s is seen', (field) => {
    const there = Object.fromEntries([[field, 'x']]);
    expect(changesBetween({}, there)).toMatchObject([{ path: [field], kind: 'add' }]);
    expect(changesBetween(there, {})).toMatchObject([{ path: [field], kind: 'remove' }]);
    expect(Object.keys(pruned(there, {}))).toEqual([]);
    expect(Object.keys(pruned(there, there))).toEqual([field]);
  });

  const json = fc.jsonValue({ maxDepth: 3 });

  test('a value does not differ from itself', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(changesBetween(asJson(value), asJson(value))).toEqual([]);
      }),
    );
  });

  test('two ways round, the same fields differ', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        const there = changesBetween(asJson(a), asJson(b)).map(({ path }) => path);
        expect(changesBetween(asJson(b), asJson(a)).map(({ path }) => path)).toEqual(there);
      }),
    );
  });
});

/** A JSON value of fast-check as one of ours. */
function asJson(value: fc.JsonValue): Json {
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, asJson(inner ?? null)]),
  );
}

describe('what the cluster added', () => {
  test('is cut away, what it made of our values stays', () => {
    const inputs = {
      spec: { replicas: 2, template: { containers: [{ name: 'a' }] } },
      metadata: { name: 'x' },
    };
    const live = {
      spec: {
        replicas: 3,
        template: { containers: [{ name: 'a', imagePullPolicy: 'Always' }], dnsPolicy: 'Default' },
      },
      metadata: { name: 'x', uid: '1' },
      status: { ready: true },
    };
    expect(pruned(live, inputs)).toEqual({
      spec: { replicas: 3, template: { containers: [{ name: 'a' }] } },
      metadata: { name: 'x' },
    });
  });

  test('items at the end of a list are cut, items that are gone are not made up', () => {
    expect(pruned({ list: [1, 2, 3] }, { list: [1, 2] })).toEqual({ list: [1, 2] });
    expect(pruned({ list: [1] }, { list: [1, 2] })).toEqual({ list: [1] });
    expect(pruned({ list: [[{ a: 1, b: 2 }]] }, { list: [[{ a: 0 }]] })).toEqual({
      list: [[{ a: 1 }]],
    });
    expect(pruned({ list: [] }, { list: [1] })).toEqual({ list: [] });
  });

  test('a value of another type than ours stays whole', () => {
    expect(pruned({ a: { b: 1 } }, { a: 'text' })).toEqual({ a: { b: 1 } });
    expect(pruned({ list: ['x'] }, { list: [{ a: 1 }] })).toEqual({ list: ['x'] });
  });

  test('what was set by us and came through unchanged is what is left', () => {
    const object = fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, object, (ours, theirs) => {
        const inputs = recordOf(ours);
        const live = { ...recordOf(theirs), ...inputs };
        expect(changesBetween(pruned(live, inputs), inputs)).toEqual([]);
      }),
    );
  });
});

function recordOf(value: Record<string, fc.JsonValue>): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, asJson(inner)]));
}

describe('amounts', () => {
  test.each([
    ['spec.containers.0.resources.limits.cpu', '1000m', '1'],
    ['spec.containers.0.resources.limits.cpu', '0.5', '500m'],
    ['spec.containers.0.resources.requests.memory', '1024Mi', '1Gi'],
    ['spec.containers.0.resources.requests.memory', '1e3', '1k'],
    ['spec.hard.pods', 10, '10'],
    ['spec.hard.requests.storage', '1Ti', '1024Gi'],
    ['spec.limits.0.default.memory', '512Mi', '0.5Gi'],
    ['spec.capacity.storage', '10Gi', '10240Mi'],
    ['spec.volumes.0.emptyDir.sizeLimit', '1Gi', '1024Mi'],
    ['spec.metrics.0.resource.target.averageValue', '500m', '0.5'],
    ['spec.metrics.0.external.target.value', '1k', '1000'],
    ['spec.resourceFieldRef.divisor', '1', '1000m'],
  ])('%s of %s is %s', (path, a, b) => {
    expect(sameQuantity(path.split('.'), a, b)).toBe(true);
  });

  test.each([
    ['spec.containers.0.resources.limits.memory', '1G', '1Gi'],
    ['spec.containers.0.resources.limits.memory', '1', undefined],
    ['spec.containers.0.resources.limits.memory', 'lots', 'lots of it'],
    ['spec.containers.0.resources.limits.memory', '1.2.3', '1.2.3'],
  ])('%s of %s is not %s', (path, a, b) => {
    expect(sameQuantity(path.split('.'), a, b)).toBe(false);
  });

  test.each([
    ['spec.template.spec.containers.0.env.0.value', '1000m', '1'],
    ['spec.template.spec.containers.0.args.0', '1.0', '1'],
    ['data.storage', '1Gi', '1024Mi'],
    ['data.limits.max', '010', '10'],
    ['stringData.value', '1.0', '1'],
    ['metadata.labels.max', '1.0', '1'],
    ['metadata.annotations.capacity', '1.0', '1'],
    ['spec.replicas', '1', 1],
  ])('%s is text: %s is not %s', (path, a, b) => {
    expect(sameQuantity(path.split('.'), a, b)).toBe(false);
    expect(changesBetween(a, b, path.split('.'))).toEqual([change(path, a, b)]);
  });
});
