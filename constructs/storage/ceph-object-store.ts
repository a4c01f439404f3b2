import { Construct } from 'constructs';

import type { IObjectStore, ObjectBucket } from '../contracts';
import { expectPods } from '../kit/expected-pods';
import { labelsOf, type Part } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import { allow, inNamespace } from '../kit/network';
import { customObject, kubeObject, namespaceOf } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import type { CephCluster } from './ceph-cluster';
import { cephDaemons } from './ceph-daemons';
import {
  cephNameProblems,
  poolSpec,
  redundancyProblems,
  type CephRedundancy,
  type FailureDomain,
} from './ceph-connection';

/** What a gateway asks of its node. */
const RESOURCES = { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '2Gi' } } as const;
const PORT = 8080; // above 1024: the gateway is not root

/** S3 of a Ceph that Rook runs. */
export interface CephObjectStoreProps {
  readonly cluster: CephCluster;
  readonly name: string;
  /** @default { kind: 'replicated', copies: 3 } */
  readonly data?: CephRedundancy;
  /** @default 'host' */
  readonly failureDomain?: FailureDomain;
  /**
   * Gateways, each on a node of its own.
   *
   * @default 2
   */
  readonly gateways?: number;
  /**
   * What becomes of a bucket's objects when its claim is deleted.
   *
   * @default 'keep'
   */
  readonly deletedBuckets?: 'keep' | 'delete';
}

/** S3 inside the cluster. Each consumer gets a bucket and keys of its own, in its own namespace. */
export class CephObjectStore extends Construct implements IObjectStore {
  /** The class that ObjectBucketClaims name. */
  public readonly className: string;
  /** URL for pods of the cluster. */
  public readonly endpoint: string;
  private readonly part: Part;
  private readonly storeName: string;
  private readonly served = new Set<string>();
  private readonly buckets = new Map<string, string>();

  constructor(scope: Construct, id: string, props: CephObjectStoreProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(props));

    const { cluster, name } = props;
    const { namespace } = cluster;
    this.storeName = name;
    this.className = `${name}-buckets`;
    this.endpoint = `http://rook-ceph-rgw-${name}.${namespace}.svc:${PORT}`;
    this.part = { name: 'ceph', instance: name, component: 'objectstore', partOf: 'storage' };
    this.addStore(props).node.addDependency(cluster.ready);
    kubeObject(this, 'Class', 'StorageClass', {
      metadata: { name: this.className, labels: labelsOf(this.part) },
      provisioner: `${namespace}.ceph.rook.io/bucket`,
      allowVolumeExpansion: false,
      reclaimPolicy: (props.deletedBuckets ?? 'keep') === 'keep' ? 'Retain' : 'Delete',
      volumeBindingMode: 'Immediate',
      parameters: { objectStoreName: name, objectStoreNamespace: namespace },
    });
  }

  public bucket({
    scope,
    name,
  }: {
    readonly scope: Construct;
    readonly name: string;
  }): ObjectBucket {
    const namespace = namespaceOf(scope);
    const bucket = `${namespace}-${name}`;
    const taken = this.buckets.get(bucket);
    rejectInvalid(scope, [
      ...(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)
        ? []
        : [
            `the name of a bucket must be 3 to 63 lower-case letters, digits and '-', got '${bucket}'`,
          ]),
      ...(taken === undefined
        ? []
        : [`the bucket '${bucket}' is already that of '${taken}'; give one of them another name`]),
    ]);
    this.buckets.set(bucket, scope.node.path);
    this.serve(namespace);
    const claim = customObject(scope, `Bucket-${name}`, {
      apiVersion: 'objectbucket.io/v1alpha1',
      kind: 'ObjectBucketClaim',
      metadata: { name, labels: labelsOf({ ...this.part, component: 'bucket' }) },
      spec: { bucketName: bucket, storageClassName: this.className },
    });
    claim.node.addDependency(this);
    return {
      endpoint: this.endpoint,
      bucket,
      accessKey: { name, key: 'AWS_ACCESS_KEY_ID' },
      secretKey: { name, key: 'AWS_SECRET_ACCESS_KEY' },
      ready: claim,
    };
  }

  private addStore(props: CephObjectStoreProps): Construct {
    const failureDomain = props.failureDomain ?? 'host';
    const replicated: CephRedundancy = { kind: 'replicated', copies: 3 };
    const instances = props.gateways ?? 2;
    expectPods(this, cephDaemons({ name: 'rgw', count: instances, ...RESOURCES }));
    return customObject(this, 'Store', {
      apiVersion: 'ceph.rook.io/v1',
      kind: 'CephObjectStore',
      metadata: { name: props.name, labels: labelsOf(this.part) },
      spec: {
        metadataPool: poolSpec(replicated, failureDomain, undefined),
        dataPool: {
          ...poolSpec(props.data ?? replicated, failureDomain, undefined),
          parameters: { bulk: 'true' },
        },
        preservePoolsOnDelete: true,
        gateway: {
          port: PORT,
          instances,
          priorityClassName: 'system-cluster-critical',
          placement: { podAntiAffinity: preferApart('rook-ceph-rgw') },
          resources: RESOURCES,
        },
      },
    });
  }

  /** Lets the pods of a namespace reach the gateways; what the namespace lets out is for its owner to say. */
  private serve(namespace: string): void {
    if (this.served.has(namespace)) return;
    this.served.add(namespace);
    const policy = allow(this, `Allow-${namespace}`, {
      name: `rgw-from-${namespace}`,
      part: this.part,
      pods: { app: 'rook-ceph-rgw', rook_object_store: this.storeName },
      from: [{ peers: [inNamespace(namespace)], ports: [PORT] }],
    });
    podsMadeBy(policy, 'rook');
  }
}

function problemsIn({ name, data, gateways }: CephObjectStoreProps): string[] {
  return [
    ...cephNameProblems('name', name),
    ...(data === undefined ? [] : redundancyProblems('data', data)),
    ...(gateways === undefined || (Number.isInteger(gateways) && gateways >= 1)
      ? []
      : [`'gateways' must be a whole number from 1, got '${gateways}'`]),
  ];
}

function preferApart(app: string): Record<string, unknown> {
  return {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          labelSelector: { matchLabels: { app } },
          topologyKey: 'kubernetes.io/hostname',
        },
      },
    ],
  };
}
