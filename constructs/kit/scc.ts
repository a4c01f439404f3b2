import type { Construct } from 'constructs';

import { targetOf } from '../targets';
import type { Part } from './labels';
import { grantInNamespace } from './rbac';

/** A wish for more than `restricted` on OKD, for one ServiceAccount of the chart's namespace. */
export interface SccGrant {
  /** The SCC by its old name; the `-v2` form is granted where the cluster has one. */
  readonly scc: 'nonroot' | 'hostnetwork' | 'anyuid' | 'privileged' | { readonly named: string };
  readonly part: Part;
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
}

/** Lets one ServiceAccount, in its own namespace only, use an SCC. Does nothing where SCCs do not exist. */
export function grantScc(scope: Construct, id: string, grant: SccGrant): void {
  const target = targetOf(scope);
  if (!target.has('scc')) return;
  const scc = nameOf(grant.scc, target.has('scc-v2'));
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

/** Only restricted, nonroot and hostnetwork have a second form (`hep.md` 2.4). */
function nameOf(scc: SccGrant['scc'], secondForm: boolean): string {
  if (typeof scc === 'object') return scc.named;
  return secondForm && (scc === 'nonroot' || scc === 'hostnetwork') ? `${scc}-v2` : scc;
}
