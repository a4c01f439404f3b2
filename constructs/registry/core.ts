import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';
import { databaseVariables, redisVariables } from './harbor-connections';
import { harborDeployment, harborService, tlsVariables, trustOf } from './harbor-pods';
import { REGISTRY_USER } from './harbor-secrets';
import { fromSecret, METRICS_PORT, variables, type HarborSite } from './harbor-site';
import { loginVariables } from './login-settings';

/** Secrets that several programs read, and the Secret objects they are in. */
export interface HarborKeys {
  readonly core: ApiObject;
  readonly jobservice: ApiObject;
  readonly credential: ApiObject;
}

/** Adds core: the API, tokens, users and projects. It brings the schema of the database up to date when it starts. */
export function addCore(scope: Construct, site: HarborSite, keys: HarborKeys): void {
  const trust = trustOf(site, 'core');
  const config = kubeObject(scope, 'CoreConfig', 'ConfigMap', {
    metadata: { name: site.nameOf('core'), labels: labelsOf(site.part('core')) },
    data: {
      'app.conf': `appname = Harbor\nrunmode = prod\nenablegzip = true\n\n[prod]\nhttpport = ${site.port}\n`,
    },
  });
  harborDeployment(scope, site, 'core', {
    ...site.runAs(scope, 'core'),
    graceSeconds: 120,
    config: [
      config,
      ...directoryAuthorities(scope, site),
      keys.core,
      keys.jobservice,
      keys.credential,
    ],
    containers: [
      {
        name: 'core',
        image: imageRef(IMAGES.harborCore),
        command: ['/harbor/harbor_core'],
        env: [...trust.env, ...coreVariables(site)],
        ports: { web: site.port, metrics: METRICS_PORT },
        resources: site.resources('core', { cpu: '200m', memory: '256Mi', memoryLimit: '1Gi' }),
        probes: {
          // A migration of a large database may take an hour; nothing may kill it half-way.
          startup: site.probe('web', '/api/v2.0/ping', {
            periodSeconds: 10,
            failureThreshold: 360,
          }),
          readiness: site.probe('web', '/api/v2.0/ping', { timeoutSeconds: 5 }),
          liveness: site.probe('web', '/api/v2.0/ping', { timeoutSeconds: 5, failureThreshold: 6 }),
        },
        mounts: [
          { name: 'config', mountPath: '/etc/core/app.conf', subPath: 'app.conf', readOnly: true },
          { name: 'keys', mountPath: '/etc/core/key', subPath: 'secretKey', readOnly: true },
          {
            name: 'keys',
            mountPath: '/etc/core/private_key.pem',
            subPath: 'tokenKey',
            readOnly: true,
          },
          ...trust.mounts,
        ],
        scratch: { '/etc/core/token': '16Mi', '/tmp': '256Mi' },
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: config.name } },
      { name: 'keys', secret: { secretName: keys.core.name } },
      ...trust.volumes,
    ],
  });
  harborService(scope, site, 'core', { ports: { web: site.port }, measured: true });
}

/** The ConfigMap with which `trustOf` has core check the directory. */
function directoryAuthorities(scope: Construct, site: HarborSite): ApiObject[] {
  const { login } = site.props;
  if (login?.kind !== 'ldap' || login.authorities === undefined) return [];
  const metadata = { name: site.nameOf('directory'), labels: labelsOf(site.part('core')) };
  const data = { 'ca.crt': login.authorities };
  return [kubeObject(scope, 'DirectoryAuthorities', 'ConfigMap', { metadata, data })];
}

function coreVariables(site: HarborSite): EnvVar[] {
  const { storage, trivy, logLevel } = site.props;
  return [
    ...variables({
      CONFIG_PATH: '/etc/core/app.conf',
      CORE_LOCAL_URL: `${site.scheme}://127.0.0.1:${site.port}`,
      CORE_URL: site.url('core'),
      DATABASE_TYPE: 'postgresql',
      EXT_ENDPOINT: site.publicUrl,
      JOBSERVICE_URL: site.url('jobservice'),
      LOG_LEVEL: logLevel ?? 'info',
      METRIC_ENABLE: 'true',
      METRIC_NAMESPACE: 'harbor',
      METRIC_PATH: '/metrics',
      METRIC_PORT: String(METRICS_PORT),
      METRIC_SUBSYSTEM: 'core',
      PERMITTED_REGISTRY_TYPES_FOR_PROXY_CACHE: PROXY_CACHES.join(','),
      PORT: String(site.port),
      PORTAL_URL: site.url('portal'),
      POSTGRESQL_MAX_IDLE_CONNS: '100',
      // PostgreSQL inside takes 1024 connections in all; several cores share them.
      POSTGRESQL_MAX_OPEN_CONNS: String(Math.floor(900 / site.scale('core').replicas)),
      QUOTA_UPDATE_PROVIDER: 'db',
      REGISTRY_CONTROLLER_URL: site.url('registryctl'),
      REGISTRY_CREDENTIAL_USERNAME: REGISTRY_USER,
      REGISTRY_STORAGE_PROVIDER_NAME: storage.kind === 's3' ? 's3' : 'filesystem',
      REGISTRY_URL: site.url('registry'),
      REPLICATION_ADAPTER_WHITELIST: [...PROXY_CACHES, 'gitlab', 'quay'].join(','),
      TOKEN_SERVICE_URL: `${site.url('core')}/service/token`,
      TRIVY_ADAPTER_URL: site.url('trivy'),
      WITH_TRIVY: String(trivy !== undefined),
    }),
    ...databaseVariables(site, {
      host: 'POSTGRESQL_HOST',
      port: 'POSTGRESQL_PORT',
      database: 'POSTGRESQL_DATABASE',
      username: 'POSTGRESQL_USERNAME',
      password: 'POSTGRESQL_PASSWORD',
      tls: 'POSTGRESQL_SSLMODE',
    }),
    ...redisVariables(site, {
      _REDIS_URL_CORE: 'core',
      _REDIS_URL_REG: 'registry',
      _REDIS_URL_HARBOR: 'harbor',
      _REDIS_URL_CACHE_LAYER: 'cache',
    }),
    ...sharedSecrets(site),
    fromSecret('CSRF_KEY', { name: site.nameOf('core'), key: 'CSRF_KEY' }),
    fromSecret('HARBOR_ADMIN_PASSWORD', {
      name: site.nameOf('core'),
      key: 'HARBOR_ADMIN_PASSWORD',
    }),
    fromSecret('REGISTRY_CREDENTIAL_PASSWORD', {
      name: site.nameOf('registry-credential'),
      key: 'REGISTRY_PASSWD',
    }),
    ...tlsVariables(site, 'core'),
    ...loginVariables(site),
  ];
}

/** What core and jobservice know each other and the registry's controller by. */
export function sharedSecrets(site: HarborSite): EnvVar[] {
  return [
    fromSecret('CORE_SECRET', { name: site.nameOf('core'), key: 'CORE_SECRET' }),
    fromSecret('JOBSERVICE_SECRET', { name: site.nameOf('jobservice'), key: 'JOBSERVICE_SECRET' }),
  ];
}

/** Kinds of registries that Harbor can be a proxy cache of: its own default, and GitLab's and Quay's, which speak plain v2. */
const PROXY_CACHES = [
  'docker-hub',
  'harbor',
  'azure-acr',
  'ali-acr',
  'aws-ecr',
  'google-gcr',
  'docker-registry',
  'github-ghcr',
  'jfrog-artifactory',
] as const;
