import { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { isolatedNamespace } from '../kit/namespace';
import { kubeObject, namespaceOf } from '../kit/objects';
import { cpu, gibibytes, mebibytes } from '../kit/quantity';
import { subjectsOf, type People } from '../kit/rbac';
import { rejectInvalid } from '../kit/validate';

/** What a tenant may use at most, all its pods and claims together. */
export interface TenantQuota {
  /** CPU cores that its pods may set aside. */
  readonly cpu: number;
  /** Memory in GiB that its pods may set aside, and grow to. */
  readonly memoryGiB: number;
  /** Number of pods. */
  readonly pods: number;
  /** Storage in GiB that its claims may ask for. */
  readonly storageGiB: number;
  /**
   * Number of claims.
   *
   * @default 20
   */
  readonly claims?: number;
}

/** What a container of a tenant gets when it says nothing, and may ask for at most. */
export interface TenantLimits {
  /**
   * CPU cores set aside for a container that names none.
   *
   * @default 0.1
   */
  readonly defaultCpu?: number;
  /**
   * Memory in MiB set aside for a container that names none, and the limit it gets.
   *
   * @default 256
   */
  readonly defaultMemoryMiB?: number;
  /**
   * Memory in GiB that one container may ask for.
   *
   * @default - what the quota holds
   */
  readonly largestMemoryGiB?: number;
}

/** What a group of people who share a namespace may use and do there. The namespace is that of the stack. */
export interface TenantProps {
  readonly quota: TenantQuota;
  /**
   * Defaults and maxima of single containers.
   *
   * @default {}
   */
  readonly limits?: TenantLimits;
  /**
   * Who may do everything in the namespace, grant rights in it too.
   *
   * @default - nobody
   */
  readonly admins?: People;
  /**
   * Who may change workloads, but not rights.
   *
   * @default - nobody
   */
  readonly editors?: People;
  /**
   * Who may look, but not at Secrets.
   *
   * @default - nobody
   */
  readonly viewers?: People;
}

/** A namespace of its own for a group of people: quota, limits, rights, closed to the network, restricted pods. */
export class Tenant extends Construct {
  public readonly namespace: string;
  private readonly part: Part;

  constructor(scope: Construct, id: string, props: TenantProps) {
    super(scope, id);
    this.namespace = namespaceOf(this);
    rejectInvalid(this, problemsIn(this.namespace, props));

    this.part = {
      name: 'tenant',
      instance: this.namespace,
      component: 'namespace',
      partOf: 'tenancy',
    };
    isolatedNamespace(this, 'Namespace', this.part);
    this.addQuota(props.quota);
    this.addLimits(props.limits ?? {}, props.quota);
    this.addRights('admin', props.admins ?? {});
    this.addRights('edit', props.editors ?? {});
    this.addRights('view', props.viewers ?? {});
  }

  private addQuota(quota: TenantQuota): void {
    const memory = gibibytes(quota.memoryGiB);
    kubeObject(this, 'Quota', 'ResourceQuota', {
      metadata: { name: 'tenant', labels: labelsOf(this.part) },
      spec: {
        hard: {
          pods: String(quota.pods),
          'requests.cpu': cpu(quota.cpu),
          'requests.memory': memory,
          'limits.memory': memory,
          'requests.storage': gibibytes(quota.storageGiB),
          persistentvolumeclaims: String(quota.claims ?? 20),
          // Doors to the outside are the site's to open: `IIngress.route`.
          'services.loadbalancers': '0',
          'services.nodeports': '0',
        },
      },
    });
  }

  private addLimits(limits: TenantLimits, quota: TenantQuota): void {
    const memory = mebibytes(limits.defaultMemoryMiB ?? 256);
    kubeObject(this, 'Limits', 'LimitRange', {
      metadata: { name: 'tenant', labels: labelsOf(this.part) },
      spec: {
        limits: [
          {
            type: 'Container',
            default: { memory },
            defaultRequest: { cpu: cpu(limits.defaultCpu ?? 0.1), memory },
            max: { memory: gibibytes(limits.largestMemoryGiB ?? quota.memoryGiB) },
          },
        ],
      },
    });
  }

  private addRights(role: 'admin' | 'edit' | 'view', people: People): void {
    const subjects = subjectsOf(people);
    if (subjects.length === 0) return;
    kubeObject(this, `Rights-${role}`, 'RoleBinding', {
      metadata: { name: `tenant-${role}`, labels: labelsOf(this.part) },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects,
    });
  }
}

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const RESERVED = /^(default|kube-.*|openshift|openshift-.*)$/;

function problemsIn(namespace: string, { quota, limits }: TenantProps): string[] {
  const counts = { pods: quota.pods, claims: quota.claims ?? 20 };
  const amounts = { cpu: quota.cpu, memoryGiB: quota.memoryGiB, storageGiB: quota.storageGiB };
  const largest = limits?.largestMemoryGiB ?? quota.memoryGiB;
  return [
    ...(DNS_LABEL.test(namespace)
      ? []
      : [
          `its namespace must be lower-case letters, digits and '-', at most 63, got '${namespace}'`,
        ]),
    ...(RESERVED.test(namespace)
      ? [`its namespace must not be one of the cluster's own, got '${namespace}'`]
      : []),
    ...Object.entries(counts).flatMap(([field, value]) =>
      Number.isInteger(value) && value >= 0
        ? []
        : [`'quota.${field}' must be a whole number from 0, got '${value}'`],
    ),
    ...Object.entries(amounts).flatMap(([field, value]) =>
      value >= 0 ? [] : [`'quota.${field}' must be 0 or more, got '${value}'`],
    ),
    ...(largest <= quota.memoryGiB
      ? []
      : [`'limits.largestMemoryGiB' must fit the quota of ${quota.memoryGiB}, got '${largest}'`]),
  ];
}
