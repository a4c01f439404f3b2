import type { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { exempt } from '../kit/exceptions';
import { namespaceOf } from '../kit/objects';
import { grantInNamespace, serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { jobControllerOf } from './reana-backends';
import type { ReanaSite } from './reana-site';

const rule = (group: string, resource: string, ...verbs: string[]): PolicyRule => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
});

/**
 * Every call of server and workflow controller 0.9.4, from `reana_workflow_controller/{consumer,k8s,workflow_run_manager}.py`,
 * `reana_server/{status.py,reana_admin}` and `reana_commons/k8s/secrets.py`.
 */
const INFRASTRUCTURE: readonly PolicyRule[] = [
  rule('batch', 'jobs', 'create', 'delete'),
  rule('', 'pods', 'list'),
  rule('', 'pods/log', 'get'),
  rule('', 'secrets', 'create', 'get', 'update'),
];

/** What notebooks take beside. */
const SESSIONS: readonly PolicyRule[] = [
  rule('apps', 'deployments', 'create', 'delete'),
  rule('', 'services', 'create', 'delete'),
  rule('networking.k8s.io', 'ingresses', 'create', 'delete'),
];

/** The claim of CVMFS, which the workflow controller asks for before every run that lists repositories: that it is there is an answer. */
const CVMFS: readonly PolicyRule[] = [rule('', 'persistentvolumeclaims', 'create')];

/** The clusters of workflows, which the operator then fills: `reana_workflow_controller/dask.py` of the alpha. */
const DASK: readonly PolicyRule[] = [
  rule('kubernetes.dask.org', 'daskclusters', 'create', 'delete'),
  rule('kubernetes.dask.org', 'daskautoscalers', 'create', 'delete'),
];

/** Every call of the job controller, which runs beside each workflow: `job_monitor.py`, `kubernetes_job_manager.py`. */
const RUNTIME: readonly PolicyRule[] = [
  rule('batch', 'jobs', 'create', 'delete'),
  rule('', 'pods', 'list', 'watch'),
  rule('', 'pods/log', 'get'),
  rule('', 'secrets', 'get'),
];

/** Beside its programs, where runs are elsewhere: the report of status counts pods of both namespaces. */
const BESIDE: readonly PolicyRule[] = [rule('', 'pods', 'list')];

/**
 * Adds the two ServiceAccounts that speak to the API server, with what they call and nothing more. All of it is about runs, so it is granted in
 * their namespace, to which `runs` belongs.
 */
export function addRights(scope: Construct, site: ReanaSite, runs: Construct): void {
  const accounts = [
    [
      'infrastructure',
      scope,
      [
        ...INFRASTRUCTURE,
        ...(site.sessions === undefined ? [] : SESSIONS),
        ...(site.cvmfs === undefined ? [] : CVMFS),
        ...(site.dask === undefined ? [] : DASK),
      ],
    ],
    ['runtime', runs, RUNTIME],
  ] as const;
  for (const [account, home, rules] of accounts) {
    const name = site.nameOf(account);
    const part = site.part(account === 'runtime' ? 'workflow-controller' : 'server');
    const to = { name, namespace: namespaceOf(home) };
    serviceAccount(home, `ServiceAccount-${account}`, name, part);
    const role = grantInNamespace(runs, `Rights-${account}`, { name, part, rules, to });
    if (home !== runs) grantInNamespace(home, 'Rights-beside', { name, part, rules: BESIDE, to });
    exempt(role, {
      rule: 'secret-access',
      reason:
        'REANA keeps the secrets of each user in a Secret whose name it makes when it meets the user',
    });
  }
  addSccs(runs, site);
}

/** Runs are made while REANA works, so what admits them is granted beforehand: to the ServiceAccounts that they use alone. */
function addSccs(scope: Construct, site: ReanaSite): void {
  const { rootInRuns } = site.props;
  if (rootInRuns === undefined || rootInRuns === 'refused') return;
  const part = site.part('workflow-controller');
  const namespace = site.runsNamespace;
  grantScc(scope, 'SccRuntime', {
    // Ours is the user of the jobs from the beginning.
    scc: jobControllerOf(site.backends) === undefined ? 'anyuid' : 'nonroot',
    part,
    serviceAccount: { name: site.nameOf('runtime'), namespace },
  });
  grantScc(scope, 'SccJobs', {
    scc: 'nonroot',
    part,
    serviceAccount: { name: 'default', namespace },
  });
}
