import { Construct } from 'constructs';

import type { IIdentityProvider } from '../contracts';
import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf } from '../kit/labels';
import { scrape, type Monitoring } from '../kit/monitoring';
import { allow, API_SERVER, inNamespace } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace, serviceAccount } from '../kit/rbac';
import { UpstreamManifest } from '../kit/upstream-manifest';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { targetOf } from '../targets';
import { imageRef, IMAGES, UPSTREAM_FILES } from '../versions';
import { demandTenants, tenantProblems, type ScaleTenant } from './scale-tenant';
import { SPARK_PARTS, SPARK_USER } from './spark-parts';
import { SparkTenant } from './spark-tenant';

/** Kubeflow's operator for Spark, for the namespaces of some tenants. */
export interface SparkOperatorProps {
  /** Whose applications run where. Their groups may make applications there. */
  readonly tenants: readonly ScaleTenant[];
  /** Who people are: groups of tenants are held against it. */
  readonly identity: IIdentityProvider;
  /**
   * Pods. One works, the others wait to take over.
   *
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Who makes the operator's definitions, which a cluster has once: this tree, or another operator.
   *
   * @default 'here'
   */
  readonly definitions?: 'here' | 'cluster';
  /** @default 'none' */
  readonly monitoring?: Monitoring;
  /**
   * Namespaces whose pods collect metrics.
   *
   * @default [] - nobody
   */
  readonly monitoringNamespaces?: readonly string[];
}

const NAME = 'spark-operator';
const PORTS = { health: 8081, metrics: 8080 } as const;

/**
 * Runs SparkApplications in the namespaces of tenants, and has rights nowhere else. It has no webhook, as that would stand between the API
 * server and every pod: what pods need beyond the application's own fields comes from its pod templates, which Spark has known since 3.0.
 */
export class SparkOperator extends Construct {
  /** The namespaces that it serves. */
  public readonly tenants: readonly ScaleTenant[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: SparkOperatorProps,
  ) {
    super(scope, id);
    const { tenants, identity, replicas = 2 } = props;
    rejectInvalid(this, [
      ...targetOf(this).problemsOf("Spark's operator", 'crd-v1'),
      ...tenantProblems(this, tenants, identity),
      ...(Number.isInteger(replicas) && replicas >= 1
        ? []
        : [`'replicas' must be a whole number from 1, got '${replicas}'`]),
    ]);
    demandTenants(this, tenants);
    this.tenants = tenants;
    const definitions = this.addDefinitions();
    const made = tenants.map((tenant) => new SparkTenant(this, tenant, NAME));
    this.addRights();
    const workload = this.addProgram(replicas);
    workload.node.addDependency(...definitions, ...made);
    this.addMetrics();
    this.addPolicy();
  }

  private addDefinitions(): Construct[] {
    if (this.props.definitions === 'cluster') return [];
    const { sparkApplications, sparkScheduledApplications, sparkConnects } = UPSTREAM_FILES;
    return [sparkApplications, sparkScheduledApplications, sparkConnects].map(
      (pin) => new UpstreamManifest(this, `Definition-${pin.name}`, { pin }),
    );
  }

  /** Who of its pods works, in its own namespace. */
  private addRights(): void {
    serviceAccount(this, 'ServiceAccount', NAME, SPARK_PARTS.operator);
    grantInNamespace(this, 'Leader', {
      name: NAME,
      part: SPARK_PARTS.operator,
      rules: [
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          resourceNames: [NAME],
          verbs: ['get', 'update'],
        },
        { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
      ],
      to: { name: NAME, namespace: namespaceOf(this) },
    });
  }

  private addProgram(replicas: number): Construct {
    const namespaces = this.tenants.map(({ namespace }) => namespace);
    return deployment(this, 'Deployment', {
      name: NAME,
      part: SPARK_PARTS.operator,
      replicas,
      serviceAccount: NAME,
      usesApi: true,
      user: SPARK_USER,
      containers: [
        {
          name: NAME,
          image: imageRef(IMAGES.sparkOperator),
          args: [
            'controller',
            'start',
            '--zap-encoder=json',
            `--namespaces=${namespaces.join(',')}`,
            '--enable-ui-service=true',
            '--enable-metrics=true',
            `--metrics-bind-address=:${PORTS.metrics}`,
            '--metrics-endpoint=/metrics',
            `--health-probe-bind-address=:${PORTS.health}`,
            '--leader-election=true',
            `--leader-election-lock-name=${NAME}`,
            `--leader-election-lock-namespace=${namespaceOf(this)}`,
          ],
          ports: { health: PORTS.health, metrics: PORTS.metrics },
          // Every submission is a Java program of its own, beside the operator.
          resources: { cpu: '200m', memory: '512Mi', memoryLimit: '2Gi' },
          probes: {
            readiness: httpProbe('health', '/readyz'),
            liveness: { ...httpProbe('health', '/healthz'), failureThreshold: 6 },
          },
          scratch: { '/tmp': '256Mi' },
        },
      ],
    });
  }

  private addMetrics(): void {
    const part = SPARK_PARTS.operator;
    kubeObject(this, 'Metrics', 'Service', {
      metadata: { name: NAME, labels: labelsOf(part) },
      spec: {
        selector: selectorOf(part),
        ports: [{ name: 'metrics', port: PORTS.metrics, targetPort: 'metrics', protocol: 'TCP' }],
      },
    });
    scrape(this, 'Monitor', this.props.monitoring ?? 'none', { name: NAME, part, port: 'metrics' });
  }

  private addPolicy(): void {
    const watchers = (this.props.monitoringNamespaces ?? []).map(inNamespace);
    allow(this, 'Allow', {
      name: NAME,
      part: SPARK_PARTS.operator,
      ...(watchers.length === 0 ? {} : { from: [{ peers: watchers, ports: [PORTS.metrics] }] }),
      to: [API_SERVER],
    });
  }
}
