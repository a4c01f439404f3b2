/** One call that a program of REANA makes to the API server. */
export interface ApiCall {
  /** Whose token it carries. */
  readonly account: 'infrastructure' | 'runtime' | 'dask-operator';
  readonly verb: string;
  readonly group: string;
  /** Resource, with its subresource: `pods/log`. */
  readonly resource: string;
  /** When it is made: always, or with what has to be asked for. */
  readonly when: 'always' | 'sessions' | 'clusterReads' | 'cvmfs' | 'dask';
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

/** Before each run that lists repositories; that the claim is there already is an answer. The job controller mounts it and makes none. */
const CVMFS: readonly Row[] = [
  [
    'create',
    '',
    'persistentvolumeclaims',
    `reana_commons/k8s/volumes.py:55, by ${CONTROLLER}/workflow_run_manager.py:309 and :352`,
  ],
];

/** Of the alpha alone, at commit 11b19db: it looks for none of them, and deletes by name. */
const DASK: readonly Row[] = [
  ['create', 'kubernetes.dask.org', 'daskclusters', `${CONTROLLER}/dask.py:594`],
  ['create', 'kubernetes.dask.org', 'daskautoscalers', `${CONTROLLER}/dask.py:610`],
  ['delete', 'kubernetes.dask.org', 'daskclusters', `${CONTROLLER}/dask.py:636`],
  ['delete', 'kubernetes.dask.org', 'daskautoscalers', `${CONTROLLER}/dask.py:649`],
];

/** `dask-kubernetes` 2025.4.3. */
const OPERATOR = 'dask_kubernetes/operator/controller/controller.py';
/** `reana-dask-kubernetes-operator` 0.95.0-alpha.3. */
const KEEPER = 'reana_dask_kubernetes_operator/watcher.py';
/** Kopf lists and watches each kind that has a handler, and writes its progress on what it handles. */
const kept = (group: string, resource: string, source: string): Row[] =>
  ['list', 'watch', 'patch'].map((verb) => [verb, group, resource, `Kopf, for ${source}`]);

const DASK_OPERATOR: readonly Row[] = [
  ...kept('kubernetes.dask.org', 'daskclusters', `${OPERATOR}:281`),
  ...kept('kubernetes.dask.org', 'daskworkergroups', `${OPERATOR}:427`),
  ...kept('kubernetes.dask.org', 'daskautoscalers', `${OPERATOR}:884`),
  ...kept('', 'services', `${OPERATOR}:403`),
  ...kept('', 'pods', `${KEEPER}:132`),
  ['get', 'kubernetes.dask.org', 'daskclusters', `${OPERATOR}:420`],
  ['get', 'kubernetes.dask.org', 'daskautoscalers', `${OPERATOR}:936`],
  ['get', 'kubernetes.dask.org', 'daskworkergroups', `${OPERATOR}:396`],
  ['create', 'kubernetes.dask.org', 'daskworkergroups', `${OPERATOR}:397`],
  ['patch', 'kubernetes.dask.org', 'daskworkergroups/scale', `${OPERATOR}:639`],
  ['update', 'kubernetes.dask.org', 'daskclusters/finalizers', `OKD, for ${OPERATOR}:367`],
  ['update', 'kubernetes.dask.org', 'daskworkergroups/finalizers', `OKD, for ${OPERATOR}:706`],
  ['list', 'kubernetes.dask.org', 'daskjobs', `Kopf, for ${OPERATOR}:747`],
  ['watch', 'kubernetes.dask.org', 'daskjobs', `Kopf, for ${OPERATOR}:747`],
  ['get', 'apps', 'deployments', `${OPERATOR}:369`],
  ['create', 'apps', 'deployments', `${OPERATOR}:370`],
  ['list', 'apps', 'deployments', `${OPERATOR}:669`],
  ['delete', 'apps', 'deployments', `${OPERATOR}:730`],
  ['get', '', 'services', `${OPERATOR}:381`],
  ['create', '', 'services', `${OPERATOR}:382`],
  ['get', '', 'pods', `${OPERATOR}:923`],
  ['get', '', 'pods/log', `${KEEPER}:41`],
  ['create', '', 'events', `Kopf, as ${OPERATOR}:300 has it`],
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

/** Every call of REANA 0.9.4, as its sources have them, and those of Dask in the alpha. */
export const API_CALLS: readonly ApiCall[] = [
  ...calls('infrastructure', 'always', INFRASTRUCTURE),
  ...calls('infrastructure', 'sessions', SESSIONS),
  ...calls('infrastructure', 'clusterReads', CLUSTER_READS),
  ...calls('infrastructure', 'cvmfs', CVMFS),
  ...calls('infrastructure', 'dask', DASK),
  ...calls('runtime', 'always', RUNTIME),
  ...calls('dask-operator', 'dask', DASK_OPERATOR),
];
