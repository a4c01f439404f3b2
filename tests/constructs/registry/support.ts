import { App } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import type {
  AccessMode,
  IIngress,
  IStorageClass,
  ObjectBucket,
  RouteRequest,
} from '../../../constructs/contracts';
import type { HarborProps } from '../../../constructs/registry/harbor-props';

const ready: IDependable = new Construct(new App(), 'there');

/** An ingress that only remembers what it is asked for. */
export function listener(): { ingress: IIngress; requests: RouteRequest[] } {
  const requests: RouteRequest[] = [];
  return {
    requests,
    ingress: { route: (request) => void requests.push(request), serves: () => true },
  };
}

/** A class that somebody else made. */
export function storageClass(className: string, ...accessModes: AccessMode[]): IStorageClass {
  return { className, accessModes, ready };
}

export const disk = storageClass('disk', 'ReadWriteOnce');
export const shared = storageClass('shared', 'ReadWriteOnce', 'ReadWriteMany');

export const bucket: ObjectBucket = {
  endpoint: 'https://rgw.example.org',
  bucket: 'images',
  accessKey: { name: 'images', key: 'AWS_ACCESS_KEY_ID' },
  secretKey: { name: 'images', key: 'AWS_SECRET_ACCESS_KEY' },
  ready,
};

const backup = { schedule: '30 1 * * *', keepDays: 14, size: '20Gi', class: disk };

/** The least that a Harbor needs, everything inside. */
export const minimal: HarborProps = {
  host: 'registry.example.org',
  ingress: listener().ingress,
  storage: { kind: 'claim', size: '500Gi', class: disk },
  database: { kind: 'inside', size: '10Gi', class: disk, backup },
  redis: { kind: 'inside', size: '2Gi', class: disk },
};

/** Nothing inside but the programs. */
export const outside: HarborProps = {
  ...minimal,
  storage: { kind: 's3', bucket, redirect: false, folder: '/harbor' },
  database: {
    kind: 'external',
    host: 'db.example.org',
    port: 5433,
    database: 'harbor',
    username: { name: 'db', key: 'username' },
    password: { name: 'db', key: 'password' },
    tls: 'verify-full',
    backup,
  },
  redis: {
    kind: 'external',
    addresses: ['redis1.example.org:26379', 'redis2.example.org:26379'],
    sentinelSet: 'main',
    password: { name: 'redis', key: 'password' },
    tls: true,
  },
};
