import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';

const GROUP = 'kubernetes.dask.org';
const PART: Part = { name: 'dask', instance: 'dask', component: 'definitions', partOf: 'reana' };

const ANYTHING = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } as const;
const WORKERS = {
  ...ANYTHING,
  properties: { replicas: { type: 'integer', minimum: 0 } },
} as const;

/** One kind, by what the operator acts upon. Pods in it are the business of whoever writes them. */
interface Kind {
  readonly kind: string;
  readonly fields: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly subresources?: object;
}

const SCALED = {
  scale: { specReplicasPath: '.spec.worker.replicas', statusReplicasPath: '.status.replicas' },
} as const;

const KINDS: readonly Kind[] = [
  {
    kind: 'DaskCluster',
    fields: { worker: WORKERS, scheduler: ANYTHING },
    required: ['worker', 'scheduler'],
    subresources: SCALED,
  },
  {
    kind: 'DaskWorkerGroup',
    fields: { cluster: { type: 'string' }, worker: WORKERS },
    required: ['cluster', 'worker'],
    subresources: SCALED,
  },
  {
    kind: 'DaskAutoscaler',
    fields: {
      cluster: { type: 'string' },
      minimum: { type: 'integer', minimum: 0 },
      maximum: { type: 'integer', minimum: 0 },
    },
    required: ['cluster', 'minimum', 'maximum'],
  },
  {
    // REANA makes none, but the operator ends where it is not known.
    kind: 'DaskJob',
    fields: { job: ANYTHING, cluster: ANYTHING },
    required: ['job', 'cluster'],
    subresources: { status: {} },
  },
];

/**
 * What the cluster has to know of Dask before a REANA with `dask` can run there: the four kinds of dask-kubernetes 2025.4.3, which a cluster has
 * once, and that whoever is admin of a project may grant rights over them. For the admin of the cluster.
 */
export class DaskDefinitions extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    rejectInvalid(this, targetOf(this).problemsOf('Dask in REANA', 'crd-v1'));
    for (const kind of KINDS) this.addDefinition(kind);
    this.addGrant();
  }

  private addDefinition({ kind, fields, required, subresources }: Kind): ApiObject {
    const singular = kind.toLowerCase();
    const plural = `${singular}s`;
    return kubeObject(this, kind, 'CustomResourceDefinition', {
      metadata: { name: `${plural}.${GROUP}`, labels: labelsOf(PART) },
      spec: {
        group: GROUP,
        scope: 'Namespaced',
        names: { kind, listKind: `${kind}List`, plural, singular },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            ...(subresources === undefined ? {} : { subresources }),
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: { type: 'object', properties: fields, required: [...required] },
                  status: ANYTHING,
                },
              },
            },
          },
        ],
      },
    });
  }

  /** Kubernetes adds it to its own ClusterRole `admin`: nobody may grant in his project what he may not do himself. */
  private addGrant(): void {
    const plurals = KINDS.map(({ kind }) => `${kind.toLowerCase()}s`);
    kubeObject(this, 'Grant', 'ClusterRole', {
      metadata: {
        name: `beamline:${GROUP}:admin`,
        labels: {
          ...labelsOf(PART),
          'rbac.authorization.k8s.io/aggregate-to-admin': 'true',
        },
      },
      rules: [
        {
          apiGroups: [GROUP],
          resources: plurals.flatMap((plural) => [
            plural,
            `${plural}/finalizers`,
            `${plural}/scale`,
          ]),
          verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
        },
      ],
    });
  }
}
