import { DependencyGroup } from 'constructs';

import type {
  AccessMode,
  IIngress,
  IStorageClass,
  RouteRequest,
} from '../../../constructs/contracts';
import type { ReanaProps } from '../../../constructs/workflows/reana-props';

/** A front door that notes what it is asked for. */
export function listener(serves = true): {
  readonly ingress: IIngress;
  readonly requests: RouteRequest[];
} {
  const requests: RouteRequest[] = [];
  return {
    requests,
    ingress: { route: (request) => void requests.push(request), serves: () => serves },
  };
}

/** A class that somebody else made. */
export function storageClass(className: string, ...accessModes: AccessMode[]): IStorageClass {
  return { className, accessModes, ready: new DependencyGroup() };
}

export const disk = storageClass('disk', 'ReadWriteOnce');
export const shared = storageClass('shared', 'ReadWriteOnce', 'ReadWriteMany');

/** The least that a REANA needs, on Kubernetes. */
export const minimal: ReanaProps = {
  host: 'reana.example.org',
  ingress: listener().ingress,
  workspaces: { kind: 'claim', class: shared, size: '1Ti' },
  database: { kind: 'inside', class: disk, size: '20Gi' },
  messages: { class: disk, size: '5Gi' },
  admin: { email: 'reana-admin@example.org' },
};

/** What OKD takes beside. */
export const onOkd: ReanaProps = {
  ...minimal,
  rootInRuns: { consent: 'the job controller makes the user of jobs itself' },
};
