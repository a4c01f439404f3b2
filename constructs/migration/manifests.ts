import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

import { serviceAccount } from '../kit/rbac';
import { grantScc } from '../kit/scc';
import { attachTarget, type Target } from '../targets';
import { COPY_ACCOUNT, COPY_PART, CopyJob } from './copy-job';
import type { CopyJobProps, CopyUser } from './copy-props';
import { ReceiveJob, SendJob } from './crossing-jobs';
import type { ReceiveProps, SendProps } from './crossing-props';

/** The objects that a task needs in a namespace, its Job last. Plain JSON, to be sent as it is. */
export function copyManifests(target: Target, namespace: string, props: CopyJobProps): object[] {
  return taskManifests(target, namespace, props.user, (chart) => new CopyJob(chart, 'Copy', props));
}

/** The same for the end of a copy that is in another cluster than its source. */
export function receiveManifests(target: Target, namespace: string, props: ReceiveProps): object[] {
  return taskManifests(
    target,
    namespace,
    props.user,
    (chart) => new ReceiveJob(chart, 'Receive', props),
  );
}

/** The same for a task whose claim and copy are in two clusters. */
export function sendManifests(target: Target, namespace: string, props: SendProps): object[] {
  return taskManifests(target, namespace, props.user, (chart) => new SendJob(chart, 'Send', props));
}

function taskManifests(
  target: Target,
  namespace: string,
  user: CopyUser,
  add: (chart: Chart) => Construct,
): object[] {
  const app = new App();
  attachTarget(app, target);
  const chart = new Chart(app, 'Migration', { namespace });
  serviceAccount(chart, 'ServiceAccount', COPY_ACCOUNT, COPY_PART);
  const scc = sccFor(user.kind);
  if (scc !== undefined) {
    const account = { name: COPY_ACCOUNT, namespace };
    grantScc(chart, 'Scc', { scc, part: COPY_PART, serviceAccount: account });
  }
  add(chart);
  return chart.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((object): object => {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-return -- cdk8s types a rendered object as any
      return object.toJson();
    });
}

function sccFor(user: CopyUser['kind']): 'nonroot' | 'anyuid' | undefined {
  switch (user) {
    case 'usual':
      return undefined;
    case 'user':
      return 'nonroot';
    case 'root':
      return 'anyuid';
  }
}
