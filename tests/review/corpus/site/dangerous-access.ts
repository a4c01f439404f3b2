import type { JsonObject } from '../../../../plan/model';
import { change, type Case } from '../case';
import { C, edit, edited, made, netns, T } from '../edit';
import * as o from './objects';
import * as c from './objects-cluster';

const RBAC = 'rbac.authorization.k8s.io/v1';
const clusterRole = (...rules: JsonObject[]) =>
  made('ClusterRole', 'corpus-site', { rules }, RBAC, null);
const bound = (...subjects: JsonObject[]) =>
  made(
    'ClusterRoleBinding',
    'corpus-site',
    {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'corpus-site' },
      subjects,
    },
    RBAC,
    null,
  );
const hubUser = { kind: 'ServiceAccount', name: 'hub', namespace: 'corpus' };
const reads = { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] };
/** A right more for the account of a program that users reach. */
const gains = (name: string, rule: JsonObject): Case =>
  change(name, [clusterRole(reads)], [clusterRole(reads, rule)], [o.hubAccount, bound(hubUser)]);
const core = (resources: string[], verbs: string[]): JsonObject => ({
  apiGroups: [''],
  resources,
  verbs,
});

const scc = made(
  'SecurityContextConstraints',
  'corpus-batch',
  {
    priority: null,
    users: ['system:serviceaccount:corpus:hub'],
    groups: [],
    allowPrivilegedContainer: false,
    allowHostDirVolumePlugin: false,
    allowHostNetwork: false,
    allowHostPID: false,
    allowHostIPC: false,
    allowHostPorts: false,
    allowPrivilegeEscalation: false,
    requiredDropCapabilities: ['ALL'],
    runAsUser: { type: 'MustRunAsNonRoot' },
    seLinuxContext: { type: 'MustRunAs' },
    fsGroup: { type: 'MustRunAs' },
    supplementalGroups: { type: 'RunAsAny' },
    volumes: ['configMap', 'emptyDir', 'secret', 'persistentVolumeClaim'],
  },
  'security.openshift.io/v1',
  null,
);
const oauth = made(
  'OAuth',
  'cluster',
  {
    spec: {
      identityProviders: [
        {
          name: 'lab',
          type: 'LDAP',
          mappingMethod: 'claim',
          ldap: { url: 'ldaps://ldap.example.org/o=lab?uid', insecure: false },
        },
        {
          name: 'cern',
          type: 'OpenID',
          mappingMethod: 'claim',
          openID: { clientID: 'okd', issuer: 'https://auth.example.org' },
        },
      ],
    },
  },
  'config.openshift.io/v1',
  null,
);
const harbor = (kind: string, name: string, fields: JsonObject) =>
  made(kind, name, fields, 'harbor.beamline/v1', null);
const grafana = o.workload(
  'Deployment',
  'grafana',
  o.podOf('grafana', { env: [{ name: 'GF_AUTH_ANONYMOUS_ENABLED', value: 'false' }] }),
  { replicas: 2 },
);
const external = o.operated('external-secrets.io/v1', 'ExternalSecret', 'pg', {
  secretStoreRef: { name: 'vault', kind: 'SecretStore' },
  target: { name: 'pg', creationPolicy: 'Owner', deletionPolicy: 'Retain' },
  data: [{ secretKey: 'password', remoteRef: { key: 'pg' } }],
});
const enforced = (level: string, more: Record<string, string> = {}) =>
  netns({ 'pod-security.kubernetes.io/enforce': level, ...more });
const images = made(
  'ValidatingAdmissionPolicyBinding',
  'corpus-images',
  { spec: { policyName: 'corpus-images', validationActions: ['Deny'] } },
  'admissionregistration.k8s.io/v1',
  null,
);

