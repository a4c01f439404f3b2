import { setTimeout as sleep } from 'node:timers/promises';

import type { Report, Task } from '../../upstream/progress';
import { installApis } from '../apis/install';
import { installOkd } from '../okd/install';
import { ApiClient } from './api';
import { layoutOf, type ControlPlaneSpec } from './layout';
import { countNodes, reconcileNodes } from './nodes';

/** Brings nodes and APIs to what the environment wants, and waits until the nodes are ready. */
export async function furnish(spec: ControlPlaneSpec, task: Task, report: Report): Promise<string> {
  const api = ApiClient.for(layoutOf(spec.directory));
  if (api === undefined)
    throw new Error(
      `the control plane in '${spec.directory}' has no kubeconfig; delete it and start again`,
    );
  try {
    task.update('nodes');
    await reconcileNodes(api, spec.nodes, spec.okd !== undefined);
    task.update('APIs');
    await installApis(api, spec.okd === undefined ? 'kubernetes' : 'okd', report);
    if (spec.okd !== undefined) await installOkd(api, spec.okd);
    await until(async () => {
      const { ready, total } = await countNodes(api);
      return ready === total;
    }, 'its nodes were not ready after a minute');
    // The controller manager makes it; pods of a namespace are refused until then.
    const account = '/api/v1/namespaces/default/serviceaccounts/default';
    await until(
      async () => (await api.call('GET', account)).status === 200,
      'its controllers did not begin to work within a minute',
    );
    return api.server;
  } finally {
    await api.close();
  }
}

async function until(condition: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await sleep(50);
  }
}
