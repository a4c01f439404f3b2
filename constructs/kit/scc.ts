import type { Construct } from 'constructs';

import { targetOf } from '../targets';
import type { Part } from './labels';
import { grantInNamespace } from './rbac';

/** A wish for more than `restricted` on OKD, for one ServiceAccount of the chart's namespace. */
export interface SccGrant {
  /** The SCC by its old name; the `-v2` form is granted where the cluster has it. */
  readonly scc: 'nonroot' | 'hostnetwork';
  readonly part: Part;
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
}

/** Lets one ServiceAccount, in its own namespace only, use an SCC. Does nothing where SCCs do not exist. */
export function grantScc(scope: Construct, id: string, grant: SccGrant): void {
  const target = targetOf(scope);
  if (!target.has('scc')) return;
  const scc = target.has('scc-v2') ? `${grant.scc}-v2` : grant.scc;
  grantInNamespace(scope, id, {
    name: `${grant.serviceAccount.name}-scc-${scc}`,
    part: grant.part,
    rules: [
      {
        apiGroups: ['security.openshift.io'],
        resources: ['securitycontextconstraints'],
        resourceNames: [scc],
        verbs: ['use'],
      },
    ],
    to: grant.serviceAccount,
  });
}
