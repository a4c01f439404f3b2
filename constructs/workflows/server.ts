import type { Construct } from 'constructs';
import type { ApiObject } from 'cdk8s';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { deployment } from '../kit/workloads';
import { CACHE_USER } from './cache';
import { daskVariables } from './dask';
import { databaseVariables } from './database-access';
import {
  commonVariables,
  limitVariables,
  loginVariables,
  mailVariables,
  serverVariables,
} from './environment';
import { gitlabVariables } from './extras';
import { fromSecret, REANA_USER, WORKSPACES, type ReanaSite } from './reana-site';
import { brokerVariables, keyVariable, type ReanaSecrets } from './secrets';
import { reanaService } from './service';
import { uiConfig, uwsgiConfig } from './ui-config';

/** Adds the server: the REST API, and the scheduler that starts queued workflows. */
export function addServer(scope: Construct, site: ReanaSite, secrets: ReanaSecrets): ApiObject {
  const part = site.part('server');
  const image = site.image('server');
  const config = kubeObject(scope, 'ServerConfig', 'ConfigMap', {
    metadata: { name: site.nameOf('server'), labels: labelsOf(part) },
    data: { 'ui-config.yaml': uiConfig(site), 'uwsgi.ini': uwsgiConfig() },
  });
  const env = [
    ...commonVariables(site),
    ...serverVariables(site),
    ...limitVariables(site),
    ...mailVariables(site),
    ...gitlabVariables(site),
    ...daskVariables(site),
    ...databaseVariables(site),
    keyVariable(site),
    ...brokerVariables(site),
    ...(site.release === '0.9.4' ? [] : [{ name: 'REANA_CACHE_USER', value: CACHE_USER }]),
    fromSecret('REANA_CACHE_PASSWORD', { name: site.nameOf('cache-secrets'), key: 'password' }),
    ...loginVariables(site),
  ];
  // The server answers only to its own host, and sends what did not come by TLS elsewhere: a redirect that a probe takes for an answer.
  const httpHeaders = [
    { name: 'Host', value: site.props.host },
    { name: 'X-Forwarded-Proto', value: 'https' },
  ];
  const ping = {
    httpGet: { port: 'http', path: '/api/ping', scheme: 'HTTP', httpHeaders },
    timeoutSeconds: 5,
  };
  const mounts = [WORKSPACES, { name: 'config', mountPath: '/var/reana/config', readOnly: true }];
  const made = deployment(scope, 'Server', {
    name: site.nameOf('server'),
    part,
    replicas: 1,
    serviceAccount: site.nameOf('infrastructure'),
    usesApi: true,
    user: REANA_USER,
    volumeGroup: REANA_USER,
    config: [config, secrets.key, secrets.cache, secrets.broker, ...databaseOf(secrets)],
    containers: [
      {
        name: 'rest-api',
        image,
        command: ['uwsgi', '--ini', '/var/reana/config/uwsgi.ini'],
        env,
        ports: { http: 5000 },
        resources: { cpu: '200m', memory: '1Gi', memoryLimit: '2Gi' },
        probes: {
          startup: { ...ping, periodSeconds: 10, failureThreshold: 30 },
          readiness: ping,
          liveness: { ...ping, periodSeconds: 30 },
        },
        mounts,
        scratch: { '/tmp': '256Mi' },
      },
      {
        name: 'scheduler',
        image,
        command: ['flask', 'start-scheduler'],
        env,
        resources: { cpu: '50m', memory: '256Mi', memoryLimit: '512Mi' },
        probes: {
          readiness: { exempt: 'it listens on nothing, and nobody waits for it' },
          liveness: { exempt: 'it has no health endpoint, and ends when it loses the broker' },
        },
        mounts,
        scratch: { '/tmp': '64Mi' },
      },
    ],
    volumes: [site.sharedVolume, { name: 'config', configMap: { name: config.name } }],
  });
  reanaService(scope, site, 'server', { name: 'http', port: 80, targetPort: 5000 });
  return made;
}

/** The Secret of the database, where it is ours. */
export function databaseOf({ database }: ReanaSecrets): ApiObject[] {
  return database === undefined ? [] : [database];
}
