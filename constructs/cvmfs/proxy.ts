import type { ApiObject } from 'cdk8s';
import { Construct, type IDependable } from 'constructs';

import { grafanaDashboard } from '../kit/dashboards';
import { autoscaler } from '../kit/autoscaler';
import { httpProbe, type ContainerProps, type TaskProps } from '../kit/containers';
import { find } from '../kit/findings';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { scrape } from '../kit/monitoring';
import { allow, inNamespace } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { gibibytes, mebibytes } from '../kit/quantity';
import { serviceAccount } from '../kit/rbac';
import { statefulSet } from '../kit/stateful-set';
import { rejectInvalid } from '../kit/validate';
import { imageRef, IMAGES } from '../versions';
import { problemsIn } from './proxy-problems';
import type { CvmfsProxyProps } from './proxy-props';
import { squidConf } from './squid-conf';
import { proxyPanels } from './proxy-dashboard';

const NAME = 'cvmfs-proxy';
const PORT = 3128;
const METRICS_PORT = 9301;
const CACHE = '/var/cache/squid';
const CONF = '/etc/squid/squid.conf';

/** Squid for CVMFS: a few proxies that fetch from the Stratum-1 servers, for the cluster and nobody else. Unprivileged. */
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
    this.part = {
      name: 'squid',
      instance: NAME,
      component: 'proxy',
      partOf: 'cvmfs',
      version: IMAGES.squid.tag,
    };

    serviceAccount(this, 'ServiceAccount', NAME, this.part);
    const proxies = this.addProxies(props);
    if (!('replicas' in props.scale)) {
      autoscaler(this, 'Autoscaler', { ...props.scale, part: this.part, workload: proxies });
    }
    this.addService();
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

  private addProxies(props: CvmfsProxyProps): ApiObject {
    const { cache, scale } = props;
    const config = this.addConfig(props);
    const size = gibibytes(cache.sizeGiB);
    return statefulSet(this, 'Proxies', {
      name: NAME,
      part: this.part,
      replicas: 'replicas' in scale ? scale.replicas : scale.min,
      service: NAME,
      start: 'Parallel',
      serviceAccount: NAME,
      volumeGroup: 65532,
      initContainers: [this.prepare()],
      containers: [this.squid(props), this.exporter()],
      volumes: [
        { name: 'config', configMap: { name: NAME } },
        ...(cache.storageClass === undefined
          ? [{ name: 'cache', emptyDir: { sizeLimit: size } }]
          : []),
      ],
      claims:
        cache.storageClass === undefined
          ? []
          : [{ name: 'cache', className: cache.storageClass.className, size }],
      config: [config],
    });
  }

  private addConfig(props: CvmfsProxyProps): ApiObject {
    return kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels: labelsOf(this.part) },
      data: {
        'squid.conf': squidConf({
          port: PORT,
          clients: props.clients,
          destinations: props.destinations,
          destinationPorts: props.destinationPorts ?? [80, 8000],
          memoryMiB: props.memoryMiB ?? 1024,
          // What Squid keeps in its directory beside objects must fit as well.
          diskMiB: Math.floor(props.cache.sizeGiB * 1024 * 0.8),
          cacheDirectory: CACHE,
          runDirectory: '/run',
          visibleName: NAME,
        }),
      },
    });
  }

  private get files(): Pick<ContainerProps, 'image' | 'mounts' | 'scratch'> {
    return {
      image: imageRef(IMAGES.squid),
      mounts: [
        { name: 'config', mountPath: CONF, subPath: 'squid.conf', readOnly: true },
        { name: 'cache', mountPath: CACHE },
      ],
      scratch: { '/run': '16Mi', '/tmp': '16Mi' },
    };
  }

  /** Makes the directories of an empty cache. */
  private prepare(): TaskProps {
    return {
      ...this.files,
      name: 'prepare',
      command: ['/usr/sbin/squid', '-N', '-z', '-f', CONF],
      resources: { cpu: '50m', memory: '128Mi' },
    };
  }

  private squid({ memoryMiB = 1024, cpu = '500m', cache }: CvmfsProxyProps): ContainerProps {
    // Objects in memory, 14 MiB for the index of a GiB on disk, and Squid itself. See https://wiki.squid-cache.org/SquidFaq/SquidMemory
    const memory = memoryMiB + Math.ceil(14 * cache.sizeGiB) + 256;
    const listens = { tcpSocket: { port: 'proxy' } };
    return {
      ...this.files,
      name: 'squid',
      command: ['/usr/sbin/squid', '-N', '-d', '1', '-f', CONF],
      ports: { proxy: PORT },
      resources: { cpu, memory: mebibytes(memory), memoryLimit: mebibytes(2 * memory) },
      probes: {
        readiness: { ...listens, periodSeconds: 2 },
        liveness: { ...listens, periodSeconds: 10 },
        // It reads its index first.
        startup: { ...listens, periodSeconds: 2, failureThreshold: 150 },
      },
    };
  }

  private exporter(): ContainerProps {
    return {
      name: 'metrics',
      image: imageRef(IMAGES.squidExporter),
      env: [
        { name: 'SQUID_EXPORTER_LISTEN', value: `:${METRICS_PORT}` },
        { name: 'SQUID_HOSTNAME', value: 'localhost' },
        { name: 'SQUID_PORT', value: String(PORT) },
      ],
      ports: { metrics: METRICS_PORT },
      resources: { cpu: '10m', memory: '32Mi', memoryLimit: '64Mi' },
      probes: { readiness: httpProbe('metrics', '/'), liveness: httpProbe('metrics', '/') },
    };
  }

  /** Without an address of its own: clients learn every proxy and leave one that fails by themselves. */
  private addService(): void {
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(this.part) },
      spec: {
        clusterIP: 'None',
        selector: selectorOf(this.part),
        ports: [
          { name: 'proxy', port: PORT, targetPort: 'proxy', protocol: 'TCP' },
          { name: 'metrics', port: METRICS_PORT, targetPort: 'metrics', protocol: 'TCP' },
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
