import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

import type { Login } from '../contracts';
import { checksumOf } from '../kit/checksum';
import { httpProbe } from '../kit/containers';
import { labelsOf, selectorOf } from '../kit/labels';
import { later } from '../kit/later';
import { kubeObject, namespaceOf } from '../kit/objects';
import { cpu, gibibytes } from '../kit/quantity';
import { grantInNamespace, serviceAccount } from '../kit/rbac';
import { generatedSecret, secretToken } from '../kit/secret-value';
import { deployment } from '../kit/workloads';
import { imageRef, IMAGES } from '../versions';
import { HUB_PORTS, hubSettings } from './hub-config';
import { databaseEnv, databaseFiles } from './hub-database';
import { loginEnv } from './hub-env';
import { HUB_CORES } from './hub-problems';
import { HUB_PROGRAM } from './hub-program';
import type { HubDatabase, JupyterHubProps } from './hub-props';
import type { HubServices } from './hub-services';
import { HUB_SECRET, PARTS } from './parts';

const NAME = 'hub';
const ROOT = '/etc/jupyterhub';
const STATE = '/srv/jupyterhub';
const IMAGE_USER = 1000; // jovyan of k8s-hub

/** The hub itself: one pod that logs people in, makes their sessions and stops idle ones. */
export class Hub extends Construct {
  constructor(
    scope: Construct,
    private readonly props: JupyterHubProps,
    private readonly login: Login,
    private readonly services: HubServices,
  ) {
    super(scope, 'Hub');
    this.addRights();
    const secret = this.addSecret();
    const config = this.addConfig();
    this.addDatabase(props.database);
    this.addProgram(secret, config);
    this.addService();
  }

  /** KubeSpawner 7: pods and, where homes are claims, claims. It never deletes a claim, and reads no Secret. */
  private addRights(): void {
    serviceAccount(this, 'ServiceAccount', NAME, PARTS.hub);
    const claims =
      this.props.homes.kind === 'claims'
        ? [
            {
              apiGroups: [''],
              resources: ['persistentvolumeclaims'],
              verbs: ['get', 'list', 'watch', 'create'],
            },
          ]
        : [];
    grantInNamespace(this, 'Sessions', {
      name: 'hub-sessions',
      part: PARTS.hub,
      rules: [
        {
          apiGroups: [''],
          resources: ['pods'],
          verbs: ['get', 'list', 'watch', 'create', 'delete'],
        },
        { apiGroups: [''], resources: ['events'], verbs: ['get', 'list', 'watch'] },
        ...claims,
      ],
      to: { name: NAME, namespace: namespaceOf(this) },
    });
  }

  private addSecret(): ApiObject {
    const made = (name: string): string =>
      secretToken(generatedSecret(`${namespaceOf(this)}/jupyterhub/${name}`, { length: 64 }));
    return kubeObject(this, 'Secret', 'Secret', {
      metadata: { name: HUB_SECRET, labels: labelsOf(PARTS.hub) },
      type: 'Opaque',
      stringData: Object.fromEntries(
        ['cookie-secret', 'crypt-key', 'proxy-token', 'metrics-token'].map((key) => [
          key,
          made(key),
        ]),
      ),
    });
  }

  private addConfig(): ApiObject {
    return kubeObject(this, 'Config', 'ConfigMap', {
      metadata: { name: NAME, labels: labelsOf(PARTS.hub) },
      data: {
        'jupyterhub_config.py': HUB_PROGRAM,
        'settings.json': later(() => JSON.stringify(this.settings(), null, 2)),
        ...databaseFiles(this.props.database),
      },
    });
  }

  private settings(): object {
    return { ...hubSettings(this, this.props, this.login), ...this.services.settings() };
  }

  private addDatabase(database: HubDatabase): void {
    if (database.kind !== 'sqlite') return;
    const { storageClass, sizeGiB } = database;
    const claim = kubeObject(this, 'Database', 'PersistentVolumeClaim', {
      metadata: { name: 'hub-database', labels: labelsOf(PARTS.hub) },
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: gibibytes(sizeGiB ?? 1) } },
        storageClassName: storageClass.className,
      },
    });
    claim.node.addDependency(storageClass.ready);
  }

  private addProgram(secret: ApiObject, settings: ApiObject): void {
    const { database } = this.props;
    deployment(this, 'Deployment', {
      name: NAME,
      part: PARTS.hub,
      replicas: 1,
      // Two hubs with one database would each forget what the other did.
      strategy: { type: 'Recreate' },
      serviceAccount: NAME,
      usesApi: true,
      user: IMAGE_USER,
      volumeGroup: IMAGE_USER,
      config: [secret],
      // Services are made known after this: the settings count as they are in the end.
      annotations: { 'beamline/settings-checksum': later(() => checksumOf([settings])) },
      containers: [
        {
          name: NAME,
          image: imageRef(IMAGES.jupyterHub),
          args: ['jupyterhub', '--config', `${ROOT}/config/jupyterhub_config.py`, '--upgrade-db'],
          env: [
            { name: 'PYTHONUNBUFFERED', value: '1' },
            // OKD's UID has no entry in /etc/passwd, where Python would look.
            { name: 'HOME', value: '/tmp' },
            { name: 'USER', value: 'jovyan' },
            { name: 'POD_NAMESPACE', value: namespaceOf(this) },
            { name: 'HUB_SERVICE_PORT', value: String(HUB_PORTS.hub) },
            ...loginEnv(this.login),
            ...databaseEnv(database, `${ROOT}/config`),
          ],
          ports: { http: HUB_PORTS.hub },
          resources: {
            cpu: cpu(this.props.hubCores ?? HUB_CORES),
            memory: '512Mi',
            memoryLimit: '2Gi',
          },
          probes: {
            // A hub that a crowd keeps busy answers late. There is no other to send people to, so it stays in the Service, and five minutes of silence
            // are what it is restarted for.
            readiness: {
              ...httpProbe('http', '/hub/health'),
              timeoutSeconds: 5,
              failureThreshold: 1000,
            },
            liveness: {
              ...httpProbe('http', '/hub/health'),
              periodSeconds: 10,
              timeoutSeconds: 5,
              failureThreshold: 30,
            },
            // It upgrades its database and asks after every session before it answers.
            startup: {
              ...httpProbe('http', '/hub/health'),
              periodSeconds: 5,
              timeoutSeconds: 5,
              failureThreshold: 60,
            },
          },
          mounts: [
            { name: 'config', mountPath: `${ROOT}/config`, readOnly: true },
            { name: 'secret', mountPath: `${ROOT}/secret`, readOnly: true },
            ...(database.kind === 'sqlite' ? [{ name: 'state', mountPath: STATE }] : []),
          ],
          scratch: {
            '/tmp': '256Mi',
            ...(database.kind === 'sqlite' ? {} : { [STATE]: '64Mi' }),
          },
        },
      ],
      volumes: [
        { name: 'config', configMap: { name: NAME } },
        { name: 'secret', secret: { secretName: HUB_SECRET } },
        ...(database.kind === 'sqlite'
          ? [{ name: 'state', persistentVolumeClaim: { claimName: 'hub-database' } }]
          : []),
      ],
    });
  }

  private addService(): void {
    kubeObject(this, 'Service', 'Service', {
      metadata: { name: NAME, labels: labelsOf(PARTS.hub) },
      spec: {
        selector: selectorOf(PARTS.hub),
        ports: [{ name: 'http', port: HUB_PORTS.hub, targetPort: 'http', protocol: 'TCP' }],
      },
    });
  }
}
