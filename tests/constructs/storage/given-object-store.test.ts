import { Chart } from 'cdk8s';

import { secretFromConfig } from '../../../constructs/kit/secret-value';
import { GivenObjectStore } from '../../../constructs/storage/given-object-store';
import type { GivenObjectStoreProps } from '../../../constructs/storage/given-object-store-props';
import { messageFrom } from '../../support/message';
import { houseRuleProblems } from '../../support/house-rules';
import { chartFor, Synthesized } from '../../support/synth';

const settings = {
  from: 'settings',
  accessKey: secretFromConfig('imagesAccessKey'),
  secretKey: secretFromConfig('imagesSecretKey'),
} as const;

const minimal: GivenObjectStoreProps = {
  endpoint: 'https://rgw.example.org',
  buckets: { 'registry/images': { bucket: 'site-images', keys: settings } },
};

function store(props: Partial<GivenObjectStoreProps> = {}, chart = chartFor()): GivenObjectStore {
  return new GivenObjectStore(chart, 'Subject', { ...minimal, ...props });
}

test('a bucket comes with its keys in a Secret beside whoever asks', () => {
  const chart = chartFor();
  const scope = new Chart(chart, 'Registry', { namespace: 'registry' });
  const { ready, ...bucket } = store({}, chart).bucket({ scope, name: 'images' });
  expect(bucket).toEqual({
    endpoint: 'https://rgw.example.org',
    region: 'us-east-1',
    bucket: 'site-images',
    accessKey: { name: 'bucket-images', key: 'AWS_ACCESS_KEY_ID' },
    secretKey: { name: 'bucket-images', key: 'AWS_SECRET_ACCESS_KEY' },
  });
  const made = new Synthesized(chart);
  expect(made.objects).toHaveLength(1);
  const secret = made.one('Secret');
  expect(secret).toMatchObject({
    metadata: { name: 'bucket-images', namespace: 'registry' },
    stringData: {
      AWS_ACCESS_KEY_ID: '${secret:config:imagesAccessKey}',
      AWS_SECRET_ACCESS_KEY: '${secret:config:imagesSecretKey}',
    },
  });
  expect(houseRuleProblems(secret, [])).toEqual([]);
  expect(scope.node.findAll()).toContain(ready);
});

test('keys in a Secret of the site are named, and nothing is added', () => {
  const chart = chartFor(undefined, 'spark');
  const given = store(
    {
      endpoint: 'http://192.0.2.7:7480/',
      unencrypted: "the gateway is on the nodes' own network",
      region: 'default',
      buckets: {
        'spark/events': { bucket: 'spark.events', keys: { from: 'secret', name: 'events' } },
        'spark/more': {
          bucket: 'more',
          keys: { from: 'secret', name: 'more', accessKey: 'id', secretKey: 'key' },
        },
      },
    },
    chart,
  );
  expect(given.bucket({ scope: chart, name: 'events' })).toEqual({
    endpoint: 'http://192.0.2.7:7480',
    region: 'default',
    bucket: 'spark.events',
    accessKey: { name: 'events', key: 'AWS_ACCESS_KEY_ID' },
    secretKey: { name: 'events', key: 'AWS_SECRET_ACCESS_KEY' },
    ready: given,
  });
  expect(given.bucket({ scope: chart, name: 'more' })).toMatchObject({
    accessKey: { name: 'more', key: 'id' },
    secretKey: { name: 'more', key: 'key' },
  });
  expect(new Synthesized(chart).objects).toEqual([]);
});

test('makes no bucket: refused with the reason and what to do', () => {
  const scope = chartFor(undefined, 'registry');
  expect(messageFrom(() => store({}, scope).bucket({ scope, name: 'charts' }))).toBe(
    "GivenObjectStore 'test/Subject' has invalid props:\n" +
      "  - 'buckets' must have 'registry/charts', which is asked for, and has [registry/images]: this store makes no bucket, " +
      'as nobody gave Beamline an account at https://rgw.example.org that may; have one made there, and list it with its keys',
  );
  const elsewhere = chartFor(undefined, 'spark');
  expect(() => store({}, elsewhere).bucket({ scope: elsewhere, name: 'images' })).toThrow(
    /must have 'spark\/images'/,
  );
});

test('a bucket has one owner', () => {
  const scope = chartFor(undefined, 'registry');
  const given = store({}, scope);
  given.bucket({ scope, name: 'images' });
  expect(() => given.bucket({ scope, name: 'images' })).toThrow(
    /the bucket 'registry\/images' is already that of 'test'; give one of them another name/,
  );
});

test('rejects every wrong prop at once', () => {
  expect(
    messageFrom(() =>
      store({
        endpoint: 'https://rgw.example.org/images',
        region: 'eu west',
        buckets: {
          images: { bucket: 'My_Images', keys: settings },
          'a/b': { bucket: 'one', keys: { from: 'secret', name: 'My Keys', secretKey: 'a b' } },
          'c/d': { bucket: 'one', keys: settings },
        },
      }),
    ),
  ).toBe(
    "GivenObjectStore 'test/Subject' has invalid props:\n" +
      "  - 'endpoint' must be scheme, host and port without a path, such as 'https://rgw.example.org', got 'https://rgw.example.org/images'\n" +
      "  - 'region' must be letters, digits, '.', '_' and '-', got 'eu west'\n" +
      "  - 'buckets' must be named by who asks, as '<namespace>/<name>' in lower-case letters, digits and '-', got 'images'\n" +
      "  - 'bucket' of 'images' must be 3 to 63 lower-case letters, digits, '-' and '.', got 'My_Images'\n" +
      "  - 'keys.name' of 'a/b' must be the name of a Secret, got 'My Keys'\n" +
      "  - 'keys' of 'a/b' must name keys of the Secret, got 'a b'\n" +
      "  - 'buckets' must give each its own, got 'one' for [a/b, c/d]; have another made",
  );
});

test.each([
  ['rgw.example.org', undefined, /must be scheme, host and port/],
  ['https://user:key@rgw.example.org', undefined, /must be scheme, host and port/],
  ['https://rgw.example.org:99999', undefined, /must be scheme, host and port/],
  ['http://rgw.example.org', undefined, /must be https, got 'http:.*; or say in 'unencrypted' why/],
  ['http://rgw.example.org', ' ', /'unencrypted' must say why/],
  ['https://rgw.example.org', 'why not', /'unencrypted' is for an endpoint without TLS/],
])("rejects the endpoint '%s' (unencrypted: %s)", (endpoint, unencrypted, words) => {
  expect(() => store({ endpoint, ...(unencrypted === undefined ? {} : { unencrypted }) })).toThrow(
    words,
  );
});
