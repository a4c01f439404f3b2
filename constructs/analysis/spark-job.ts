import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import { expectPods } from '../kit/expected-pods';
import { imageProblems, registryProblems } from '../kit/image-rules';
import { resolveImage } from '../kit/images';
import { labelsOf } from '../kit/labels';
import { customObject } from '../kit/objects';
import { cpu } from '../kit/quantity';
import { rejectInvalid } from '../kit/validate';
import { targetOf } from '../targets';
import { jobPodsOf } from './expected-workers';
import type { SparkOperator } from './spark-operator';
import { DRIVER_ACCOUNT, SPARK_API, SPARK_PARTS, SPARK_USER, type SparkPod } from './spark-parts';
import type { ScaleTenant } from './scale-tenant';

/** What an application runs. */
export type SparkProgram =
  | { readonly language: 'Python'; readonly file: string }
  | { readonly language: 'Scala' | 'Java'; readonly file: string; readonly mainClass: string };

/** An application that the site runs for a tenant, once or at given times. */
export interface SparkJobProps {
  /** Name of the application, unique in the namespace. */
  readonly name: string;
  readonly operator: SparkOperator;
  /** Namespace of one of the operator's tenants. */
  readonly namespace: string;
  /** Image by exact tag or digest, with Spark and the program. */
  readonly image: string;
  /** Where the image may come from. */
  readonly registries: readonly string[];
  /** Version of Spark in the image: `4.0.4`. */
  readonly sparkVersion: string;
  readonly program: SparkProgram;
  /** @default [] */
  readonly arguments?: readonly string[];
  readonly driver: SparkPod;
  readonly executors: SparkPod & { readonly count: number };
  /**
   * Settings of Spark: `{ 'spark.eventLog.enabled': 'true' }`.
   *
   * @default {}
   */
  readonly settings?: Readonly<Record<string, string>>;
  /**
   * When it runs, as cron writes it: `0 3 * * *`.
   *
   * @default - once
   */
  readonly schedule?: string;
}

/** A SparkApplication, or with a schedule a ScheduledSparkApplication, whose pods restricted-v2 admits. */
export class SparkJob extends Construct {
  constructor(scope: Construct, id: string, props: SparkJobProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(props));
    const made = this.addObject(props);
    made.node.addDependency(props.operator);
    const tenant = this.tenantOf(props);
    if (tenant === undefined) return;
    for (const pods of jobPodsOf(props, tenant)) expectPods(this, pods);
  }

  private tenantOf({ operator, namespace }: SparkJobProps): ScaleTenant | undefined {
    return operator.tenants.find((known) => known.namespace === namespace);
  }

  private addObject(props: SparkJobProps): ApiObject {
    const { name, namespace, schedule } = props;
    const tenant = this.tenantOf(props);
    const metadata = { name, namespace, labels: labelsOf({ ...SPARK_PARTS.jobs, instance: name }) };
    const template = applicationSpec(this, props, tenant);
    const apiVersion = `${SPARK_API}/v1beta2`;
    return schedule === undefined
      ? customObject(this, 'Application', {
          apiVersion,
          kind: 'SparkApplication',
          metadata,
          spec: template,
        })
      : customObject(this, 'Application', {
          apiVersion,
          kind: 'ScheduledSparkApplication',
          metadata,
          spec: { schedule, concurrencyPolicy: 'Forbid', template },
        });
  }
}

function applicationSpec(
  scope: Construct,
  props: SparkJobProps,
  tenant: ScaleTenant | undefined,
): object {
  const { program, driver, executors } = props;
  const sized = (pod: SparkPod): object => ({
    cores: pod.cores,
    coreLimit: cpu(pod.cores),
    memory: `${pod.memoryMiB}m`,
    memoryOverhead: `${pod.overheadMiB}m`,
  });
  return {
    type: program.language,
    mode: 'cluster',
    sparkVersion: props.sparkVersion,
    image: resolveImage(scope, props.image),
    imagePullPolicy: 'IfNotPresent',
    mainApplicationFile: program.file,
    ...(program.language === 'Python' ? {} : { mainClass: program.mainClass }),
    ...(props.arguments === undefined ? {} : { arguments: [...props.arguments] }),
    sparkConf: { 'spark.local.dir': '/tmp', ...props.settings },
    restartPolicy: { type: 'Never' },
    timeToLiveSeconds: 86_400,
    driver: {
      ...sized(driver),
      serviceAccount: DRIVER_ACCOUNT,
      template: podTemplate(scope, tenant, 'spark-kubernetes-driver', true),
    },
    executor: {
      ...sized(executors),
      instances: executors.count,
      deleteOnTermination: true,
      template: podTemplate(scope, tenant, 'spark-kubernetes-executor', false),
    },
  };
}

