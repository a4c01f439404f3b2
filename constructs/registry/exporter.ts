import type { Construct } from 'constructs';

import { httpProbe } from '../kit/containers';
import { imageRef, IMAGES } from '../versions';
import { databaseVariables, redisVariables } from './harbor-connections';
import { harborDeployment, harborService, trustOf } from './harbor-pods';
import { METRICS_PORT, variables, type HarborSite } from './harbor-site';

/** Adds the exporter: metrics of projects, quotas and jobs, read from the database. */
export function addExporter(scope: Construct, site: HarborSite): void {
  const trust = trustOf(site, 'exporter');
  harborDeployment(scope, site, 'exporter', {
    ...site.runAs(scope, 'exporter'),
    containers: [
      {
        name: 'exporter',
        image: imageRef(IMAGES.harborExporter),
        command: ['/harbor/harbor_exporter', '-log-level', site.props.logLevel ?? 'info'],
        env: [
          ...trust.env,
          ...variables({
            HARBOR_DATABASE_MAX_IDLE_CONNS: '2',
            HARBOR_DATABASE_MAX_OPEN_CONNS: '10',
            HARBOR_EXPORTER_CACHE_CLEAN_INTERVAL: '14400',
            HARBOR_EXPORTER_CACHE_TIME: '23',
            HARBOR_EXPORTER_METRICS_ENABLED: 'true',
            HARBOR_EXPORTER_METRICS_PATH: '/metrics',
            HARBOR_EXPORTER_PORT: String(METRICS_PORT),
            HARBOR_METRIC_NAMESPACE: 'harbor',
            HARBOR_METRIC_SUBSYSTEM: 'exporter',
            HARBOR_REDIS_NAMESPACE: 'harbor_job_service_namespace',
            HARBOR_REDIS_TIMEOUT: '3600',
            HARBOR_SERVICE_HOST: site.nameOf('core'),
            HARBOR_SERVICE_PORT: String(site.port),
            HARBOR_SERVICE_SCHEME: site.scheme,
          }),
          ...databaseVariables(site, {
            host: 'HARBOR_DATABASE_HOST',
            port: 'HARBOR_DATABASE_PORT',
            database: 'HARBOR_DATABASE_DBNAME',
            username: 'HARBOR_DATABASE_USERNAME',
            password: 'HARBOR_DATABASE_PASSWORD',
            tls: 'HARBOR_DATABASE_SSLMODE',
          }),
          ...redisVariables(site, { HARBOR_REDIS_URL: 'jobservice' }),
        ],
        ports: { metrics: METRICS_PORT },
        resources: site.resources('exporter', { cpu: '20m', memory: '64Mi', memoryLimit: '256Mi' }),
        probes: { readiness: httpProbe('metrics', '/'), liveness: httpProbe('metrics', '/') },
        mounts: trust.mounts,
      },
    ],
    volumes: trust.volumes,
  });
  harborService(scope, site, 'exporter', { ports: {}, measured: true });
}
