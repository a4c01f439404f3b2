import type { Scc } from '../../../constructs/targets/sccs/scc';

/** Somebody whose rights count: the one who creates a pod, or the pod's own ServiceAccount. */
export interface Subject {
  readonly kind: 'user' | 'serviceaccount';
  readonly name: string;
  readonly groups: readonly string[];
  /** Whether bindings let it use the SCC of that name, in the namespace of the pod. */
  readonly mayUse: (scc: string) => boolean;
}

/** User name of a ServiceAccount. */
export function accountName(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`;
}

/**
 * Groups that a ServiceAccount is in. When admission asks on behalf of a pod's account, `system:authenticated` is not among them
 * (`serviceaccount.UserInfo` of k8s.io/apiserver): what everybody may use comes in through the one who creates the pod.
 */
export function accountGroups(namespace: string): string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** Who of the subjects may use an SCC: those that it names, or that a binding does. The account is asked before the user. */
export function usableBy(scc: Scc, subjects: readonly Subject[]): Subject['kind'] | undefined {
  const kinds = subjects
    .filter(
      ({ name, groups, mayUse }) =>
        scc.users.includes(name) ||
        groups.some((group) => scc.groups.includes(group)) ||
        mayUse(scc.name),
    )
    .map(({ kind }) => kind);
  return kinds.includes('serviceaccount') ? 'serviceaccount' : kinds[0];
}