/** What Spark has no fields for. It puts its own container's image, sizes and environment into the one of this name. */
function podTemplate(
  scope: Construct,
  tenant: ScaleTenant | undefined,
  container: string,
  usesApi: boolean,
): object {
  const target = targetOf(scope);
  const shares = tenant?.shares ?? [];
  return {
    spec: {
      automountServiceAccountToken: usesApi,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        ...(target.flavour === 'okd' ? {} : { runAsUser: SPARK_USER, runAsGroup: SPARK_USER }),
        ...(target.has('seccomp-field') ? { seccompProfile: { type: 'RuntimeDefault' } } : {}),
      },
      containers: [
        {
          name: container,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: shares.map(({ share, mountPath }, index) => ({
            name: `share-${index}`,
            mountPath,
            readOnly: share.readOnly,
            mountPropagation: 'HostToContainer',
          })),
        },
      ],
      volumes: shares.map(({ share }, index) => ({
        name: `share-${index}`,
        persistentVolumeClaim: { claimName: share.claimName, readOnly: share.readOnly },
      })),
    },
  };
}

function problemsIn(props: SparkJobProps): string[] {
  const { name, namespace, operator, image, registries, driver, executors, sparkVersion } = props;
  const tenant = operator.tenants.find((known) => known.namespace === namespace);
  return [
    ...(/^[a-z]([a-z0-9-]{0,50}[a-z0-9])?$/.test(name)
      ? []
      : [
          `'name' must begin with a lower-case letter, and have these, digits and '-', at most 52, got '${name}'`,
        ]),
    ...registryProblems(registries),
    ...imageProblems(image, registries),
    ...(/^[34]\.\d+\.\d+$/.test(sparkVersion)
      ? []
      : [
          `'sparkVersion' must be 3.0.0 or newer, as pods are made from templates, got '${sparkVersion}'`,
        ]),
    ...podProblems('driver', driver),
    ...podProblems('executors', executors),
    ...(Number.isInteger(executors.count) && executors.count >= 1
      ? []
      : [`'executors.count' must be a whole number from 1, got '${executors.count}'`]),
    ...(tenant === undefined
      ? [
          `'namespace' '${namespace}' is not a tenant of the operator, ${operator.tenants.map((known) => known.namespace).join(', ')}; name one of them, or add it to the operator's 'tenants'`,
        ]
      : quotaProblems(props, tenant)),
  ];
}

function podProblems(field: string, { cores, memoryMiB, overheadMiB }: SparkPod): string[] {
  return [
    ...(Number.isInteger(cores) && cores >= 1
      ? []
      : [`'${field}.cores' must be a whole number from 1, got '${cores}'`]),
    // `Utils` of Spark refuses a heap below 450 MiB or so; below this nothing starts.
    ...(memoryMiB >= 512 ? [] : [`'${field}.memoryMiB' must be at least 512, got '${memoryMiB}'`]),
    ...(overheadMiB >= 384
      ? []
      : [
          `'${field}.overheadMiB' must be at least 384, which is Spark's own, got '${overheadMiB}'`,
        ]),
  ];
}

function quotaProblems(
  { driver, executors }: SparkJobProps,
  { namespace, quota }: ScaleTenant,
): string[] {
  const memory = (pod: SparkPod): number => pod.memoryMiB + pod.overheadMiB;
  const gib = (memory(driver) + executors.count * memory(executors)) / 1024;
  const cores = driver.cores + executors.count * executors.cores;
  return [
    ...(gib <= quota.memoryGiB
      ? []
      : [
          `driver and executors need ${Math.ceil(gib)} GiB, above the quota of tenant '${namespace}', ${quota.memoryGiB}; lower their memory or 'executors.count', or raise the quota`,
        ]),
    ...(cores <= quota.cpu
      ? []
      : [
          `driver and executors need ${cores} cores, above the quota of tenant '${namespace}', ${quota.cpu}; lower their cores or 'executors.count', or raise the quota`,
        ]),
  ];
}
