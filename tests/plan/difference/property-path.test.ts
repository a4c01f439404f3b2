import { covers, pathSegments, takenFrom } from '../../../plan/difference/property-path';

test.each([
  ['spec.replicas', ['spec', 'replicas']],
  ['spec.containers[*].image', ['spec', 'containers', '*', 'image']],
  ['spec.containers[0].image', ['spec', 'containers', '0', 'image']],
  [
    'metadata.annotations["openshift.io/sa.scc.mcs"]',
    ['metadata', 'annotations', 'openshift.io/sa.scc.mcs'],
  ],
  ['a["say \\"hi\\""].b', ['a', 'say "hi"', 'b']],
  ['a["*"]', ['a', '*']],
  ['', []],
])('%s is a way of %j', (path, segments) => {
  expect(pathSegments(path)).toEqual(segments);
});

test.each([
  ['spec', 'spec.replicas', true],
  ['spec.replicas', 'spec.replicas', true],
  ['spec.replicas', 'spec', false],
  ['spec.replicas', 'spec.replica', false],
  ['spec.containers[*].image', 'spec.containers[3].image', true],
  ['spec.containers[*].image', 'spec.containers[3].name', false],
])('%s covers %s: %s', (pattern, path, expected) => {
  expect(covers(pathSegments(pattern), pathSegments(path))).toBe(expected);
});

describe('a field that is left alone', () => {
  const take = (value: object, from: object, path: string): unknown =>
    takenFrom({ ...value }, { ...from }, pathSegments(path));

  test('keeps what was there', () => {
    expect(
      take({ spec: { replicas: 1, a: 1 } }, { spec: { replicas: 5, a: 2 } }, 'spec.replicas'),
    ).toEqual({
      spec: { replicas: 5, a: 1 },
    });
  });

  test('goes where it was not there', () => {
    expect(take({ spec: { replicas: 1, a: 1 } }, { spec: {} }, 'spec.replicas')).toEqual({
      spec: { a: 1 },
    });
  });

  test('comes where it was there, with what holds it', () => {
    const from = { metadata: { annotations: { 'a/b': 'x' } } };
    expect(take({ metadata: { name: 'x' } }, from, 'metadata.annotations["a/b"]')).toEqual({
      metadata: { name: 'x', annotations: { 'a/b': 'x' } },
    });
    expect(take({ a: 1 }, {}, 'metadata.annotations["a/b"]')).toEqual({ a: 1 });
  });

  test('may be one of each item of a list', () => {
    const value = {
      webhooks: [
        { name: 'a', ca: '' },
        { name: 'b', ca: '' },
      ],
    };
    const from = { webhooks: [{ name: 'a', ca: 'A' }] };
    expect(take(value, from, 'webhooks[*].ca')).toEqual({
      webhooks: [{ name: 'a', ca: 'A' }, { name: 'b' }],
    });
  });

  test('may be an item of a list', () => {
    expect(take({ list: [1, 2] }, { list: [3, 4] }, 'list[1]')).toEqual({ list: [1, 4] });
  });

  test('may be every field of an object', () => {
    expect(
      take({ labels: { a: '1', b: '2' } }, { labels: { b: '3', c: '4' } }, 'labels[*]'),
    ).toEqual({
      labels: { b: '3', c: '4' },
    });
  });
});
