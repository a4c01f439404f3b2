import fc from 'fast-check';
import { parse } from 'yaml';

import { hint } from '../../constructs/kit/hints';
import { secretToken } from '../../constructs/kit/secret-value';
import type { JsonObject } from '../../plan/model';
import { renderPlan, yaml } from '../../plan/render';

import { object, planOfChart } from '../support/plan';

test('an object is shown with what made it, fields in the order that people expect', () => {
  const plan = planOfChart((chart) => {
    const token = secretToken({ from: 'config', key: 'password' });
    object(chart, 'v1 Secret it', { stringData: { b: token, a: 'x\ny\n' }, immutable: false });
    hint(object(chart, 'v1 ConfigMap theirs', { data: { on: 'yes', number: '012' } }), {
      upstream: { name: 'traefik-crds', version: 'v3.6.12' },
    });
  });
  expect(renderPlan(plan)).toBe(
    [
      '---',
      '# chart/Secret-it',
      'apiVersion: v1',
      'kind: Secret',
      'metadata:',
      '  labels:',
      '    app.kubernetes.io/managed-by: beamline',
      '    beamline/environment: test',
      '  name: it',
      '  namespace: ns',
      'immutable: false',
      'stringData:',
      '  a: |',
      '    x',
      '    y',
      '  b: ${secret:config:password}',
      '---',
      '# chart/ConfigMap-theirs (traefik-crds v3.6.12)',
      'apiVersion: v1',
      'kind: ConfigMap',
      'metadata:',
      '  labels:',
      '    app.kubernetes.io/managed-by: beamline',
      '    beamline/environment: test',
      '  name: theirs',
      '  namespace: ns',
      'data:',
      '  number: "012"',
      '  "on": "yes"',
      '',
    ].join('\n'),
  );
});

/** The same value with the fields of every object in the opposite order. */
function reversed(value: fc.JsonValue | undefined): fc.JsonValue {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([field, inner]) => [field, reversed(inner)]),
  );
}

test('the order in which fields were written does not matter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (fields) => {
      const manifest = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x' }, ...fields };
      const other = reversed(manifest);
      expect(yaml(isRecord(other) ? other : {})).toBe(yaml(manifest));
    }),
  );
});

function isRecord(value: fc.JsonValue): value is Record<string, fc.JsonValue> & JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test('one value that stands in two places is written twice, without an anchor', () => {
  const labels = { app: 'web' };
  const text = yaml({
    apiVersion: 'v1',
    kind: 'X',
    metadata: { labels },
    spec: { selector: labels },
  });
  expect(text).not.toMatch(/[&*]a\d/);
  expect(text.match(/app: web/g)).toHaveLength(2);
});

test('long lines are not folded', () => {
  const long = 'word '.repeat(60).trim();
  expect(yaml({ apiVersion: 'v1', kind: 'X', metadata: {}, data: { long } })).toContain(
    `  long: ${long}\n`,
  );
});

test('YAML 1.1, which Kubernetes reads, says the same as YAML 1.2', () => {
  const words = [
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'n',
    '~',
    'null',
    '012',
    '0o14',
    '1:30',
    '1_000',
    '0x1f',
    '.5',
    '2020-01-01',
    '<<',
  ];
  const data = Object.fromEntries(
    words.flatMap((word) => [
      [word, word],
      [`a-${word}`, word],
    ]),
  );
  const text = yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data });
  expect(parse(text, { version: '1.1' })).toEqual({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {},
    data,
  });
  expect(parse(text)).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: {}, data });
});
