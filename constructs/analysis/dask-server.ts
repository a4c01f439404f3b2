import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { httpProbe, type Probes } from '../kit/containers';
import { labelsOf, selectorOf, type Part } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { deployment, type DeploymentProps } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { DASK_PORTS, PARTS } from './dask-parts';
import { DASK_PROGRAM } from './dask-program';

/** What server and controller are told. */
export interface DaskServerProps {
  readonly settings: object;
  /** Where the hub answers whose token it is. */
  readonly hubApi: string;
  readonly replicas: number;
}

const ROOT = '/etc/dask-gateway';
const CONFIG = `${ROOT}/dask_gateway_config.py`;
const IMAGE_USER = 1000; // dask of dask-gateway-server
const TCP = { tcpSocket: { port: 'http' } } as const;

/** The API server of Dask Gateway, and the controller that makes the pods of clusters. */
export class DaskServer extends Construct {
  constructor(scope: Construct, props: DaskServerProps) {
    super(scope, 'Server');
    const config = this.addConfig(props.settings);
    this.addProgram('gateway', PARTS.gateway, config, {
      args: ['dask-gateway-server', '--config', CONFIG],
      replicas: props.replicas,
      env: [
        { name: 'JUPYTERHUB_API_URL', value: props.hubApi },
        // With a name, a token must have the scope of this service.
        { name: 'JUPYTERHUB_SERVICE_NAME', value: SERVICE },
      ],
      probes: {
        readiness: httpProbe('http', '/api/health'),
        liveness: { ...httpProbe('http', '/api/health'), periodSeconds: 10, failureThreshold: 6 },
      },
    });
    this.addProgram('controller', PARTS.controller, config, {
      args: ['dask-gateway-server', 'kube-controller', '--config', CONFIG],
      replicas: 1,
      // Two would each make the pods of a cluster.
      strategy: { type: 'Recreate' },
      // It serves no path, and listens once it has read all namespaces.
      probes: { readiness: TCP, liveness: { ...TCP, periodSeconds: 10, failureThreshold: 6 } },
    });
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: 'gateway', labels: labelsOf(PARTS.gateway) },
      spec: {
        selector: selectorOf(PARTS.gateway),
        ports: [{ name: 'http', port: DASK_PORTS.api, targetPort: 'http', protocol: 'TCP' }],
      },
    });
  }

  private addConfig(settings: object): ApiObject {
    return kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: 'gateway', labels: labelsOf(PARTS.gateway) },
      data: {
        'dask_gateway_config.py': DASK_PROGRAM,
        'settings.json': JSON.stringify(settings, null, 2),
      },
    });
  }

  private addProgram(name: string, part: Part, config: ApiObject, program: Program): void {
    serviceAccount(this, `${name}Account`, name, part);
    const { args, env = [], probes, ...workload } = program;
    deployment(this, name, {
      ...workload,
      name,
      part,
      serviceAccount: name,
      usesApi: true,
      user: IMAGE_USER,
      config: [config],
      containers: [
        {
          name,
          image: imageRef(IMAGES.daskGatewayServer),
          args,
          env: [
            // The image keeps its programs below its user's home, and OKD's UID has no home.
            { name: 'HOME', value: '/home/dask' },
            { name: 'PYTHONUNBUFFERED', value: '1' },
            { name: 'PYTHONDONTWRITEBYTECODE', value: '1' },
            ...env,
          ],
          ports: { http: DASK_PORTS.api },
          resources: { cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' },
          probes,
          mounts: [{ name: 'config', mountPath: ROOT, readOnly: true }],
          scratch: { '/tmp': '64Mi' },
        },
      ],
      volumes: [{ name: 'config', configMap: { name: 'gateway' } }],
    });
  }
}

/** Name of the service at the hub. */
export const SERVICE = 'dask-gateway';

/** One of the two programs. */
interface Program extends Pick<DeploymentProps, 'replicas' | 'strategy'> {
  readonly args: readonly string[];
  /** @default [] */
  readonly env?: readonly EnvVar[];
  readonly probes: Probes;
}
