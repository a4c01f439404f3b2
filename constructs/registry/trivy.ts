import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import { statefulSet } from '../kit/stateful-set';
import { imageRef, IMAGES } from '../versions';
import { redisVariables } from './harbor-connections';
import { harborService, knowTlsSecret, trustOf } from './harbor-pods';
import { variables, type HarborSite } from './harbor-site';
import { tlsFolder } from './internal-tls';
import type { TrivyProps } from './trivy-props';

/** The home of the image's user, where its programs are. */
const SCANNER_HOME = '/home/scanner';
const CACHE = `${SCANNER_HOME}/.cache`;

/** Adds the scanner. Each pod has a claim for the database of vulnerabilities, so that a start does not load it anew. */
export function addTrivy(scope: Construct, site: HarborSite, props: TrivyProps): void {
  const name = site.nameOf('trivy');
  const part = site.part('trivy');
  const trust = trustOf(site, 'trivy');
  const { replicas } = site.scale('trivy');
  const made = statefulSet(scope, 'StatefulSet-trivy', {
    name,
    part,
    replicas,
    service: name,
    start: 'Parallel',
    ...site.runAs(scope, 'trivy'),
    claims: [{ name: 'cache', size: props.size, className: props.class.className }],
    containers: [
      {
        name: 'trivy',
        image: imageRef(IMAGES.harborTrivy),
        command: [`${SCANNER_HOME}/bin/scanner-trivy`],
        env: [...trust.env, ...scannerVariables(site, props)],
        ports: { web: site.port },
        resources: site.resources('trivy', { cpu: '200m', memory: '512Mi', memoryLimit: '2Gi' }),
        probes: {
          readiness: site.probe('web', '/probe/ready'),
          liveness: site.probe('web', '/probe/healthy', { failureThreshold: 10 }),
        },
        mounts: [{ name: 'cache', mountPath: CACHE }, ...trust.mounts],
        scratch: { '/tmp': '4Gi' },
      },
    ],
    volumes: trust.volumes,
  });
  made.node.addDependency(props.class.ready);
  knowTlsSecret(site, 'trivy', made);
  harborService(scope, site, 'trivy', { ports: { web: site.port }, measured: false });
}

function scannerVariables(site: HarborSite, props: TrivyProps): EnvVar[] {
  const { databases } = props;
  const folder = tlsFolder('trivy');
  const byHand = databases === 'none';
  return [
    ...variables({
      SCANNER_API_SERVER_ADDR: `:${site.port}`,
      SCANNER_LOG_LEVEL: site.props.logLevel ?? 'info',
      SCANNER_TRIVY_CACHE_DIR: `${CACHE}/trivy`,
      SCANNER_TRIVY_IGNORE_UNFIXED: String(props.ignoreUnfixed ?? false),
      SCANNER_TRIVY_OFFLINE_SCAN: String(byHand),
      SCANNER_TRIVY_REPORTS_DIR: `${CACHE}/reports`,
      SCANNER_TRIVY_SECURITY_CHECKS: 'vuln',
      SCANNER_TRIVY_SEVERITY: (
        props.severities ?? ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']
      ).join(','),
      SCANNER_TRIVY_SKIP_JAVA_DB_UPDATE: String(byHand),
      SCANNER_TRIVY_SKIP_UPDATE: String(byHand),
      SCANNER_TRIVY_TIMEOUT: `${props.timeoutSeconds ?? 300}s`,
      SCANNER_TRIVY_VULN_TYPE: 'os,library',
      ...(databases === undefined || databases === 'none'
        ? {}
        : {
            SCANNER_TRIVY_DB_REPOSITORY: databases.vulnerabilities.join(','),
            SCANNER_TRIVY_JAVA_DB_REPOSITORY: databases.java.join(','),
          }),
      ...(site.tls
        ? {
            INTERNAL_TLS_ENABLED: 'true',
            SCANNER_API_SERVER_TLS_CERTIFICATE: `${folder}/tls.crt`,
            SCANNER_API_SERVER_TLS_KEY: `${folder}/tls.key`,
          }
        : {}),
    }),
    ...redisVariables(site, {
      SCANNER_REDIS_URL: 'trivy',
      SCANNER_STORE_REDIS_URL: 'trivy',
      SCANNER_JOB_QUEUE_REDIS_URL: 'trivy',
    }),
  ];
}
