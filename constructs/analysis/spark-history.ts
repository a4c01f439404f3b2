import { Construct } from 'constructs';
import type { EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';

import type { IFileShare, IIngress, ObjectBucket } from '../contracts';
import { httpProbe } from '../kit/containers';
import { imageProblems, registryProblems } from '../kit/image-rules';
import { labelsOf, selectorOf } from '../kit/labels';
import { allow } from '../kit/network';
import { kubeObject } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { SPARK_PARTS, SPARK_USER } from './spark-parts';

/** Where applications write what they did (`spark.eventLog.dir`), and the server reads it. */
export type SparkEvents =
  /** A share whose claim is in the server's namespace. */
  | { readonly kind: 'share'; readonly share: IFileShare }
  /** A bucket. Spark's own image cannot speak S3, so it takes one with `hadoop-aws` of the same Hadoop. */
  | {
      readonly kind: 's3';
      readonly bucket: ObjectBucket;
      /** Image by exact tag or digest, with Spark in /opt/spark. */
      readonly image: string;
      /** Where that image may come from. */
      readonly registries: readonly string[];
    };

/** The pages of applications that ended. */
export interface SparkHistoryServerProps {
  readonly host: string;
  readonly ingress: IIngress;
  readonly events: SparkEvents;
}

const NAME = 'spark-history';
const PORT = 18080;
const EVENTS = '/events';

/** Shows what applications did after they ended. It asks for no login, so it is for internal networks. */
export class SparkHistoryServer extends Construct {
  /** What applications set as `spark.eventLog.dir`; a share is mounted there. */
  public readonly eventLog: string;

  constructor(scope: Construct, id: string, props: SparkHistoryServerProps) {
    super(scope, id);
    const { events, host, ingress } = props;
    rejectInvalid(this, problemsIn(props));
    this.eventLog = events.kind === 'share' ? `file:${EVENTS}` : `s3a://${events.bucket.bucket}/`;
    serviceAccount(this, 'ServiceAccount', NAME, SPARK_PARTS.history);
    this.addProgram(events);
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(SPARK_PARTS.history) },
      spec: {
        selector: selectorOf(SPARK_PARTS.history),
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
    if (events.kind === 's3') {
      allow(this, 'AllowStore', {
        name: NAME,
        part: SPARK_PARTS.history,
        to: [{ peers: 'anyone', ports: [storePort(events.bucket.endpoint)] }],
      });
    }
    ingress.route({
      scope: this,
      name: NAME,
      host,
      reach: 'internal',
      service: { name: NAME, port: 'http' },
    });
  }

  private addProgram(events: SparkEvents): void {
    const { options, env, volumes, mounts } = storage(events);
    const workload = deployment(this, 'Deployment', {
      name: NAME,
      part: SPARK_PARTS.history,
      replicas: 1,
      serviceAccount: NAME,
      user: SPARK_USER,
      volumes,
      containers: [
        {
          name: NAME,
          image: events.kind === 's3' ? events.image : imageRef(IMAGES.spark),
          command: ['/opt/spark/bin/spark-class', 'org.apache.spark.deploy.history.HistoryServer'],
          env: [
            {
              name: 'SPARK_HISTORY_OPTS',
              value: [
                `-Dspark.history.fs.logDirectory=${this.eventLog}`,
                `-Dspark.history.ui.port=${PORT}`,
                '-Dspark.history.fs.cleaner.enabled=true',
                ...options,
              ].join(' '),
            },
            // OKD's UID has no name, which Hadoop asks for.
            { name: 'HADOOP_USER_NAME', value: 'spark' },
            { name: 'SPARK_USER', value: 'spark' },
            ...env,
          ],
          ports: { http: PORT },
          resources: { cpu: '100m', memory: '1Gi', memoryLimit: '2Gi' },
          probes: {
            readiness: httpProbe('http', '/'),
            liveness: { ...httpProbe('http', '/'), periodSeconds: 15, failureThreshold: 6 },
            startup: { ...httpProbe('http', '/'), periodSeconds: 5, failureThreshold: 60 },
          },
          mounts,
          scratch: { '/tmp': '256Mi' },
        },
      ],
    });
    workload.node.addDependency(events.kind === 's3' ? events.bucket.ready : events.share.ready);
  }
}

interface Storage {
  readonly options: readonly string[];
  readonly env: readonly EnvVar[];
  readonly volumes: readonly Volume[];
  readonly mounts: readonly VolumeMount[];
}

function storage(events: SparkEvents): Storage {
  switch (events.kind) {
    case 'share':
      return {
        options: [],
        env: [],
        volumes: [{ name: 'events', persistentVolumeClaim: { claimName: events.share.claimName } }],
        mounts: [{ name: 'events', mountPath: EVENTS }],
      };
    case 's3': {
      const { endpoint, region = 'us-east-1', accessKey, secretKey } = events.bucket;
      const key = (name: string, ref: typeof accessKey): EnvVar => ({
        name,
        valueFrom: { secretKeyRef: { name: ref.name, key: ref.key } },
      });
      return {
        options: [
          `-Dspark.hadoop.fs.s3a.endpoint=${endpoint}`,
          `-Dspark.hadoop.fs.s3a.endpoint.region=${region}`,
          '-Dspark.hadoop.fs.s3a.path.style.access=true',
        ],
        env: [key('AWS_ACCESS_KEY_ID', accessKey), key('AWS_SECRET_ACCESS_KEY', secretKey)],
        volumes: [],
        mounts: [],
      };
    }
  }
}

function problemsIn({ host, events }: SparkHistoryServerProps): string[] {
  return [
    ...(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)
      ? []
      : [`'host' must be a host name such as 'spark.example.org', got '${host}'`]),
    ...(events.kind === 'share'
      ? events.share.readOnly
        ? [
            `'events.share' must be writable, as old applications are deleted from it, got '${events.share.claimName}', which is read-only`,
          ]
        : []
      : [
          ...registryProblems(events.registries),
          ...imageProblems(events.image, events.registries).map(
            (problem) => `'events': ${problem}`,
          ),
        ]),
  ];
}

function storePort(endpoint: string): number {
  const { port, protocol } = new URL(endpoint);
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}
