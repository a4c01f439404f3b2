import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';

import { labelsOf } from '../kit/labels';
import { kubeObject } from '../kit/objects';
import { imageRef, IMAGES } from '../versions';
import { sharedSecrets, type HarborKeys } from './core';
import { redisVariables } from './harbor-connections';
import { harborDeployment, harborService, tlsVariables, trustOf } from './harbor-pods';
import { REGISTRY_USER } from './harbor-secrets';
import { fromSecret, METRICS_PORT, variables, type HarborSite } from './harbor-site';
import { JOB_LOG_DAYS } from './harbor-storage';
import { tlsFolder } from './internal-tls';

const LOGS = '/var/log/jobs';

/** Adds the jobservice: replication, scans, clean-up and whatever else takes long. */
export function addJobservice(scope: Construct, site: HarborSite, keys: HarborKeys): void {
  const config = kubeObject(scope, 'JobserviceConfig', 'ConfigMap', {
    metadata: { name: site.nameOf('jobservice'), labels: labelsOf(site.part('jobservice')) },
    data: { 'config.yml': jobserviceConfig(site) },
  });
  const claim = addLogClaim(scope, site);
  const trust = trustOf(site, 'jobservice');
  harborDeployment(scope, site, 'jobservice', {
    ...site.runAs(scope, 'jobservice'),
    ...(claim === undefined ? {} : { strategy: { type: 'Recreate' } }),
    graceSeconds: 120,
    config: [config, keys.core, keys.jobservice, keys.credential],
    containers: [
      {
        name: 'jobservice',
        image: imageRef(IMAGES.harborJobservice),
        command: ['/harbor/harbor_jobservice', '-c', '/etc/jobservice/config.yml'],
        env: [
          ...trust.env,
          ...variables({
            CORE_URL: site.url('core'),
            JOBSERVICE_WEBHOOK_JOB_HTTP_CLIENT_TIMEOUT: '3',
            JOBSERVICE_WEBHOOK_JOB_MAX_RETRY: '3',
            LOG_LEVEL: site.props.logLevel ?? 'info',
            METRIC_NAMESPACE: 'harbor',
            METRIC_SUBSYSTEM: 'jobservice',
            REGISTRY_CONTROLLER_URL: site.url('registryctl'),
            REGISTRY_CREDENTIAL_USERNAME: REGISTRY_USER,
            REGISTRY_HTTP_CLIENT_TIMEOUT: '30',
            REGISTRY_URL: site.url('registry'),
            TOKEN_SERVICE_URL: `${site.url('core')}/service/token`,
          }),
          ...redisVariables(site, { JOB_SERVICE_POOL_REDIS_URL: 'jobservice' }),
          ...sharedSecrets(site),
          fromSecret('REGISTRY_CREDENTIAL_PASSWORD', {
            name: site.nameOf('registry-credential'),
            key: 'REGISTRY_PASSWD',
          }),
          ...tlsVariables(site, 'jobservice'),
        ],
        ports: { web: site.port, metrics: METRICS_PORT },
        resources: site.resources('jobservice', {
          cpu: '100m',
          memory: '256Mi',
          memoryLimit: '1Gi',
        }),
        probes: {
          readiness: site.probe('web', '/api/v1/stats', { timeoutSeconds: 5 }),
          liveness: site.probe('web', '/api/v1/stats', { timeoutSeconds: 5, failureThreshold: 6 }),
        },
        mounts: [
          {
            name: 'config',
            mountPath: '/etc/jobservice/config.yml',
            subPath: 'config.yml',
            readOnly: true,
          },
          ...(claim === undefined ? [] : [{ name: 'logs', mountPath: LOGS }]),
          ...trust.mounts,
        ],
        scratch: { '/tmp': '1Gi', ...(claim === undefined ? { [LOGS]: '64Mi' } : {}) },
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: config.name } },
      ...(claim === undefined
        ? []
        : [{ name: 'logs', persistentVolumeClaim: { claimName: claim.name } }]),
      ...trust.volumes,
    ],
  });
  harborService(scope, site, 'jobservice', { ports: { web: site.port }, measured: true });
}

/** The address of Redis, which may hold a password, comes as JOB_SERVICE_POOL_REDIS_URL (`src/jobservice/config/config.go`). */
function jobserviceConfig(site: HarborSite): string {
  const folder = tlsFolder('jobservice');
  const level = (site.props.logLevel ?? 'info').toUpperCase();
  const files = site.props.jobLogs?.kind === 'claim';
  return stringify({
    protocol: site.scheme,
    port: site.port,
    ...(site.tls ? { https_config: { cert: `${folder}/tls.crt`, key: `${folder}/tls.key` } } : {}),
    worker_pool: {
      workers: 10,
      backend: 'redis',
      redis_pool: { namespace: 'harbor_job_service_namespace', idle_timeout_second: 3600 },
    },
    job_loggers: [
      files
        ? {
            name: 'FILE',
            level,
            settings: { base_dir: LOGS },
            sweeper: { duration: JOB_LOG_DAYS, settings: { work_dir: LOGS } },
          }
        : { name: 'DB', level, sweeper: { duration: JOB_LOG_DAYS } },
    ],
    loggers: [{ name: 'STD_OUTPUT', level }],
    metric: { enabled: true, path: '/metrics', port: METRICS_PORT },
    reaper: { max_update_hours: 24, max_dangling_hours: 168 },
  });
}

function addLogClaim(scope: Construct, site: HarborSite): ApiObject | undefined {
  const { jobLogs } = site.props;
  if (jobLogs?.kind !== 'claim') return undefined;
  const claim = kubeObject(scope, 'JobLogs', 'PersistentVolumeClaim', {
    metadata: { name: site.nameOf('jobservice'), labels: labelsOf(site.part('jobservice')) },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: jobLogs.size } },
      storageClassName: jobLogs.class.className,
    },
  });
  claim.node.addDependency(jobLogs.class.ready);
  return claim;
}
