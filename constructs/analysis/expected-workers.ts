import type { ExpectedPods } from '../kit/expected-pods';
import { cpu, gibibytes, mebibytes } from '../kit/quantity';
import { clusterLabels } from './dask-parts';
import type { DaskGatewayProps, DaskProfile } from './dask-props';
import type { ScaleTenant } from './scale-tenant';
import { JOB_LABELS, type SparkPod } from './spark-parts';

/**
 * The workers that the people of each tenant may ask for. Limits of clusters are for each person, and how many these are is not known here: what
 * all of them may have is the quota of the tenant. The scheduler of each cluster is in that quota and in no row.
 */
export function daskPodsOf(
  { tenants, profiles }: DaskGatewayProps,
  instance: string,
): ExpectedPods[] {
  return tenants.flatMap((tenant) =>
    profiles
      .filter((profile) => mayRun(profile, tenant, tenants))
      .map((profile): ExpectedPods => {
        const { name, cpu: cores, memoryGiB, nodes = {} } = profile;
        return {
          name,
          what: 'Dask workers',
          by: 'dask-gateway',
          ...inTenant(tenant),
          count: 'as-asked',
          labels: {
            ...clusterLabels(instance),
            'app.kubernetes.io/component': 'dask-worker',
          },
          requests: { cpu: cpu(cores.least), memory: gibibytes(memoryGiB.least) },
          limits: { cpu: cpu(cores.most), memory: gibibytes(memoryGiB.most) },
          nodes,
        };
      }),
  );
}

/** Whether somebody of a tenant may take a profile. A group that is no tenant's may have members in each. */
function mayRun(
  { groups }: DaskProfile,
  tenant: ScaleTenant,
  tenants: readonly ScaleTenant[],
): boolean {
  return (
    groups === undefined ||
    groups.some(
      (group) =>
        tenant.groups.includes(group) || !tenants.some((other) => other.groups.includes(group)),
    )
  );
}

/** One core, 1 GiB and 384 MiB beside it: what an executor is where its application says nothing (https://spark.apache.org/docs/latest/configuration.html). */
const USUAL_EXECUTOR: SparkPod = { cores: 1, memoryMiB: 1024, overheadMiB: 384 };

/** The executors that the people of a tenant may ask for. They choose the size themselves, so it is that of Spark itself. */
export function sparkPodsOf(tenant: ScaleTenant): ExpectedPods {
  return {
    ...EXECUTORS,
    ...inTenant(tenant),
    ...sizeOf(USUAL_EXECUTOR),
    name: 'of the usual size',
    count: 'as-asked',
  };
}

/** The pods that an application comes to. */
interface SparkApplication {
  readonly name: string;
  readonly driver: SparkPod;
  readonly executors: SparkPod & { readonly count: number };
}

/** The pods of an application that the site runs. */
export function jobPodsOf(
  { name, driver, executors }: SparkApplication,
  tenant: ScaleTenant,
): ExpectedPods[] {
  // An application ends, with a schedule or without.
  const common = { ...EXECUTORS, ...inTenant(tenant), running: 'now-and-then' } as const;
  return [
    { ...common, ...sizeOf(driver), name: `${name} (driver)`, count: 1 },
    { ...common, ...sizeOf(executors), name: `${name} (executors)`, count: executors.count },
  ];
}

const EXECUTORS = { what: 'Spark executors', by: 'spark-operator', labels: JOB_LABELS } as const;

function sizeOf({
  cores,
  memoryMiB,
  overheadMiB,
}: SparkPod): Pick<ExpectedPods, 'requests' | 'limits'> {
  const memory = mebibytes(memoryMiB + overheadMiB);
  return { requests: { cpu: cpu(cores), memory }, limits: { memory } };
}

/** Where its pods are, what they mount, and what they may have where its quota is in no plan. */
function inTenant({
  namespace,
  quota,
  shares = [],
}: ScaleTenant): Pick<ExpectedPods, 'namespace' | 'mounts' | 'within'> {
  const memory = gibibytes(quota.memoryGiB);
  return {
    namespace,
    mounts: shares.map(({ share }) => share.claimName),
    within: { 'requests.cpu': cpu(quota.cpu), 'requests.memory': memory, 'limits.memory': memory },
  };
}