/** Who could get in, and who could no longer. */
export const SITE_DANGEROUS_ACCESS: readonly Case[] = [
  gains('hub may read secrets everywhere', core(['secrets'], ['get', 'list'])),
  gains('hub may run commands in pods', core(['pods/exec'], ['create'])),
  gains('hub may act as users', core(['users', 'groups'], ['impersonate'])),
  gains('hub may ask for tokens of accounts', core(['serviceaccounts/token'], ['create'])),
  gains('hub may talk to kubelets', core(['nodes/proxy'], ['get', 'create'])),
  gains('hub may make volumes of the cluster', core(['persistentvolumes'], ['create'])),
  gains('hub may bind roles', {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['clusterrolebindings'],
    verbs: ['create'],
  }),
  gains('hub may escalate roles', {
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['clusterroles'],
    verbs: ['escalate', 'bind', 'update'],
  }),
  gains('hub may write webhooks', {
    apiGroups: ['admissionregistration.k8s.io'],
    resources: ['mutatingwebhookconfigurations'],
    verbs: ['create', 'update'],
  }),
  gains('hub may sign certificates', {
    apiGroups: ['certificates.k8s.io'],
    resources: ['certificatesigningrequests/approval', 'signers'],
    verbs: ['update', 'approve'],
  }),
  gains('hub may use every SCC', {
    apiGroups: ['security.openshift.io'],
    resources: ['securitycontextconstraints'],
    verbs: ['use'],
  }),
  gains('hub may taint and label nodes', core(['nodes'], ['patch', 'update'])),
  edit(
    'every user edits',
    clusterRole(reads),
    'metadata/labels',
    { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' },
    [],
  ),
  edit(
    'every account of a namespace',
    bound(hubUser),
    'subjects/+',
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:serviceaccounts' },
    [clusterRole(core(['pods', 'secrets'], ['*']))],
  ),
  edit(
    'everybody, signed in or not',
    bound(hubUser),
    'subjects/+',
    { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:unauthenticated' },
    [clusterRole(reads)],
  ),
  edit(
    'hub may no longer start pods',
    o.hubRole,
    'rules/0/verbs',
    ['get', 'list'],
    [o.hub, ...o.HUB.filter((one) => one !== o.hubRole)],
  ),
  change(
    'binding of the hub deleted',
    [o.hubBinding],
    [],
    [o.hub, o.hubRole, o.hubAccount, o.hubClaim],
  ),
  edit(
    'hub under an account that is not there',
    o.hub,
    `${T}/serviceAccountName`,
    'jupyterhub',
    o.HUB,
  ),
  edit('SCC for every user', scc, 'groups', ['system:authenticated']),
  edit('SCC first of all', edited(scc, 'groups', ['system:serviceaccounts']), 'priority', 20),
  edit('SCC lets directories of the node in', scc, 'volumes/+', 'hostPath'),
  edit('SCC lets any user id in', scc, 'runAsUser/type', 'RunAsAny'),
  edit('SCC lets containers be privileged', scc, 'allowPrivilegedContainer', true),
  edit(
    'SCC for nobody',
    scc,
    'users',
    [],
    [edited(o.hub, `${T}/securityContext/runAsUser`, 0), o.hubAccount],
  ),

  edit('project lets privileged pods in', enforced('restricted'), 'metadata/labels', {
    'pod-security.kubernetes.io/enforce': 'privileged',
  }),
  edit(
    'project keeps out its own agents',
    enforced('privileged'),
    'metadata/labels',
    { 'pod-security.kubernetes.io/enforce': 'restricted' },
    [o.cvmfsNode],
  ),
  edit('privileged notebook service', o.hub, `${C}/securityContext`, { privileged: true }, o.HUB),
  edit(
    'container runtime socket in a pod',
    o.squid,
    `${T}/volumes/+`,
    { name: 'cri', hostPath: { path: '/run/containerd/containerd.sock' } },
    [o.squidConfig],
  ),
  edit('processes of the node in view', o.squid, `${T}/hostPID`, true, [o.squidConfig]),
  edit(
    'may trace anything',
    o.squid,
    `${C}/securityContext/capabilities/add`,
    ['SYS_PTRACE', 'SYS_ADMIN'],
    [o.squidConfig],
  ),
  edit(
    'without a filter of system calls',
    o.squid,
    `${T}/securityContext/seccompProfile/type`,
    'Unconfined',
    [o.squidConfig],
  ),
  edit(
    'another owner of the hub files',
    o.hub,
    `${T}/securityContext`,
    { runAsNonRoot: true, runAsUser: 2000 },
    o.HUB,
  ),
  edit('nobody may pull', o.hub, `${T}/imagePullSecrets`, undefined, o.HUB),
  edit('sign-in of the lab is gone', oauth, 'spec/identityProviders', [
    {
      name: 'cern',
      type: 'OpenID',
      mappingMethod: 'claim',
      openID: { clientID: 'okd', issuer: 'https://auth.example.org' },
    },
  ]),
  edit('sign-ins share accounts', oauth, 'spec/identityProviders/1/mappingMethod', 'add'),
  edit('passwords to LDAP in the clear', oauth, 'spec/identityProviders/0/ldap', {
    url: 'ldap://ldap.example.org/o=lab?uid',
    insecure: true,
  }),
  edit(
    'hub takes any name',
    o.hubConfig,
    'data/jupyterhub_config.py',
    "c.JupyterHub.authenticator_class = 'dummy'\nc.JupyterHub.db_url = 'sqlite:////srv/jupyterhub/jupyterhub.sqlite'\n",
    [o.hub],
  ),
  edit(
    'hub lets everybody in who can sign in',
    o.hubConfig,
    'data/jupyterhub_config.py',
    "c.JupyterHub.authenticator_class = 'generic-oauth'\nc.GenericOAuthenticator.allow_all = True\nc.JupyterHub.db_url = 'sqlite:////srv/jupyterhub/jupyterhub.sqlite'\n",
    [o.hub],
  ),
  edit('Grafana without sign-in', grafana, `${C}/env/0/value`, 'true'),
  edit(
    'database without passwords',
    o.postgres,
    `${C}/env/+`,
    { name: 'POSTGRES_HOST_AUTH_METHOD', value: 'trust' },
    o.PG,
  ),
  edit(
    'HTCondor takes everybody',
    o.condorConfig,
    'data/50-site.conf',
    'SEC_DEFAULT_AUTHENTICATION = OPTIONAL\nSEC_DEFAULT_AUTHENTICATION_METHODS = CLAIMTOBE\nALLOW_WRITE = *\nNUM_SLOTS = 8\n',
    [o.schedd],
  ),
  edit(
    'open proxy',
    o.squidConfig,
    'data/squid.conf',
    'http_access allow all\ncache_mem 512 MB\n',
    [o.squid, o.squidService],
  ),
  edit(
    'Harbor project for everybody',
    harbor('HarborProject', 'cms', { spec: { public: false } }),
    'spec/public',
    true,
  ),
  edit('password of the database is another', o.pgSecret, 'stringData/password', 'b', [o.postgres]),
  change('what keeps the secret is deleted', [external], [], [o.postgres]),
  edit('policy of images only tells', images, 'spec/validationActions', ['Audit']),
  edit(
    'certificates that nobody trusts',
    c.acme,
    'spec/acme/server',
    'https://acme-staging-v02.api.letsencrypt.org/directory',
    [c.hubCertificate],
  ),
  edit(
    'certificate without a name that is served',
    c.hubCertificate,
    'spec/dnsNames',
    ['hub.example.org'],
    [c.hubIngress, c.acme],
  ),
  edit('certificate in another secret', c.hubCertificate, 'spec/secretName', 'hub-tls-2', [
    c.hubIngress,
    c.acme,
  ]),
];
