import { createServer, type Server } from 'node:https';

import { certificate } from '../../support/pod-webhook';
import type { Reach } from '../../support/site';

const GROUPS = ['metrics.k8s.io/v1beta1', 'custom.metrics.k8s.io/v1beta2'] as const;
const NAMESPACE = 'cvmfs-metrics';
const OURS = 'test.beamline/metrics=stand-in';

/** What the pods of a namespace are said to use. */
export interface Load {
  /** CPU of every pod, as Kubernetes writes it: `900m`. */
  readonly cpu: string;
  /** A metric of pods by its name, and the value of every pod. */
  readonly custom: Readonly<Record<string, string>>;
}

/**
 * Serves `metrics.k8s.io` and `custom.metrics.k8s.io` as metrics-server and prometheus-adapter do, behind the API server's own
 * aggregation. The simulated nodes use nothing that could be measured, so the test says what every pod uses.
 */
export class MetricsApi {
  /** Paths that the API server asked for. */
  readonly asked = new Set<string>();
  load: Load = { cpu: '0', custom: {} };

  private constructor(
    private readonly cluster: Pick<Reach, 'kubectl'>,
    private readonly server: Server,
    private readonly namespace: string,
  ) {}

  /** Serves what the pods of one namespace use. */
  static async start(cluster: Pick<Reach, 'kubectl'>, namespace: string): Promise<MetricsApi> {
    const server = createServer(certificate(), (request, response) => {
      const url = new URL(request.url ?? '', 'https://metrics');
      api.asked.add(decodeURIComponent(url.pathname));
      void api.#answer(url).then((body) => {
        response.statusCode = body === undefined ? 404 : 200;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(body ?? { kind: 'Status', apiVersion: 'v1', code: 404 }));
      });
    });
    const api = new MetricsApi(cluster, server, namespace);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it does not listen');
    await cluster.kubectl(['apply', '-f', '-'], JSON.stringify(registration(address.port)));
    return api;
  }

  async stop(): Promise<void> {
    await this.cluster.kubectl(['delete', 'apiservices', '-l', OURS]);
    await this.cluster.kubectl(['delete', 'namespace', NAMESPACE, '--wait=false']);
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(url: URL): Promise<object | undefined> {
    const [, root, group = '', version = '', scope, namespace, ...rest] = decodeURIComponent(
      url.pathname,
    ).split('/');
    const groupVersion = GROUPS.find((one) => one === `${group}/${version}`);
    if (root !== 'apis' || groupVersion === undefined) return undefined;
    if (scope === undefined) return this.#resources(groupVersion);
    if (scope !== 'namespaces' || namespace !== this.namespace) return undefined;
    const pods = await this.#pods(url.searchParams.get('labelSelector') ?? '');
    const timestamp = new Date().toISOString();
    if (groupVersion === GROUPS[0] && rest.join('/') === 'pods') {
      const items = pods.map((name) => ({
        metadata: { name, namespace },
        timestamp,
        window: '1s',
        containers: [{ name: 'export', usage: { cpu: this.load.cpu, memory: '1Gi' } }],
      }));
      return { kind: 'PodMetricsList', apiVersion: GROUPS[0], metadata: {}, items };
    }
    const [pod, all, name = ''] = rest;
    const value = this.load.custom[name];
    if (pod !== 'pods' || all !== '*' || value === undefined) return undefined;
    const items = pods.map((one) => ({
      describedObject: { kind: 'Pod', namespace, name: one, apiVersion: '/v1' },
      metric: { name, selector: null },
      timestamp,
      value,
    }));
    return { kind: 'MetricValueList', apiVersion: GROUPS[1], metadata: {}, items };
  }

  #resources(groupVersion: string): object {
    const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion };
    const resource = (name: string, kind: string): object => ({
      name,
      kind,
      singularName: '',
      namespaced: true,
      verbs: ['get', 'list'],
    });
    if (groupVersion === GROUPS[0]) return { ...list, resources: [resource('pods', 'PodMetrics')] };
    const names = Object.keys(this.load.custom).map((name) => `pods/${name}`);
    return { ...list, resources: names.map((name) => resource(name, 'MetricValueList')) };
  }

  async #pods(selector: string): Promise<string[]> {
    const path = ['-o', 'jsonpath={.items[*].metadata.name}'];
    const names = await this.cluster.kubectl([
      ...['get', 'pods', '-n', this.namespace, '-l', selector],
      ...path,
    ]);
    return names.split(' ').filter((name) => name !== '');
  }
}

/** Services that lead to this machine, and the groups that they serve. */
function registration(port: number): object {
  const labels = Object.fromEntries([OURS.split('=')]);
  const services = GROUPS.map((groupVersion) => {
    const [group = '', version = ''] = groupVersion.split('/');
    return {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${group}`, labels },
      spec: {
        group,
        version,
        groupPriorityMinimum: 100,
        versionPriority: 100,
        insecureSkipTLSVerify: true,
        service: { name: 'metrics', namespace: NAMESPACE, port },
      },
    };
  });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'metrics', namespace: NAMESPACE },
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
  };
  return { apiVersion: 'v1', kind: 'List', items: [namespace, service, ...services] };
}
