import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { EnvVar } from 'kubernetes-types/core/v1';

import type { SecretRef } from '../contracts';
import { deployment } from '../kit/workloads';
import { databaseVariables, runDatabaseVariables } from './database-access';
import { daskVariables } from './dask';
import { commonVariables, limitVariables } from './environment';
import { jobImages } from './extras';
import { backendVariables, condorOf, jobControllerOf } from './reana-backends';
import { REANA_USER, variables, WORKSPACES, type ReanaSite } from './reana-site';
import { brokerVariables, keyVariable, type ReanaSecrets } from './secrets';
import { databaseOf } from './server';
import { reanaService } from './service';

/** Adds the workflow controller: its API for the server, and the consumer of what runs report. */
export function addWorkflowController(
  scope: Construct,
  site: ReanaSite,
  secrets: ReanaSecrets,
): ApiObject {
  const image = site.image('workflowController');
  const env = controllerVariables(site, addPoolToken(scope, site));
  const listens = { tcpSocket: { port: 'http' } };
  const made = deployment(scope, 'WorkflowController', {
    name: site.nameOf('workflow-controller'),
    part: site.part('workflow-controller'),
    replicas: 1,
    serviceAccount: site.nameOf('infrastructure'),
    usesApi: true,
    user: REANA_USER,
    volumeGroup: REANA_USER,
    config: [secrets.key, secrets.broker, ...databaseOf(secrets)],
    containers: [
      {
        name: 'rest-api',
        image,
        env,
        ports: { http: 5000 },
        resources: { cpu: '100m', memory: '512Mi', memoryLimit: '1Gi' },
        probes: {
          startup: { ...listens, periodSeconds: 5, failureThreshold: 30 },
          // It has no route without a user; that it listens is all that can be asked.
          readiness: listens,
          liveness: { ...listens, periodSeconds: 30 },
        },
        mounts: [WORKSPACES],
        scratch: { '/tmp': '256Mi' },
      },
      {
        name: 'job-status-consumer',
        image,
        command: ['flask', 'consume-job-queue'],
        env,
        resources: { cpu: '50m', memory: '256Mi', memoryLimit: '512Mi' },
        probes: {
          readiness: { exempt: 'it listens on nothing, and nobody waits for it' },
          liveness: { exempt: 'it has no health endpoint, and ends when it loses the broker' },
        },
        mounts: [WORKSPACES],
        scratch: { '/tmp': '64Mi' },
      },
    ],
    volumes: [site.sharedVolume],
  });
  reanaService(scope, site, 'workflow-controller', { name: 'http', port: 80, targetPort: 5000 });
  return made;
}

/** The pool is asked for a token by name: the job controller of a run reads the Secret by itself. */
function addPoolToken(scope: Construct, site: ReanaSite): SecretRef | undefined {
  const condor = condorOf(site.backends);
  return condor?.pool.token({
    scope,
    name: site.nameOf('htcondor'),
    identity: condor.identity,
    authorizations: ['READ', 'WRITE'],
  });
}

function controllerVariables(site: ReanaSite, token: SecretRef | undefined): EnvVar[] {
  const { sessions } = site;
  return [
    ...commonVariables(site),
    ...limitVariables(site),
    ...variables({
      REANA_INFRASTRUCTURE_KUBERNETES_SERVICEACCOUNT_NAME: site.nameOf('infrastructure'),
      REANA_INGRESS_ANNOTATIONS: JSON.stringify(sessions?.ingressAnnotations ?? {}),
      REANA_INGRESS_HOST: site.props.host,
      REANA_JOB_CONTROLLER_ENV_VARS: JSON.stringify({
        ...runDatabaseVariables(site),
        ...backendVariables(site.backends, token),
        ...jobImages(site),
      }),
      REANA_JOB_CONTROLLER_IMAGE: jobControllerOf(site.backends) ?? site.image('jobController'),
      REANA_JOB_STATUS_CONSUMER_PREFETCH_COUNT: '10',
      REANA_RUNTIME_KUBERNETES_SERVICEACCOUNT_NAME: site.nameOf('runtime'),
      REANA_STORAGE_BACKEND: 'network',
      REANA_WORKFLOW_ENGINE_CWL_ENV_VARS: '{}',
      REANA_WORKFLOW_ENGINE_IMAGE_CWL: site.image('engineCwl'),
      REANA_WORKFLOW_ENGINE_IMAGE_SERIAL: site.image('engineSerial'),
      REANA_WORKFLOW_ENGINE_IMAGE_SNAKEMAKE: site.image('engineSnakemake'),
      REANA_WORKFLOW_ENGINE_IMAGE_YADAGE: site.image('engineYadage'),
      REANA_WORKFLOW_ENGINE_SERIAL_ENV_VARS: '{}',
      REANA_WORKFLOW_ENGINE_SNAKEMAKE_ENV_VARS: '{}',
      REANA_WORKFLOW_ENGINE_YADAGE_ENV_VARS: '{}',
    }),
    ...variables(jobImages(site)),
    ...daskVariables(site),
    ...databaseVariables(site),
    ...(site.gitlab === undefined ? [] : variables({ REANA_GITLAB_HOST: site.gitlab.host })),
    keyVariable(site),
    ...brokerVariables(site),
  ];
}
