import { Construct } from 'constructs';

import type { IObjectStore, ObjectBucket } from '../contracts';
import { labelsOf } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { secretToken, type SecretValue } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import { givenStoreProblems } from './given-object-store-problems';

/** S3 that others run: the RGW of a Ceph outside the cluster, or any other endpoint. */
export interface GivenObjectStoreProps {
  /** URL without a path, as pods reach it: `https://rgw.example.org`. Its certificate is of an authority that images trust. */
  readonly endpoint: string;

  /**
   * Region that requests are signed for. Ceph calls it the API name of the zone group.
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

const ACCESS_KEY = 'AWS_ACCESS_KEY_ID';
const SECRET_KEY = 'AWS_SECRET_ACCESS_KEY';

/**
 * An object store that is there, with the buckets that are there. It hands them out and makes none: Beamline has no account
 * that may. Where Rook runs the Ceph, `CephObjectStore` makes buckets and keys itself.
 */
export class GivenObjectStore extends Construct implements IObjectStore {
  public readonly endpoint: string;
  private readonly taken = new Map<string, string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GivenObjectStoreProps,
  ) {
    super(scope, id);
    rejectInvalid(this, givenStoreProblems(props));
    this.endpoint = props.endpoint.replace(/\/$/, '');
  }

  public bucket({
    scope,
    name,
  }: {
    readonly scope: Construct;
    readonly name: string;
  }): ObjectBucket {
    const asked = `${namespaceOf(scope)}/${name}`;
    const given = this.props.buckets[asked];
    const taken = this.taken.get(asked);
    rejectInvalid(this, [
      ...(given === undefined ? [this.missing(asked)] : []),
      ...(taken === undefined
        ? []
        : [`the bucket '${asked}' is already that of '${taken}'; give one of them another name`]),
    ]);
    if (given === undefined) throw new Error(`'${asked}' was rejected`);
    this.taken.set(asked, scope.node.path);
    return {
      endpoint: this.endpoint,
      region: this.props.region ?? 'us-east-1',
      bucket: given.bucket,
      ...this.keys(scope, name, given.keys),
    };
  }

  private missing(asked: string): string {
    const known = Object.keys(this.props.buckets).sort();
    return (
      `'buckets' must have '${asked}', which is asked for, and has [${known.join(', ')}]: this store makes no bucket, ` +
      `as nobody gave Beamline an account at ${this.endpoint} that may; have one made there, and list it with its keys`
    );
  }

  private keys(
    scope: Construct,
    name: string,
    keys: BucketKeys,
  ): Pick<ObjectBucket, 'accessKey' | 'secretKey' | 'ready'> {
    switch (keys.from) {
      case 'secret':
        return {
          accessKey: { name: keys.name, key: keys.accessKey ?? ACCESS_KEY },
          secretKey: { name: keys.name, key: keys.secretKey ?? SECRET_KEY },
          ready: this,
        };
      case 'settings': {
        const secret = `bucket-${name}`;
        const part = {
          name: 's3',
          instance: name,
          component: 'bucket',
          partOf: 'storage',
        };
        const object = kubeObject(scope, `Bucket-${name}`, 'Secret', {
          metadata: { name: secret, labels: labelsOf(part) },
          type: 'Opaque',
          stringData: {
            [ACCESS_KEY]: secretToken(keys.accessKey),
            [SECRET_KEY]: secretToken(keys.secretKey),
          },
        });
        return {
          accessKey: { name: secret, key: ACCESS_KEY },
          secretKey: { name: secret, key: SECRET_KEY },
          ready: object,
        };
      }
    }
  }
}
