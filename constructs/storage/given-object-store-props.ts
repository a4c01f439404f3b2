import type { SecretValue } from '../kit/secret-value';

/** S3 that others run: the RGW of a Ceph outside the cluster, or any other endpoint. */
export interface GivenObjectStoreProps {
  /** URL without a path, as pods reach it: `https://rgw.example.org`. Its certificate is of an authority that images trust. */
  readonly endpoint: string;

  /**
   * Region that requests are signed for, as the store's administrators name it.
   *
   * @default 'us-east-1'
   */
  readonly region?: string;

  /** Buckets that exist, by who asks for them: `<namespace>/<name>`, such as `registry/images` for the layers of a registry. */
  readonly buckets: Readonly<Record<string, GivenBucket>>;

  /**
   * Why it is accepted that objects pass the network unencrypted. For example `the gateway is on the nodes' own network`.
   *
   * @default - 'endpoint' must be https
   */
  readonly unencrypted?: string;
}

/** A bucket that the store's administrators made. */
export interface GivenBucket {
  /** Its name there. */
  readonly bucket: string;
  readonly keys: BucketKeys;
}

/** Keys to a bucket. Their user needs to list the bucket, and to read, write and delete its objects. */
export type BucketKeys =
  /** Encrypted settings of the environment: Beamline writes them into a Secret beside the consumer. */
  | {
      readonly from: 'settings';
      readonly accessKey: SecretValue;
      readonly secretKey: SecretValue;
    }
  /** A Secret that the site makes itself in the consumer's namespace; the environment lists it under `provided`. */
  | {
      readonly from: 'secret';
      readonly name: string;
      /** @default 'AWS_ACCESS_KEY_ID' */
      readonly accessKey?: string;
      /** @default 'AWS_SECRET_ACCESS_KEY' */
      readonly secretKey?: string;
    };

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
