import { parseState, recordedProvider } from '../../deploy/state';
import { messageFrom } from '../support/message';

const urn = (type: string, name: string): string => `urn:pulumi:dev::beamline::${type}::${name}`;
const CONFIG_MAP = 'kubernetes:core/v1:ConfigMap';
const exported = (deployment: unknown): object => ({ version: 3, deployment });
/** A secret as `pulumi stack export --show-secrets` writes it. */
const secret = (value: unknown): object => ({
  '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270',
  plaintext: JSON.stringify(value),
});

test('a resource is read with its secrets in clear and without what is not there', () => {
  const state = exported({
    manifest: { time: 'x' },
    resources: [
      {
        urn: urn(CONFIG_MAP, 'ns/configmap/x'),
        custom: true,
        type: CONFIG_MAP,
        id: 'ns/x',
        inputs: { data: secret({ a: 'b', deep: secret('c') }), list: [secret('d'), 1, null] },
        dependencies: ['urn'],
        protect: true,
      },
    ],
  });
  const { resources, pending } = parseState(state);
  expect(pending).toEqual([]);
  expect([...resources.values()]).toEqual([
    {
      urn: urn(CONFIG_MAP, 'ns/configmap/x'),
      type: CONFIG_MAP,
      id: 'ns/x',
      inputs: { data: { a: 'b', deep: 'c' }, list: ['d', 1, null] },
      outputs: {},
      dependencies: ['urn'],
      protect: true,
      retainOnDelete: false,
      delete: false,
    },
  ]);
});

test('fields of definitions are spelled as the cluster spells them', () => {
  const type = 'kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition';
  const outputs = {
    schema: {
      x_kubernetes_preserve_unknown_fields: true,
      my_field: [{ x_kubernetes_list_type: 'map' }],
    },
  };
  const { resources } = parseState(exported({ resources: [{ urn: 'u', type, outputs }] }));
  expect(resources.get('u')?.outputs).toEqual({
    schema: {
      'x-kubernetes-preserve-unknown-fields': true,
      my_field: [{ 'x-kubernetes-list-type': 'map' }],
    },
  });
});

test('the one that is to be deleted does not stand in for the one that replaced it', () => {
  const both = [
    { urn: 'u', type: 't', id: 'new' },
    { urn: 'u', type: 't', id: 'old', delete: true },
  ];
  expect(parseState(exported({ resources: both })).resources.get('u')?.id).toBe('new');
});

test('operations that were under way are told', () => {
  const pending_operations = [{ type: 'creating', resource: { urn: 'u', type: 't' } }];
  expect(parseState(exported({ pending_operations })).pending).toEqual(['creating u']);
});

test.each([
  ['null', null],
  ['missing', undefined],
  ['empty', {}],
])('a state without resources is empty (%s)', (_what, deployment) => {
  expect(parseState(exported(deployment))).toEqual({
    resources: new Map(),
    pending: [],
    secrets: new Set(),
  });
});

test('the provider of an environment is found by its type', () => {
  const resources = [
    { urn: 'a', type: CONFIG_MAP },
    { urn: 'b', type: 'pulumi:providers:kubernetes', inputs: { context: 'c' } },
  ];
  expect(recordedProvider(parseState(exported({ resources })))?.inputs).toEqual({ context: 'c' });
  expect(recordedProvider(parseState(exported({})))).toBeUndefined();
});

test('rejects what is no state, naming the field', () => {
  expect(messageFrom(() => parseState(exported({ resources: [{ urn: 1, type: 't' }] })))).toBe(
    'the exported state is not what Pulumi 3 writes: ✖ Invalid input: expected string, received number\n' +
      '  → at deployment.resources[0].urn',
  );
});
