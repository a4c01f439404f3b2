import { Construct } from 'constructs';

import type { HubService } from '../contracts';
import { expectPods } from '../kit/expected-pods';
import { allow, API_SERVER, inNamespace, podsOf } from '../kit/network';
import { namespaceOf } from '../kit/objects';
import { UpstreamManifest } from '../kit/upstream-manifest';
import { rejectInvalid } from '../kit/validate';
import { UPSTREAM_FILES } from '../versions';
import { daskDefinition } from './dask-definition';
import { clusterLabels, DASK_PORTS, PARTS, SCHEDULER_PORTS, schedulerLabels } from './dask-parts';
import { daskProblems } from './dask-problems';
import type { DaskGatewayProps } from './dask-props';
import { DaskProxy } from './dask-proxy';
import { daskPodsOf } from './expected-workers';
import { DaskServer, SERVICE } from './dask-server';
import { daskSettings } from './dask-settings';
import { DaskTenant } from './dask-tenant';
import { demandTenants } from './scale-tenant';

/**
 * Dask clusters for the people of a hub, each in the namespace of its tenant. No right is cluster-wide; schedulers and workers are ordinary
 * pods without privilege, which restricted-v2 admits on OKD.
 */
export class DaskGateway extends Construct {
  private readonly namespace: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DaskGatewayProps,
  ) {
    super(scope, id);
    this.namespace = namespaceOf(this);
    rejectInvalid(this, daskProblems(this, props));
    demandTenants(this, props.tenants);
    const hub = this.addToHub();
    const definitions = this.addDefinitions();
    const tenants = this.addTenants();
    const replicas = props.replicas ?? 2;
    const server = new DaskServer(this, {
      settings: daskSettings(this, props),
      hubApi: hub.apiUrl,
      replicas,
    });
    const proxy = new DaskProxy(this, {
      namespaces: props.tenants.map(({ namespace }) => namespace),
      replicas,
      monitoring: props.monitoring ?? 'none',
    });
    for (const definition of definitions) {
      for (const made of [...tenants, server, proxy]) made.node.addDependency(definition);
    }
    this.addPolicies(hub);
    this.publish();
    for (const pods of daskPodsOf(props, this.namespace)) expectPods(this, pods);
  }

  /** Sessions find the gateway by their environment, and its server asks the hub who they are. */
  private addToHub(): HubService {
    const { hub, published } = this.props;
    const gateway = podsOf(PARTS.gateway, this.namespace);
    return hub.service({
      name: SERVICE,
      asks: gateway,
      serves: [
        { pods: gateway, ports: [DASK_PORTS.api] },
        { pods: podsOf(PARTS.proxy, this.namespace), ports: [DASK_PORTS.web, DASK_PORTS.tcp] },
      ],
      environment: {
        DASK_GATEWAY__ADDRESS: `http://gateway.${this.namespace}:${DASK_PORTS.api}`,
        DASK_GATEWAY__PROXY_ADDRESS: `gateway://proxy.${this.namespace}:${DASK_PORTS.tcp}`,
        DASK_GATEWAY__AUTH__TYPE: 'jupyterhub',
        ...(published === undefined
          ? {}
          : { DASK_GATEWAY__PUBLIC_ADDRESS: `https://${published.host}` }),
      },
    });
  }

  private addDefinitions(): Construct[] {
    const { definitions = 'here', proxyDefinitions = 'here' } = this.props;
    return [
      ...(definitions === 'here' ? [daskDefinition(this)] : []),
      ...(proxyDefinitions === 'here'
        ? [new UpstreamManifest(this, 'ProxyDefinitions', { pin: UPSTREAM_FILES.traefikCrds })]
        : []),
    ];
  }

  private addTenants(): DaskTenant[] {
    const { tenants, monitoring = 'none', monitoringNamespaces = [] } = this.props;
    return tenants.map((tenant) => {
      const made = new DaskTenant(this, { tenant, monitoring, monitoringNamespaces });
      for (const { share } of tenant.shares ?? []) made.node.addDependency(share.ready);
      return made;
    });
  }

  private addPolicies({ apiUrl, sessions }: HubService): void {
    const { tenants, monitoringNamespaces = [] } = this.props;
    const { api, comm, dashboard } = SCHEDULER_PORTS;
    const clusters = tenants.map(({ namespace }) => ({
      podSelector: { matchLabels: clusterLabels(this.namespace) },
      ...inNamespace(namespace),
    }));
    const schedulers = tenants.map(({ namespace }) => ({
      podSelector: { matchLabels: schedulerLabels(this.namespace) },
      ...inNamespace(namespace),
    }));
    allow(this, 'AllowGateway', {
      name: 'gateway',
      part: PARTS.gateway,
      from: [{ peers: [sessions, ...clusters], ports: [DASK_PORTS.api] }],
      to: [
        API_SERVER,
        { peers: schedulers, ports: [api] },
        { peers: 'anyone', ports: [Number(new URL(apiUrl).port)] },
      ],
    });
    allow(this, 'AllowController', {
      name: 'controller',
      part: PARTS.controller,
      to: [API_SERVER],
    });
    allow(this, 'AllowProxy', {
      name: 'proxy',
      part: PARTS.proxy,
      from: [
        { peers: [sessions], ports: [DASK_PORTS.web, DASK_PORTS.tcp] },
        ...(monitoringNamespaces.length === 0
          ? []
          : [{ peers: monitoringNamespaces.map(inNamespace), ports: [DASK_PORTS.metrics] }]),
      ],
      to: [API_SERVER, { peers: schedulers, ports: [comm, dashboard] }],
    });
  }

  private publish(): void {
    const { published } = this.props;
    if (published === undefined) return;
    const { host, ingress } = published;
    const common = { scope: this, host, reach: 'internal' } as const;
    ingress.route({
      ...common,
      name: 'dask-gateway',
      path: '/api',
      service: { name: 'gateway', port: 'http' },
    });
    ingress.route({
      ...common,
      name: 'dask-dashboards',
      path: '/clusters',
      service: { name: 'proxy', port: 'web' },
      timeouts: { websocketSeconds: 3600 },
    });
  }
}
