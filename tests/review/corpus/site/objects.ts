import type { Json, JsonObject, Manifest } from '../../../../plan/model';
import { made } from '../edit';

/** A pod of one program, as the house rules want it. */
export function podOf(name: string, more: JsonObject = {}, spec: JsonObject = {}): JsonObject {
  return {
    metadata: { labels: { app: name } },
    spec: {
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name,
          image: `harbor.example.org/site/${name}:3.2.1`,
          resources: { requests: { cpu: '250m', memory: '512Mi' }, limits: { memory: '1Gi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          ...more,
        },
      ],
      ...spec,
    },
  };
}

/** A workload that selects its pods by their `app`. */
export function workload(
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
  name: string,
  template: JsonObject,
  spec: JsonObject = {},
): Manifest {
  const selector = { matchLabels: { app: name } };
  return made(kind, name, { spec: { selector, template, ...spec } }, 'apps/v1');
}

export function claim(name: string, size: string, more: JsonObject = {}): Manifest {
  return made('PersistentVolumeClaim', name, {
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'corpus-ssd',
      resources: { requests: { storage: size } },
      ...more,
    },
  });
}

export function serviceOf(app: string, port: number, more: JsonObject = {}): Manifest {
  return made('Service', app, { spec: { selector: { app }, ports: [{ port }], ...more } });
}

export function config(name: string, data: JsonObject, namespace = 'corpus'): Manifest {
  return made('ConfigMap', name, { data }, 'v1', namespace);
}

export const onClaim = (claimName: string, name = 'data'): JsonObject => ({
  name,
  persistentVolumeClaim: { claimName },
});
export const fromConfig = (name: string): JsonObject => ({ name: 'conf', configMap: { name } });

/** Something of an operator's, in the namespace. */
export function operated(apiVersion: string, kind: string, name: string, spec: Json): Manifest {
  return made(kind, name, { spec }, apiVersion);
}

/** Something of an operator's, of the whole cluster. */
export function global(apiVersion: string, kind: string, name: string, spec: Json): Manifest {
  return made(kind, name, { spec }, apiVersion, null);
}

const MOUNT = { volumeMounts: [{ name: 'data', mountPath: '/srv/jupyterhub' }] };

/** JupyterHub with its SQLite on a claim. */
export const hubClaim = claim('hub-db', '1Gi');
export const hub = workload(
  'Deployment',
  'hub',
  podOf(
    'hub',
    { ...MOUNT, ports: [{ containerPort: 8081, name: 'http' }] },
    {
      serviceAccountName: 'hub',
      automountServiceAccountToken: true,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 },
      imagePullSecrets: [{ name: 'harbor-pull' }],
      volumes: [onClaim('hub-db'), fromConfig('hub-config')],
    },
  ),
  { replicas: 1, strategy: { type: 'Recreate' } },
);
export const hubConfig = config('hub-config', {
  'jupyterhub_config.py':
    "c.JupyterHub.authenticator_class = 'generic-oauth'\nc.GenericOAuthenticator.allowed_groups = {'cms'}\nc.JupyterHub.db_url = 'sqlite:////srv/jupyterhub/jupyterhub.sqlite'\n",
});
export const hubRole = made(
  'Role',
  'hub',
  { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'create', 'delete'] }] },
  'rbac.authorization.k8s.io/v1',
);
export const hubBinding = made(
  'RoleBinding',
  'hub',
  {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'hub' },
    subjects: [{ kind: 'ServiceAccount', name: 'hub', namespace: 'corpus' }],
  },
  'rbac.authorization.k8s.io/v1',
);
export const hubAccount = made('ServiceAccount', 'hub', {});
export const hubService = serviceOf('hub', 8081, { ports: [{ port: 8081, targetPort: 'http' }] });
export const HUB = [hubClaim, hubConfig, hubRole, hubBinding, hubAccount, hubService];

