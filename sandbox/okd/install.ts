import { Target } from '../../constructs/targets';
import { defaultSccs } from '../../constructs/targets/sccs/defaults';
import { sccManifest } from '../../constructs/targets/sccs/scc';
import type { ApiClient } from '../control-plane/api';

const SCCS = '/apis/security.openshift.io/v1/securitycontextconstraints';

const CLUSTER_ROLES = '/apis/rbac.authorization.k8s.io/v1/clusterroles';
const READ_WRITE = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
];

/**
 * What the admin of a project has on OKD beyond Kubernetes' own `admin`, of the APIs that we render (openshift-apiserver,
 * pkg/bootstrappolicy/policy.go: the role that is aggregated to `admin`).
 */
const PROJECT_ADMIN = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: {
    name: 'system:openshift:aggregate-to-admin',
    labels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' },
  },
  rules: [
    { apiGroups: ['route.openshift.io'], resources: ['routes'], verbs: READ_WRITE },
    { apiGroups: ['route.openshift.io'], resources: ['routes/custom-host'], verbs: ['create'] },
    { apiGroups: ['image.openshift.io'], resources: ['imagestreams'], verbs: READ_WRITE },
    {
      apiGroups: ['project.openshift.io'],
      resources: ['projects'],
      verbs: ['get', 'patch', 'update', 'delete'],
    },
  ],
};

/** Gives a control plane that serves OKD's APIs the constraints that an OKD of the version has, which nothing enforces here, and its project admins. */
export async function installOkd(api: ApiClient, okd: string): Promise<void> {
  const sccs = defaultSccs(Target.parse(`okd ${okd}`).okdMinor).map(sccManifest);
  await Promise.all([
    ...sccs.map((scc) => api.apply(`${SCCS}/${scc.metadata.name}`, scc)),
    api.apply(`${CLUSTER_ROLES}/${PROJECT_ADMIN.metadata.name}`, PROJECT_ADMIN),
  ]);
}
