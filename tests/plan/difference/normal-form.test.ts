import { normalForm } from '../../../plan/difference/normal-form';

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

test('what the server alone writes into metadata is left out', () => {
  const metadata = {
    name: 'x',
    labels: { a: 'b' },
    creationTimestamp: null,
    deletionGracePeriodSeconds: 0,
    deletionTimestamp: '2026-01-01T00:00:00Z',
    generation: 2,
    managedFields: [],
    resourceVersion: '7',
    uid: 'u',
  };
  expect(normalForm({ kind: 'ConfigMap', metadata })).toEqual({
    kind: 'ConfigMap',
    metadata: { name: 'x', labels: { a: 'b' } },
  });
});

test('the text of a Secret is compared as its data, and wins over it', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    data: { a: base64('old'), b: base64('kept') },
    stringData: { a: 'new', c: 'pässword' },
  };
  expect(normalForm(secret)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    data: { a: base64('new'), b: base64('kept'), c: base64('pässword') },
  });
});

test('a Secret without data has none, and the same kind of another group is left as it is', () => {
  expect(normalForm({ apiVersion: 'v1', kind: 'Secret', stringData: {} })).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
  });
  const other = { apiVersion: 'example.org/v1', kind: 'Secret', stringData: { a: 'b' } };
  expect(normalForm(other)).toEqual(other);
});

test('a definition is compared without status and without a field that the server drops', () => {
  const definition = (preserveUnknownFields: boolean): object => ({
    kind: 'CustomResourceDefinition',
    spec: { group: 'example.org', preserveUnknownFields },
    status: { conditions: [] },
  });
  expect(normalForm({ ...definition(false) })).toEqual({
    kind: 'CustomResourceDefinition',
    spec: { group: 'example.org' },
  });
  expect(normalForm({ ...definition(true) })).toEqual({
    kind: 'CustomResourceDefinition',
    spec: { group: 'example.org', preserveUnknownFields: true },
  });
});

test('an object without anything of that is left as it is', () => {
  const route = { kind: 'Route', metadata: 'odd', spec: { host: 'www.example.org' } };
  expect(normalForm(route)).toEqual(route);
});
