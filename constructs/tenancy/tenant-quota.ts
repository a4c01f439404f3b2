import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

import { labelsOf, type Part } from '../kit/labels';
import { later } from '../kit/later';
import { kubeObject } from '../kit/objects';
import { cpu, gibibytes, mebibytes } from '../kit/quantity';
import type { ClassRight, TenantQuota, TenantSpace } from './tenant-props';

/** Adds what all pods and claims of a namespace may use together. */
export function addQuota(at: Construct, part: Part, { quota, storage }: TenantSpace): void {
  const memory = gibibytes(quota.memoryGiB);
  const hard: Record<string, string> = {
    pods: String(quota.pods),
    'requests.cpu': cpu(quota.cpu),
    'requests.memory': memory,
    'limits.memory': memory,
    'requests.storage': gibibytes(quota.storageGiB),
    persistentvolumeclaims: String(quota.claims ?? 20),
    // Doors to the outside are the site's to open: `IIngress.route`.
    'services.loadbalancers': String(quota.loadBalancers ?? 0),
    'services.nodeports': '0',
    ...deviceQuota(quota),
  };
  kubeObject(at, 'Quota', 'ResourceQuota', {
    metadata: { name: 'tenant', labels: labelsOf(part) },
    spec: {
      hard: storage === undefined ? hard : later(() => ({ ...hard, ...classQuota(at, storage) })),
    },
  });
}

function deviceQuota({ devices = {} }: TenantQuota): Record<string, string> {
  const counts: Record<string, string> = {};
  for (const [name, count] of Object.entries(devices)) counts[`requests.${name}`] = String(count);
  return counts;
}

/** Counts the classes that are granted, and closes the others of the plan; those that are in no plan are closed by admission. */
function classQuota(
  at: Construct,
  granted: Readonly<Record<string, ClassRight>>,
): Record<string, string> {
  const planned = at.node.root.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .filter(({ kind }) => kind === 'StorageClass')
    .map(({ name }) => name);
  const names = [...new Set([...Object.keys(granted), ...planned])].sort();
  const counts: Record<string, string> = {};
  for (const name of names) {
    const { storageGiB, claims } = granted[name] ?? { storageGiB: 0, claims: 0 };
    const prefix = `${name}.storageclass.storage.k8s.io`;
    counts[`${prefix}/requests.storage`] = gibibytes(storageGiB);
    counts[`${prefix}/persistentvolumeclaims`] = String(claims);
  }
  return counts;
}

/** Adds what one container gets and may ask for. */
export function addLimits(at: Construct, part: Part, { limits = {}, quota }: TenantSpace): void {
  const memory = mebibytes(limits.defaultMemoryMiB ?? 256);
  kubeObject(at, 'Limits', 'LimitRange', {
    metadata: { name: 'tenant', labels: labelsOf(part) },
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
