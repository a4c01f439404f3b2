import { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { exempt } from '../kit/exceptions';
import { labelsOf, type Part } from '../kit/labels';
import { podsMadeBy } from '../kit/made-elsewhere';
import type { Monitoring } from '../kit/monitoring';
import { allow, inNamespace, INTERNET, podsOf } from '../kit/network';
import { customObject, kubeObject, namespaceOf } from '../kit/objects';
import { grantInNamespace } from '../kit/rbac';
import { BACKEND_READS, OWN_KIND_READS } from '../kit/traefik-reads';
import {
  CLUSTER_ACCOUNT,
  clusterLabels,
  DASK_PORTS,
  MIDDLEWARE,
  PARTS,
  SCHEDULER_PORTS,
  schedulerLabels,
} from './dask-parts';
import type { ScaleTenant } from './scale-tenant';

/** What a gateway needs in the namespace of one tenant. */
export interface DaskTenantProps {
  readonly tenant: ScaleTenant;
  readonly monitoring: Monitoring;
  readonly monitoringNamespaces: readonly string[];
}

const CLUSTERS = 'gateway.dask.org';

/** What the server asks for, as it was seen to ask (`tests/constructs/analysis/dask.integration.test.ts`). */
const GATEWAY_RULES: readonly PolicyRule[] = [
  {
    apiGroups: [CLUSTERS],
    resources: ['daskclusters'],
    verbs: ['list', 'watch', 'create', 'patch'],
  },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
];

const CONTROLLER_RULES: readonly PolicyRule[] = [
  { apiGroups: [CLUSTERS], resources: ['daskclusters'], verbs: ['list', 'watch', 'delete'] },
  { apiGroups: [CLUSTERS], resources: ['daskclusters/status'], verbs: ['patch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch', 'create', 'delete'] },
  { apiGroups: [''], resources: ['endpoints'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['services'], verbs: ['create'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['create', 'delete'] },
  {
    apiGroups: ['traefik.io'],
    resources: ['ingressroutes', 'ingressroutetcps'],
    verbs: ['create'],
  },
];

const PROXY_RULES: readonly PolicyRule[] = [...BACKEND_READS, OWN_KIND_READS];

/** Rights, an account for the pods, the dashboards' middleware and the network of the clusters of one tenant. */
export class DaskTenant extends Construct {
  private readonly instance: string;
  private readonly namespace: string;

  constructor(
    scope: Construct,
    private readonly props: DaskTenantProps,
  ) {
    super(scope, `Tenant-${props.tenant.namespace}`);
    this.instance = namespaceOf(this);
    this.namespace = props.tenant.namespace;
    this.addAccount();
    this.addRights('gateway', PARTS.gateway, GATEWAY_RULES, GATEWAY_SECRETS);
    this.addRights('controller', PARTS.controller, CONTROLLER_RULES, CONTROLLER_SECRETS);
    this.addRights('proxy', PARTS.proxy, PROXY_RULES, PROXY_SECRETS);
    this.addMiddleware();
    this.addPolicies();
    this.addMonitor();
  }

  private addAccount(): void {
    kubeObject(this, 'Account', 'ServiceAccount', {
      metadata: {
        name: CLUSTER_ACCOUNT,
        namespace: this.namespace,
        labels: labelsOf(PARTS.cluster),
      },
      automountServiceAccountToken: false,
    });
  }

  private addRights(
    account: string,
    part: Part,
    rules: readonly PolicyRule[],
    reason: string,
  ): void {
    const role = grantInNamespace(this, account, {
      name: `${this.instance}-${account}`,
      namespace: this.namespace,
      part,
      rules,
      to: { name: account, namespace: this.instance },
    });
    exempt(role, { rule: 'secret-access', reason });
  }

  private addMiddleware(): void {
    customObject(this, 'Middleware', {
      apiVersion: 'traefik.io/v1alpha1',
      kind: 'Middleware',
      metadata: {
        name: MIDDLEWARE,
        namespace: this.namespace,
        // The proxy reads what has the label of its gateway alone.
        labels: { ...labelsOf(PARTS.cluster), ...clusterLabels(this.instance) },
      },
      spec: { stripPrefixRegex: { regex: ['/clusters/[a-zA-Z0-9.-]+'] } },
    });
  }

  /** A cluster's pods speak to one another with certificates of their own cluster, so policies need not tell clusters apart. */
  private addPolicies(): void {
    const { tenant, monitoringNamespaces } = this.props;
    const { namespace, instance } = this;
    const cluster = { podSelector: { matchLabels: clusterLabels(instance) } };
    const { comm, dashboard, api } = SCHEDULER_PORTS;
    const outgoing = tenant.outgoing ?? [INTERNET];
    const watchers = monitoringNamespaces.map(inNamespace);
    const policies = [
      allow(this, 'AllowCluster', {
        name: 'dask-clusters',
        namespace,
        part: PARTS.cluster,
        pods: clusterLabels(instance),
        from: [
          { peers: [cluster], ports: 'any' },
          ...(watchers.length === 0 ? [] : [{ peers: watchers, ports: [dashboard] }]),
        ],
        to: [
          { peers: [cluster], ports: 'any' },
          { peers: [podsOf(PARTS.gateway, instance)], ports: [DASK_PORTS.api] },
          ...(outgoing.length === 0 ? [] : [{ peers: outgoing, ports: 'any' } as const]),
        ],
      }),
      allow(this, 'AllowScheduler', {
        name: 'dask-schedulers',
        namespace,
        part: PARTS.cluster,
        pods: schedulerLabels(instance),
        from: [
          { peers: [podsOf(PARTS.gateway, instance)], ports: [api] },
          { peers: [podsOf(PARTS.proxy, instance)], ports: [comm, dashboard] },
        ],
      }),
    ];
    for (const policy of policies) podsMadeBy(policy, 'dask-gateway');
  }

  private addMonitor(): void {
    const { monitoring } = this.props;
    if (monitoring === 'none') return;
    customObject(this, 'Monitor', {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PodMonitor',
      metadata: {
        name: 'dask-clusters',
        namespace: this.namespace,
        labels: { ...labelsOf(PARTS.cluster), ...monitoring.labels },
      },
      spec: {
        selector: { matchLabels: clusterLabels(this.instance) },
        podMetricsEndpoints: [{ port: 'dashboard', path: '/metrics' }],
      },
    });
  }
}

const GATEWAY_SECRETS =
  "the server reads each cluster's certificate, whose name is made at run time; it lists none, and only in the tenants' namespaces";
const CONTROLLER_SECRETS =
  "the controller makes and deletes each cluster's certificate, whose name is made at run time; it reads none";
const PROXY_SECRETS =
  'Traefik keeps a watch on all Secrets of each namespace it serves, for their certificates, and does not start without it';
