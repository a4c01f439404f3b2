import type { ImagePins } from './pin';

/** The stable release of REANA, as its chart 0.9.4 names its images. */
const REANA = '0.9.4';
const ALPHA = '0.95.0-alpha.5';
const HUB = 'docker.io/reanahub';

/** Images of REANA. */
export const WORKFLOWS_IMAGES = {
  reanaServer: { repository: `${HUB}/reana-server`, tag: REANA },
  reanaWorkflowController: { repository: `${HUB}/reana-workflow-controller`, tag: REANA },
  reanaUi: { repository: `${HUB}/reana-ui`, tag: REANA },
  reanaJobController: { repository: `${HUB}/reana-job-controller`, tag: REANA },
  reanaEngineCwl: { repository: `${HUB}/reana-workflow-engine-cwl`, tag: REANA },
  reanaEngineYadage: { repository: `${HUB}/reana-workflow-engine-yadage`, tag: '0.9.5' },
  reanaEngineSerial: { repository: `${HUB}/reana-workflow-engine-serial`, tag: REANA },
  reanaEngineSnakemake: { repository: `${HUB}/reana-workflow-engine-snakemake`, tag: REANA },
  reanaMessageBroker: { repository: `${HUB}/reana-message-broker`, tag: '0.9.3' },
  reanaDatabase: { repository: 'docker.io/library/postgres', tag: '12.13' },
  reanaPooler: { repository: 'docker.io/bitnamilegacy/pgbouncer', tag: '1.24.1' },
  reanaCache: { repository: 'docker.io/library/redis', tag: '5.0.5' },
  // Beside jobs that ask for them, by the defaults of reana-commons 0.9.9 and reana-job-controller 0.9.4.
  reanaKerberos: { repository: `${HUB}/reana-auth-krb5`, tag: '1.0.1' },
  reanaVoms: { repository: `${HUB}/reana-auth-vomsproxy`, tag: '1.3.0' },
  // The newest alpha, as chart 0.95.0-alpha.5 (commit 94a998a) names them.
  reanaServerAlpha: { repository: `${HUB}/reana-server`, tag: '0.95.0-alpha.6' },
  reanaWorkflowControllerAlpha: {
    repository: `${HUB}/reana-workflow-controller`,
    tag: '0.95.0-alpha.7',
  },
  reanaUiAlpha: { repository: `${HUB}/reana-ui`, tag: '0.95.0-alpha.4' },
  reanaJobControllerAlpha: { repository: `${HUB}/reana-job-controller`, tag: '0.95.0-alpha.5' },
  reanaEngineCwlAlpha: { repository: `${HUB}/reana-workflow-engine-cwl`, tag: ALPHA },
  reanaEngineYadageAlpha: { repository: `${HUB}/reana-workflow-engine-yadage`, tag: ALPHA },
  reanaEngineSerialAlpha: { repository: `${HUB}/reana-workflow-engine-serial`, tag: ALPHA },
  reanaEngineSnakemakeAlpha: { repository: `${HUB}/reana-workflow-engine-snakemake`, tag: ALPHA },
  reanaMessageBrokerAlpha: { repository: `${HUB}/reana-message-broker`, tag: '0.95.0-alpha.3' },
  reanaCacheAlpha: { repository: 'docker.io/library/redis', tag: '8.6.3' },
  reanaKerberosAlpha: { repository: `${HUB}/reana-auth-krb5`, tag: '1.0.3' },
  reanaVomsAlpha: { repository: `${HUB}/reana-auth-vomsproxy`, tag: '1.3.1' },
  // dask-kubernetes 2025.4.3 with what keeps the logs of its pods; there is none for 0.9.4.
  reanaDaskOperator: {
    repository: `${HUB}/reana-dask-kubernetes-operator`,
    tag: '0.95.0-alpha.2',
  },
} as const satisfies ImagePins;
