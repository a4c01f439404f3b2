/** A right to use SCCs that every OKD gives from the start, beside the users and groups that an SCC names. */
export interface DefaultUse {
  readonly group: string;
  /** Name of the SCC, or `*` for every one. */
  readonly scc: string;
}

/**
 * Who may use what by bindings that OKD installs. Source: openshift/cluster-kube-apiserver-operator,
 * `bindata/bootkube/scc-manifests/*_crb-systemauthenticated-scc-*`, release-4.11 to release-4.22; cluster-admins may do everything:
 * kubernetes/kubernetes, `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go` (system:masters), and openshift/origin,
 * `pkg/cmd/server/bootstrappolicy/policy.go` (system:cluster-admins).
 *
 * A cluster that began before 4.11 and was upgraded keeps `restricted` for everybody: `upgraded`.
 */
export function defaultUses(minor: number, upgraded: boolean): readonly DefaultUse[] {
  const everybody = 'system:authenticated';
  return [
    ...(minor >= 11 ? [{ group: everybody, scc: 'restricted-v2' }] : []),
    ...(minor >= 20 ? [{ group: everybody, scc: 'restricted-v3' }] : []),
    ...(minor >= 11 && upgraded ? [{ group: everybody, scc: 'restricted' }] : []),
    { group: 'system:masters', scc: '*' },
    { group: 'system:cluster-admins', scc: '*' },
  ];
}

/**
 * The SCC that a ClusterRole of OKD's own lets its subjects use, or undefined. Source: the manifests `*_cr-scc-*` of the same folder, which are
 * there since release-4.8. Up to release-4.14 the role for `hostmount-anyuid` was called `system:openshift:scc:hostmount` and named an SCC that
 * does not exist; later releases still have that role beside the right one.
 */
export function sccOfClusterRole(role: string, minor: number): string | undefined {
  const scc = /^system:openshift:scc:(.+)$/.exec(role)?.[1];
  if (scc === undefined || minor < 8) return undefined;
  const since = ROLES.get(scc);
  return since !== undefined && since <= minor ? scc : undefined;
}

/** Name of the ClusterRole that lets its subjects use an SCC, or undefined where OKD has none. */
export function clusterRoleOf(scc: string, minor: number): string | undefined {
  const role = `system:openshift:scc:${scc}`;
  return sccOfClusterRole(role, minor) === undefined ? undefined : role;
}

const ROLES = new Map([
  ...[
    'anyuid',
    'hostaccess',
    'hostmount',
    'hostnetwork',
    'nonroot',
    'privileged',
    'restricted',
  ].map((name) => [name, 8] as const),
  ...['hostnetwork-v2', 'nonroot-v2', 'restricted-v2'].map((name) => [name, 11] as const),
  ['hostmount-anyuid', 15],
  ['hostmount-anyuid-v2', 17],
  ['nested-container', 20],
  ['restricted-v3', 20],
]);
