import type { GivenBucket, GivenObjectStoreProps } from './given-object-store';

const ASKED = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9-]{0,54}[a-z0-9])?$/;
const ENDPOINT = /^(https?):\/\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?\/?$/i;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const SECRET = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const SECRET_KEY = /^[A-Za-z0-9._-]{1,253}$/;
const REGION = /^[A-Za-z0-9._-]+$/;

/** What is wrong with the props, one message each. */
export function givenStoreProblems(props: GivenObjectStoreProps): string[] {
  const { buckets, region } = props;
  return [
    ...endpointProblems(props),
    ...(region === undefined || REGION.test(region)
      ? []
      : [`'region' must be letters, digits, '.', '_' and '-', got '${region}'`]),
    ...Object.entries(buckets).flatMap(([asked, given]) => [
      ...(ASKED.test(asked)
        ? []
        : [
            `'buckets' must be named by who asks, as '<namespace>/<name>' in lower-case letters, digits and '-', got '${asked}'`,
          ]),
      ...bucketProblems(asked, given),
    ]),
    ...sharedProblems(buckets),
  ];
}

function endpointProblems({ endpoint, unencrypted }: GivenObjectStoreProps): string[] {
  const [, scheme] = ENDPOINT.exec(endpoint) ?? [];
  if (scheme === undefined || !URL.canParse(endpoint))
    return [
      `'endpoint' must be scheme, host and port without a path, such as 'https://rgw.example.org', got '${endpoint}'`,
    ];
  const isClear = scheme.toLowerCase() === 'http';
  if (isClear && unencrypted === undefined)
    return [
      `'endpoint' must be https, got '${endpoint}'; or say in 'unencrypted' why objects may pass the network in clear`,
    ];
  if (unencrypted === undefined) return [];
  if (!isClear)
    return [`'unencrypted' is for an endpoint without TLS, got '${endpoint}'; leave it out`];
  return unencrypted.trim() === ''
    ? [`'unencrypted' must say why objects may pass the network in clear, got ''`]
    : [];
}

function bucketProblems(asked: string, { bucket, keys }: GivenBucket): string[] {
  const of = `of '${asked}'`;
  return [
    ...(BUCKET.test(bucket)
      ? []
      : [
          `'bucket' ${of} must be 3 to 63 lower-case letters, digits, '-' and '.', got '${bucket}'`,
        ]),
    ...(keys.from === 'secret' && !SECRET.test(keys.name)
      ? [`'keys.name' ${of} must be the name of a Secret, got '${keys.name}'`]
      : []),
    ...(keys.from === 'secret'
      ? [keys.accessKey, keys.secretKey]
          .filter((key) => key !== undefined && !SECRET_KEY.test(key))
          .map((key) => `'keys' ${of} must name keys of the Secret, got '${key ?? ''}'`)
      : []),
  ];
}

/** Two programs in one bucket would overwrite, and clean away, what the other wrote. */
function sharedProblems(buckets: GivenObjectStoreProps['buckets']): string[] {
  const owners = new Map<string, string[]>();
  for (const [asked, { bucket }] of Object.entries(buckets))
    owners.set(bucket, [...(owners.get(bucket) ?? []), asked]);
  return [...owners]
    .filter(([, all]) => all.length > 1)
    .map(
      ([bucket, all]) =>
        `'buckets' must give each its own, got '${bucket}' for [${all.sort().join(', ')}]; have another made`,
    );
}
