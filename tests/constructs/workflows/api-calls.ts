/** One call that a program of REANA makes to the API server. */
export interface ApiCall {
  /** Whose token it carries. */
  readonly account: 'infrastructure' | 'runtime';
  readonly verb: string;
  readonly group: string;
  /** Resource, with its subresource: `pods/log`. */
  readonly resource: string;
  /** When it is made: always, with notebooks, or with the two reads over the cluster. */
  readonly when: 'always' | 'sessions' | 'clusterReads';
  /** Where it stands in the sources of the release: `file:line`. */
  readonly source: string;
}

/** `reana-workflow-controller` 0.9.4 (commit 050b4e6). */
const CONTROLLER = 'reana_workflow_controller';
/** `reana-server` 0.9.4 (commit 29f9c7b). */
const SERVER = 'reana_server';
/** `reana-job-controller` 0.9.4 (commit 11e6faa). */
const JOBS = 'reana_job_controller';
/** `reana-commons` 0.9.9, which all of them use. */
const STORE = 'reana_commons/k8s/secrets.py';

type Row = readonly [verb: string, group: string, resource: string, source: string];

const INFRASTRUCTURE: readonly Row[] = [
  ['create', 'batch', 'jobs', `${CONTROLLER}/workflow_run_manager.py:311`],
  ['delete', 'batch', 'jobs', `${CONTROLLER}/workflow_run_manager.py:438`],
  ['delete', 'batch', 'jobs', `${CONTROLLER}/consumer.py:272`],
  ['list', '', 'pods', `${CONTROLLER}/consumer.py:280`],
  ['get', '', 'pods/log', `${CONTROLLER}/consumer.py:286`],
  ['list', '', 'pods', `${SERVER}/status.py:477`],
  ['list', '', 'pods', `${SERVER}/status.py:532`],
  ['list', '', 'pods', `${SERVER}/reana_admin/check_workflows.py:83`],
  // Of users: by the server's rest/secrets.py and rest/gitlab.py, and before each run by workflow_run_manager.py:568.
  ['create', '', 'secrets', `${STORE}:49`],
  ['update', '', 'secrets', `${STORE}:68`],
  ['get', '', 'secrets', `${STORE}:78`],
];

const SESSIONS: readonly Row[] = [
  ['create', 'apps', 'deployments', `${CONTROLLER}/k8s.py:326`],
  ['create', '', 'services', `${CONTROLLER}/k8s.py:327`],
  ['create', 'networking.k8s.io', 'ingresses', `${CONTROLLER}/k8s.py:328`],
  ['delete', 'apps', 'deployments', `${CONTROLLER}/k8s.py:366`],
  ['delete', '', 'services', `${CONTROLLER}/k8s.py:367`],
  ['delete', 'networking.k8s.io', 'ingresses', `${CONTROLLER}/k8s.py:368`],
  ['delete', 'networking.k8s.io', 'ingresses', `${CONTROLLER}/k8s.py:392`],
  ['list', '', 'pods', `${SERVER}/reana_admin/cli.py:1050`],
];

const CLUSTER_READS: readonly Row[] = [
  ['list', '', 'nodes', `${SERVER}/status.py:346`],
  ['list', 'metrics.k8s.io', 'nodes', `${SERVER}/status.py:386`],
];

/** The job controller makes no Secret of a user: the workflow controller has made it before the run begins. */
const RUNTIME: readonly Row[] = [
  ['list', '', 'pods', `${JOBS}/job_monitor.py:242`],
  ['watch', '', 'pods', `${JOBS}/job_monitor.py:242`],
  ['create', 'batch', 'jobs', `${JOBS}/kubernetes_job_manager.py:239`],
  ['get', '', 'pods/log', `${JOBS}/kubernetes_job_manager.py:272`],
  ['list', '', 'pods', `${JOBS}/kubernetes_job_manager.py:312`],
  ['delete', 'batch', 'jobs', `${JOBS}/kubernetes_job_manager.py:355`],
  ['get', '', 'secrets', `${STORE}:78, by kubernetes_job_manager.py:186`],
];

const calls = (
  account: ApiCall['account'],
  when: ApiCall['when'],
  rows: readonly Row[],
): ApiCall[] =>
  rows.map(([verb, group, resource, source]) => ({
    account,
    verb,
    group,
    resource,
    when,
    source,
  }));

/** Every call of REANA 0.9.4, as its sources have them. What CVMFS for jobs adds, tests beside it say. */
export const API_CALLS: readonly ApiCall[] = [
  ...calls('infrastructure', 'always', INFRASTRUCTURE),
  ...calls('infrastructure', 'sessions', SESSIONS),
  ...calls('infrastructure', 'clusterReads', CLUSTER_READS),
  ...calls('runtime', 'always', RUNTIME),
];
