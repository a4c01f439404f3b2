import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { INotebookHub } from '../contracts';
import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf } from '../kit/labels';
import { allow, podsOf } from '../kit/network';
import { kubeObject, namespaceOf } from '../kit/objects';
import { serviceAccount } from '../kit/rbac';
import { rejectInvalid } from '../kit/validate';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { PARTS } from './parts';
import { DAEMONS, keyName } from './pool-config';
import { SESSION_TOKEN_PROGRAM } from './session-token-program';

/** How people get from a notebook to the pool, each as themselves. */
export interface SessionTokensProps {
  /** The hub that says who somebody is. */
  readonly hub: INotebookHub;
  /**
   * Hours after which a token ends, 1 to 168. Jobs that are handed in go on without it.
   *
   * @default 24
   */
  readonly hours?: number;
  /**
   * Pods.
   *
   * @default 2
   */
  readonly replicas?: number;
}

/** The pool that tokens are for: its name, its keys, and which of these signs. */
export interface SigningPool {
  readonly domain: string;
  readonly keys: ApiObject;
  readonly rotation: number;
}

const NAME = 'condor-tokens';
const SERVICE = 'htcondor-tokens';
const ROOT = '/etc/condor-tokens';
const PORT = 8080;
const IMAGE_USER = 1000; // jovyan of k8s-hub

/** Accounts that HTCondor itself means by name; beside the daemons, nobody is given one of them. */
const HTCONDOR_NAMES = ['condor', 'condor_pool', 'root', 'administrator', 'unauthenticated'];

/**
 * Hands out HTCondor's tokens to the sessions of a hub: a session shows the token that it has from the hub, the hub says whose it is, and the
 * answer lets that person read the pool and hand in jobs, for hours. No key is in a session or in the hub; it is where those that check tokens
 * have it as well, in the namespace of the pool.
 */
export class SessionTokens extends Construct {
  private readonly hours: number;

  constructor(scope: Construct, props: SessionTokensProps, pool: SigningPool) {
    super(scope, 'SessionTokens');
    const { hub, hours = 24, replicas = 2 } = props;
    this.hours = hours;
    rejectInvalid(this, [
      ...(hours >= 1 && hours <= 168
        ? []
        : [
            `'sessionTokens.hours' must be from 1 to 168, got '${hours}': a token that is copied is good until it ends`,
          ]),
      ...(Number.isInteger(replicas) && replicas >= 1
        ? []
        : [`'sessionTokens.replicas' must be a whole number from 1, got '${replicas}'`]),
    ]);
    const namespace = namespaceOf(this);
    const own = podsOf(PARTS.tokens, namespace);
    const { apiUrl, sessions } = hub.service({
      name: SERVICE,
      asks: own,
      serves: [{ pods: own, ports: [PORT] }],
      environment: { CONDOR_TOKEN_URL: `http://${NAME}.${namespace}:${PORT}/token` },
    });
    this.addProgram(pool, apiUrl, replicas);
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(PARTS.tokens) },
      spec: {
        selector: selectorOf(PARTS.tokens),
        ports: [{ name: 'http', port: PORT, targetPort: 'http', protocol: 'TCP' }],
      },
    });
    allow(this, 'Allow', {
      name: NAME,
      part: PARTS.tokens,
      from: [{ peers: [sessions], ports: [PORT] }],
      to: [{ peers: 'anyone', ports: [Number(new URL(apiUrl).port)] }],
    });
  }

  private addProgram({ domain, keys, rotation }: SigningPool, hubApi: string, replicas: number) {
    const part = PARTS.tokens;
    serviceAccount(this, 'ServiceAccount', NAME, part);
    const config = kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels: labelsOf(part) },
      data: {
        'serve.py': SESSION_TOKEN_PROGRAM,
        'settings.json': JSON.stringify(
          {
            service: SERVICE,
            port: PORT,
            domain,
            key: keyName(rotation),
            seconds: Math.round(this.hours * 3600),
            reserved: [...Object.keys(DAEMONS), ...HTCONDOR_NAMES],
          },
          null,
          2,
        ),
      },
    });
    deployment(this, 'Deployment', {
      name: NAME,
      part,
      replicas,
      serviceAccount: NAME,
      user: IMAGE_USER,
      volumeGroup: IMAGE_USER,
      config: [config, keys],
      containers: [
        {
          name: part.component,
          image: imageRef(IMAGES.jupyterHub),
          command: ['python3', `${ROOT}/config/serve.py`],
          env: [
            { name: 'JUPYTERHUB_API_URL', value: hubApi },
            { name: 'PYTHONUNBUFFERED', value: '1' },
            { name: 'PYTHONDONTWRITEBYTECODE', value: '1' },
            // OKD's UID has no entry in /etc/passwd, where Python would look.
            { name: 'HOME', value: '/tmp' },
          ],
          ports: { http: PORT },
          resources: { cpu: '20m', memory: '96Mi', memoryLimit: '256Mi' },
          probes: {
            readiness: httpProbe('http', '/health'),
            liveness: { ...httpProbe('http', '/health'), periodSeconds: 10, failureThreshold: 6 },
          },
          mounts: [
            { name: 'config', mountPath: `${ROOT}/config`, readOnly: true },
            { name: 'key', mountPath: `${ROOT}/key`, readOnly: true },
          ],
          scratch: { '/tmp': '16Mi' },
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: NAME } },
        {
          name: 'key',
          secret: {
            secretName: keys.name,
            // A key that is accepted for a time only signs nothing.
            items: [{ key: keyName(rotation), path: 'key' }],
          },
        },
      ],
    });
  }
}
