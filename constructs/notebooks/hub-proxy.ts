import { Construct } from 'constructs';

import type { IIngress } from '../contracts';
import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { HUB_PORTS } from './hub-config';
import { HUB_SECRET, PARTS } from './parts';

/** Where the proxy is published. */
export interface HubProxyProps {
  readonly host: string;
  readonly ingress: IIngress;
  readonly reach: 'public' | 'internal';
}

const NAME = 'proxy';
const HUB_URL = `http://hub:${HUB_PORTS.hub}`;
const IMAGE_USER = 65534; // nobody, as the chart runs it

/** What browsers speak to: it sends them to the hub or to their session, and goes on when the hub restarts. */
export class HubProxy extends Construct {
  constructor(scope: Construct, props: HubProxyProps) {
    super(scope, 'Proxy');
    serviceAccount(this, 'ServiceAccount', NAME, PARTS.proxy);
    this.addProgram();
    this.addServices();
    props.ingress.route({
      scope: this,
      name: 'jupyterhub',
      host: props.host,
      service: { name: NAME, port: 'http' },
      reach: props.reach,
      // Uploads, and kernels that compute in silence.
      timeouts: { requestSeconds: 600, websocketSeconds: 3600 },
    });
  }

  private addProgram(): void {
    deployment(this, 'Deployment', {
      name: NAME,
      part: PARTS.proxy,
      replicas: 1,
      // A second proxy would know no routes until the hub tells it all of them.
      strategy: { type: 'Recreate' },
      serviceAccount: NAME,
      user: IMAGE_USER,
      containers: [
        {
          name: NAME,
          image: imageRef(IMAGES.hubProxy),
          command: [
            'configurable-http-proxy',
            '--ip=',
            '--api-ip=',
            `--api-port=${HUB_PORTS.proxyApi}`,
            `--default-target=${HUB_URL}`,
            `--error-target=${HUB_URL}/hub/error`,
            `--port=${HUB_PORTS.proxy}`,
          ],
          env: [
            {
              name: 'CONFIGPROXY_AUTH_TOKEN',
              valueFrom: { secretKeyRef: { name: HUB_SECRET, key: 'proxy-token' } },
            },
          ],
          ports: { http: HUB_PORTS.proxy, api: HUB_PORTS.proxyApi },
          resources: { cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' },
          probes: {
            readiness: { ...httpProbe('http', '/_chp_healthz'), timeoutSeconds: 5 },
            liveness: {
              ...httpProbe('http', '/_chp_healthz'),
              initialDelaySeconds: 60,
              timeoutSeconds: 5,
              failureThreshold: 6,
            },
          },
        },
      ],
    });
  }

  private addServices(): void {
    const selector = selectorOf(PARTS.proxy);
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(PARTS.proxy) },
      spec: {
        selector,
        ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }],
      },
    });
    kubeObject(this, 'ApiService', 'Service', {
      metadata: { name: 'proxy-api', labels: labelsOf(PARTS.proxy) },
      spec: {
        selector,
        ports: [{ name: 'api', port: HUB_PORTS.proxyApi, targetPort: 'api', protocol: 'TCP' }],
      },
    });
  }
}
