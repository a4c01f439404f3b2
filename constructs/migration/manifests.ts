import { ApiObject, App, Chart } from 'cdk8s';

import { serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { attachTarget, type Target } from '../targets';
import { COPY_ACCOUNT, COPY_PART, CopyJob } from './copy-job';
import type { CopyJobProps } from './copy-props';

/** The objects that a task needs in a namespace, its Job last. Plain JSON, to be sent as it is. */
export function copyManifests(target: Target, namespace: string, props: CopyJobProps): object[] {
  const app = new App();
  attachTarget(app, target);
  const chart = new Chart(app, 'Migration', { namespace });
  serviceAccount(chart, 'ServiceAccount', COPY_ACCOUNT, COPY_PART);
  const scc = sccFor(props.user.kind);
  if (scc !== undefined) {
    const account = { name: COPY_ACCOUNT, namespace };
    grantScc(chart, 'Scc', { scc, part: COPY_PART, serviceAccount: account });
  }
  new CopyJob(chart, 'Copy', props);
  return chart.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((object): object => {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- cdk8s types a rendered object as any
      return object.toJson();
    });
}

function sccFor(user: CopyJobProps['user']['kind']): 'nonroot' | 'anyuid' | undefined {
  switch (user) {
    case 'usual':
      return undefined;
    case 'user':
      return 'nonroot';
    case 'root':
      return 'anyuid';
  }
}
