import { ApiObject, App, Chart, JsonPatch, Lazy, type IResolver } from 'cdk8s';
import fc from 'fast-check';

import { parseJson } from '../../plan/json';
import { renderOf } from '../../plan/manifest-of';

const key = fc.stringMatching(/^[a-z][a-zA-Z0-9./-]{0,8}$/).filter((name) => name !== 'resolve');
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(key, tie('any'), { maxKeys: 4, noNullPrototype: true }),
    fc
      .constantFrom('late', 'later')
      .map((text): unknown => Lazy.any({ produce: () => ({ text, b: 1, a: 2 }) })),
  ),
})).any;
const texts = fc.dictionary(key, fc.string(), { maxKeys: 3, noNullPrototype: true });

/** As it arrives where it is sent: without what is not there. */
const sent = (rendered: unknown): unknown => parseJson(JSON.stringify(rendered));

test('renders what cdk8s renders', () => {
  fc.assert(
    fc.property(
      texts,
      texts,
      fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true }),
      (labels, annotations, rest) => {
        const app = new App();
        const chart = new Chart(app, 'chart', { namespace: 'ns', labels: { chart: 'label' } });
        const object = new ApiObject(chart, 'object', {
          ...rest,
          apiVersion: 'example.org/v1',
          kind: 'Thing',
          metadata: { name: 'thing', labels, annotations, finalizers: [] },
        });
        object.metadata.addLabel('added', 'afterwards');
        expect(sent(renderOf(app)(object))).toStrictEqual(sent(object.toJson()));
      },
    ),
  );
});

const plain = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } } as const;

test('a patched object is patched', () => {
  const app = new App();
  const object = new ApiObject(new Chart(app, 'chart'), 'object', { ...plain, data: { a: '1' } });
  object.addJsonPatch(JsonPatch.replace('/data/a', '2'));
  expect(renderOf(app)(object)).toMatchObject({ data: { a: '2' } });
});

test("an app's own resolver is asked", () => {
  const upper: IResolver = {
    resolve: (context) => {
      if (context.value === 'low') context.replaceValue('HIGH');
    },
  };
  const app = new App({ resolvers: [upper] });
  const object = new ApiObject(new Chart(app, 'chart'), 'object', { ...plain, data: { a: 'low' } });
  expect(renderOf(app)(object)).toMatchObject({ data: { a: 'HIGH' } });
});

test('an object that cannot be written as JSON is refused as cdk8s refuses it', () => {
  const app = new App();
  const object = new ApiObject(new Chart(app, 'chart'), 'object', { ...plain, data: new Map() });
  expect(() => renderOf(app)(object)).toThrow("can't render non-simple object of type 'Map'");
});
