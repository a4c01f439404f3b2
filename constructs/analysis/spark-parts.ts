import type { Part } from '../kit/labels';
import { IMAGES } from '../versions';

const common = { name: 'spark', partOf: 'spark' } as const;

/** What Spark consists of here. */
export const SPARK_PARTS = {
  operator: {
    ...common,
    instance: 'operator',
    component: 'operator',
    version: IMAGES.sparkOperator.tag,
  },
  history: { ...common, instance: 'history', component: 'history', version: IMAGES.spark.tag },
  jobs: { ...common, instance: 'jobs', component: 'jobs' },
} as const satisfies Readonly<Record<string, Part>>;

/** ServiceAccount of drivers, in each tenant's namespace: a driver makes its executors with it. */
export const DRIVER_ACCOUNT = 'spark-driver';

/** Label that the operator gives to the pods of every application. */
export const JOB_LABELS = { 'sparkoperator.k8s.io/launched-by-spark-operator': 'true' } as const;

/** API group of the operator's kinds. */
export const SPARK_API = 'sparkoperator.k8s.io';

/** UID and GID of Spark's own images, on Kubernetes. */
export const SPARK_USER = 185;

/** One driver or executor. */
export interface SparkPod {
  /** CPU cores, whole ones. */
  readonly cores: number;
  /** Memory of the program in MiB. */
  readonly memoryMiB: number;
  /** Memory in MiB beside it, for Python and the JVM itself. */
  readonly overheadMiB: number;
}
