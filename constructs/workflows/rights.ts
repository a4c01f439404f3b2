import type { Construct } from 'constructs';
import type { PolicyRule } from 'kubernetes-types/rbac/v1';

import { exempt } from '../kit/exceptions';
import { grantInNamespace, serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
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

/** Every call of the job controller, which runs beside each workflow: `job_monitor.py`, `kubernetes_job_manager.py`. */
const RUNTIME: readonly PolicyRule[] = [
  rule('batch', 'jobs', 'create', 'delete'),
  rule('', 'pods', 'list', 'watch'),
  rule('', 'pods/log', 'get'),
  rule('', 'secrets', 'get'),
];

/** Adds the two ServiceAccounts that speak to the API server, with what they call and nothing more. */
export function addRights(scope: Construct, site: ReanaSite): void {
  const accounts = [
    ['infrastructure', [...INFRASTRUCTURE, ...(site.sessions === undefined ? [] : SESSIONS)]],
    ['runtime', RUNTIME],
  ] as const;
  for (const [account, rules] of accounts) {
    const name = site.nameOf(account);
    const part = site.part(account === 'runtime' ? 'workflow-controller' : 'server');
    serviceAccount(scope, `ServiceAccount-${account}`, name, part);
    const role = grantInNamespace(scope, `Rights-${account}`, {
      name,
      part,
      rules,
      to: { name, namespace: site.namespace },
    });
    exempt(role, {
      rule: 'secret-access',
      reason:
        'REANA keeps the secrets of each user in a Secret whose name it makes when it meets the user',
    });
  }
  addSccs(scope, site);
}

/** Runs are made while REANA works, so what admits them is granted beforehand: to the ServiceAccounts that they use alone. */
function addSccs(scope: Construct, site: ReanaSite): void {
  const { rootInRuns } = site.props;
  if (rootInRuns === undefined || rootInRuns === 'refused') return;
  const part = site.part('workflow-controller');
  const { namespace } = site;
  grantScc(scope, 'SccRuntime', {
    scc: 'anyuid',
    part,
    serviceAccount: { name: site.nameOf('runtime'), namespace },
  });
  grantScc(scope, 'SccJobs', {
    scc: 'nonroot',
    part,
    serviceAccount: { name: 'default', namespace },
  });
}
