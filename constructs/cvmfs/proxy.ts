import type { ApiObject } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import { autoscaler } from '../kit/autoscaler';
import { grafanaDashboard } from '../kit/dashboards';
import { find } from '../kit/findings';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { scrape } from '../kit/monitoring';
import { allow, inNamespace } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { gibibytes } from '../kit/quantity';
import { serviceAccount } from '../kit/rbac';
import { statefulSet } from '../kit/stateful-set';
import { rejectInvalid } from '../kit/validate';
import { proxyPanels } from './proxy-dashboard';
import { problemsIn } from './proxy-problems';
import {
  PROXY_CACHE,
  PROXY_CONFIG,
  PROXY_METRICS_PORT as METRICS_PORT,
  PROXY_NAME as NAME,
  PROXY_PORT as PORT,
  type ProxyProgram,
} from './proxy-program';
import type { CvmfsProxyProps } from './proxy-props';
import { squid } from './squid';
import { varnish } from './varnish';

/** Proxies for CVMFS, Squid or Varnish: a few that fetch from the Stratum-1 servers, for the cluster and nobody else. Unprivileged. */
export class CvmfsProxy extends Construct {
  /** For `CvmfsRepositories.httpProxy`: every proxy, by one name. */
  public readonly httpProxy: string;
  public readonly ready: IDependable = this;
  private readonly part: Part;

  constructor(scope: Construct, id: string, props: CvmfsProxyProps) {
    super(scope, id);
    rejectInvalid(this, problemsIn(props));
    const domain = props.clusterDomain ?? 'cluster.local';
    this.httpProxy = `http://${NAME}.${namespaceOf(this)}.svc.${domain}:${PORT}`;
    const program = programOf(props);
    this.part = {
      name: program.name,
      instance: NAME,
      component: 'proxy',
      partOf: 'cvmfs',
      version: program.version,
    };

    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    const proxies = this.addProxies(props, program);
    if (!('replicas' in props.scale)) {
      autoscaler(this, 'Autoscaler', { ...props.scale, part: this.part, workload: proxies });
    }
    this.addService(program);
    this.addPolicy(props);
    scrape(this, 'Scrape', props.monitoring ?? 'none', {
      name: NAME,
      part: this.part,
      port: 'metrics',
    });
    grafanaDashboard(this, 'Dashboard', props.monitoring ?? 'none', {
      name: NAME,
      title: 'CVMFS proxies',
      part: this.part,
      panels: proxyPanels(namespaceOf(this)),
    });
    this.tellFindings(props);
  }

  private addProxies({ cache, scale }: CvmfsProxyProps, program: ProxyProgram): ApiObject {
    const config = kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels: labelsOf(this.part) },
      data: { ...program.files },
    });
    const size = gibibytes(cache.sizeGiB);
    return statefulSet(this, 'Proxies', {
      name: NAME,
      part: this.part,
      replicas: 'replicas' in scale ? scale.replicas : scale.min,
      service: NAME,
      start: 'Parallel',
      serviceAccount: NAME,
      volumeGroup: 65532,
      initContainers: program.initContainers,
      containers: program.containers,
      volumes: [
        { name: PROXY_CONFIG.name, configMap: { name: NAME } },
        ...(cache.storageClass === undefined
          ? [{ ...PROXY_CACHE, emptyDir: { sizeLimit: size } }]
          : []),
      ],
      claims:
        cache.storageClass === undefined
          ? []
          : [{ ...PROXY_CACHE, className: cache.storageClass.className, size }],
      config: [config],
    });
  }

  /** Without an address of its own: clients learn every proxy and leave one that fails by themselves. */
  private addService({ metrics }: ProxyProgram): void {
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(this.part) },
      spec: {
        clusterIP: 'None',
        selector: selectorOf(this.part),
        ports: [
          { name: 'proxy', port: PORT, targetPort: 'proxy', protocol: 'TCP' },
          ...(metrics
            ? [{ name: 'metrics', port: METRICS_PORT, targetPort: 'metrics', protocol: 'TCP' }]
            : []),
        ],
      },
    });
  }

  private addPolicy(props: CvmfsProxyProps): void {
    const readers = (props.monitoringNamespaces ?? []).map(inNamespace);
    allow(this, 'Allow', {
      name: NAME,
      part: this.part,
      from: [
        { peers: props.namespaces.map(inNamespace), ports: [PORT] },
        ...(readers.length === 0 ? [] : [{ peers: readers, ports: [METRICS_PORT] }]),
      ],
      to: [{ peers: 'anyone', ports: props.destinationPorts ?? [80, 8000] }],
    });
  }

  private tellFindings({ scale }: CvmfsProxyProps): void {
    if (('replicas' in scale ? scale.replicas : scale.min) > 1) return;
    find(this, {
      rule: 'cvmfs/one-proxy',
      severity: 'warning',
      reason: 'there is one proxy, so that every restart sends all clients to none',
      fix: 'run two or more, as the documentation of CVMFS advises',
    });
  }
}

function programOf(props: CvmfsProxyProps): ProxyProgram {
  const program = props.program ?? 'squid';
  switch (program) {
    case 'squid':
      return squid(props);
    case 'varnish':
      return varnish(props);
  }
}
