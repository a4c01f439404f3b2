import { Construct } from 'constructs';

import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf } from '../kit/labels';
import { scrape, type Monitoring } from '../kit/monitoring';
import { kubeObject, namespaceOf } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { DASK_PORTS, PARTS } from './dask-parts';

/** What the proxy serves. */
export interface DaskProxyProps {
  /** The tenants' namespaces: it reads these, and nothing of the cluster. */
  readonly namespaces: readonly string[];
  readonly replicas: number;
  readonly monitoring: Monitoring;
}

const NAME = 'proxy';
const PROVIDER = '--providers.kubernetescrd';

/**
 * A Traefik for the routes that the controller makes: dashboards by path, schedulers by the name that TLS clients ask for. It opens no TLS
 * itself, and stands behind the site's front door.
 */
export class DaskProxy extends Construct {
  constructor(scope: Construct, props: DaskProxyProps) {
    super(scope, 'Proxy');
    serviceAccount(this, 'ServiceAccount', NAME, PARTS.proxy);
    this.addProgram(props);
    this.addServices();
    scrape(this, 'Monitor', props.monitoring, {
      name: 'dask-proxy',
      part: PARTS.proxy,
      port: 'metrics',
    });
  }

  private addProgram({ namespaces, replicas }: DaskProxyProps): void {
    deployment(this, 'Deployment', {
      name: NAME,
      part: PARTS.proxy,
      replicas,
      serviceAccount: NAME,
      usesApi: true,
      graceSeconds: 60,
      containers: [
        {
          name: 'traefik',
          image: imageRef(IMAGES.traefik),
          args: [
            '--global.checknewversion=false',
            '--global.sendanonymoususage=false',
            '--log.level=INFO',
            '--log.format=json',
            `--entrypoints.web.address=:${DASK_PORTS.web}/tcp`,
            `--entrypoints.tcp.address=:${DASK_PORTS.tcp}/tcp`,
            `--entrypoints.traefik.address=:${DASK_PORTS.ping}/tcp`,
            '--ping=true',
            `--entrypoints.metrics.address=:${DASK_PORTS.metrics}/tcp`,
            '--metrics.prometheus=true',
            '--metrics.prometheus.entrypoint=metrics',
            `${PROVIDER}=true`,
            `${PROVIDER}.disableclusterscoperesources=true`,
            `${PROVIDER}.labelselector=gateway.dask.org/instance=${namespaceOf(this)}`,
            `${PROVIDER}.namespaces=${namespaces.join(',')}`,
            `${PROVIDER}.throttleduration=2s`,
          ],
          ports: {
            web: DASK_PORTS.web,
            tcp: DASK_PORTS.tcp,
            ping: DASK_PORTS.ping,
            metrics: DASK_PORTS.metrics,
          },
          resources: { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' },
          probes: {
            readiness: { ...httpProbe('ping', '/ping'), periodSeconds: 5 },
            liveness: { ...httpProbe('ping', '/ping'), periodSeconds: 15, failureThreshold: 4 },
          },
          scratch: { '/tmp': '64Mi' },
        },
      ],
    });
  }

  private addServices(): void {
    const labels = labelsOf(PARTS.proxy);
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels },
      spec: {
        selector: selectorOf(PARTS.proxy),
        ports: [
          { name: 'web', port: 80, targetPort: 'web', protocol: 'TCP' },
          { name: 'tcp', port: DASK_PORTS.tcp, targetPort: 'tcp', protocol: 'TCP' },
          { name: 'metrics', port: DASK_PORTS.metrics, targetPort: 'metrics', protocol: 'TCP' },
        ],
      },
    });
  }
}