/** A Postgres of three, each with a volume of its own. */
export const postgres = workload(
  'StatefulSet',
  'postgres',
  podOf('postgres', {
    image: 'docker.io/library/postgres:16.4',
    ports: [{ containerPort: 5432, name: 'pg' }],
    env: [
      { name: 'PGDATA', value: '/var/lib/postgresql/data/pg' },
      { name: 'POSTGRES_PASSWORD', valueFrom: { secretKeyRef: { name: 'pg', key: 'password' } } },
    ],
    volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }],
  }),
  {
    replicas: 3,
    serviceName: 'postgres',
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: {
          accessModes: ['ReadWriteOnce'],
          storageClassName: 'corpus-ssd',
          resources: { requests: { storage: '50Gi' } },
        },
      },
    ],
  },
);
export const pgSecret = made('Secret', 'pg', { type: 'Opaque', stringData: { password: 'a' } });
export const pgService = serviceOf('postgres', 5432, { clusterIP: 'None' });
export const PG = [pgSecret, pgService];

/** The CSI driver's node plugin, which mounts `/cvmfs` on every node. */
export const cvmfsNode = workload(
  'DaemonSet',
  'cvmfs-csi-node',
  podOf(
    'cvmfs-csi-node',
    {
      securityContext: { privileged: true },
      volumeMounts: [
        { name: 'autofs', mountPath: '/cvmfs', mountPropagation: 'Bidirectional' },
        { name: 'conf', mountPath: '/etc/cvmfs/default.local', subPath: 'default.local' },
      ],
    },
    {
      securityContext: {},
      volumes: [
        { name: 'autofs', hostPath: { path: '/var/cvmfs', type: 'DirectoryOrCreate' } },
        fromConfig('cvmfs'),
      ],
    },
  ),
  { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } },
);
export const cvmfsConfig = config('cvmfs', {
  'default.local':
    'CVMFS_HTTP_PROXY="http://squid.corpus:3128"\nCVMFS_REPOSITORIES=cms.cern.ch,atlas.cern.ch\nCVMFS_NFS_SOURCE=yes\nCVMFS_NFS_SHARED=/var/lib/cvmfs-maps\nCVMFS_QUOTA_LIMIT=20000\n',
});
export const cvmfsDriver = made(
  'CSIDriver',
  'cvmfs.csi.corpus.example.org',
  { spec: { attachRequired: false, podInfoOnMount: true } },
  'storage.k8s.io/v1',
  null,
);

/** The site's web cache. */
export const squid = workload(
  'Deployment',
  'squid',
  podOf(
    'squid',
    { ports: [{ containerPort: 3128, name: 'proxy' }] },
    {
      volumes: [fromConfig('squid')],
    },
  ),
  { replicas: 2 },
);
export const squidConfig = config('squid', {
  'squid.conf':
    'acl site src 131.225.0.0/16\nhttp_access allow site\nhttp_access deny all\ncache_mem 512 MB\n',
});
export const squidService = serviceOf('squid', 3128, {
  type: 'LoadBalancer',
  loadBalancerIP: '192.0.2.7',
  loadBalancerSourceRanges: ['131.225.0.0/16'],
  ports: [{ port: 3128, targetPort: 'proxy' }],
});

/** HTCondor's access point, whose queue is on a claim, and its workers. */
export const schedd = workload(
  'StatefulSet',
  'schedd',
  podOf(
    'schedd',
    { volumeMounts: [{ name: 'data', mountPath: '/var/lib/condor/spool' }] },
    {
      terminationGracePeriodSeconds: 600,
      volumes: [onClaim('spool'), fromConfig('condor')],
    },
  ),
  { replicas: 1, serviceName: 'schedd' },
);
export const startd = workload(
  'Deployment',
  'startd',
  podOf('startd', {}, { terminationGracePeriodSeconds: 86_400, volumes: [fromConfig('condor')] }),
  { replicas: 8 },
);
export const condorConfig = config('condor', {
  '50-site.conf':
    'SEC_DEFAULT_AUTHENTICATION = REQUIRED\nSEC_DEFAULT_AUTHENTICATION_METHODS = IDTOKENS\nALLOW_WRITE = *@corpus.example.org\nNUM_SLOTS = 8\n',
});
