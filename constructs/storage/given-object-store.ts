import { Construct } from 'constructs';

import type { IObjectStore, ObjectBucket } from '../contracts';
import { labelsOf } from '../kit/labels';
import { kubeObject, namespaceOf } from '../kit/objects';
import { secretToken } from '../kit/secret-value';
import { rejectInvalid } from '../kit/validate';
import {
  givenStoreProblems,
  type BucketKeys,
  type GivenObjectStoreProps,
} from './given-object-store-props';

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
