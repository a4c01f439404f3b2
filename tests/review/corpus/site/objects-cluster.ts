import { made } from '../edit';
import { global, operated } from './objects';

export const ssd = made(
  'StorageClass',
  'corpus-ssd',
  {
    provisioner: 'rook-ceph.rbd.csi.ceph.com',
    parameters: { clusterID: 'rook-ceph', pool: 'ssd' },
    reclaimPolicy: 'Retain',
    allowVolumeExpansion: true,
  },
  'storage.k8s.io/v1',
  null,
);
/** Dataset space, exported by an NFS server of the site. */
export const datasets = made(
  'PersistentVolume',
  'corpus-datasets',
  {
    spec: {
      capacity: { storage: '200Ti' },
      accessModes: ['ReadWriteMany'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: '',
      mountOptions: ['hard', 'nfsvers=4.1'],
      nfs: { server: 'nas.example.org', path: '/export/datasets' },
    },
  },
  'v1',
  null,
);
export const datasetsClaim = made('PersistentVolumeClaim', 'datasets', {
  spec: {
    accessModes: ['ReadWriteMany'],
    storageClassName: '',
    volumeName: 'corpus-datasets',
    resources: { requests: { storage: '200Ti' } },
  },
});
/** A Gluster volume of OKD 3.11: an Endpoints with its bricks, a Service that keeps it, a volume that names it. */
export const bricks = made('Endpoints', 'gluster', {
  subsets: [{ addresses: [{ ip: '198.51.100.4' }, { ip: '198.51.100.5' }], ports: [{ port: 1 }] }],
});
export const bricksService = made('Service', 'gluster', { spec: { ports: [{ port: 1 }] } });
/** A worker with disks of its own. */
export const worker = made(
  'Node',
  'corpus-worker-1',
  {
    metadata: {
      name: 'corpus-worker-1',
      labels: { 'kubernetes.io/hostname': 'corpus-worker-1', 'example.org/disks': 'nvme' },
    },
    spec: {},
  },
  'v1',
  null,
);

const ROOK = 'ceph.rook.io/v1';
export const cephCluster = operated(ROOK, 'CephCluster', 'rook-ceph', {
  dataDirHostPath: '/var/lib/rook',
  cephVersion: { image: 'quay.io/ceph/ceph:v19.2.2' },
  mon: { count: 3, allowMultiplePerNode: false },
  storage: {
    useAllNodes: false,
    useAllDevices: false,
    nodes: [
      { name: 's1', devices: [{ name: 'nvme0n1' }] },
      { name: 's2', devices: [{ name: 'nvme0n1' }] },
      { name: 's3', devices: [{ name: 'nvme0n1' }] },
    ],
  },
});
export const objectStore = operated(ROOK, 'CephObjectStore', 'rgw', {
  preservePoolsOnDelete: true,
  metadataPool: { replicated: { size: 3 } },
  dataPool: { erasureCoded: { dataChunks: 4, codingChunks: 2 } },
  gateway: { port: 80, instances: 2 },
});
export const ssdPool = operated(ROOK, 'CephBlockPool', 'ssd', {
  failureDomain: 'host',
  replicated: { size: 3 },
});
export const sharedFs = operated(ROOK, 'CephFilesystem', 'home', {
  metadataPool: { replicated: { size: 3 } },
  dataPools: [{ name: 'data0', replicated: { size: 3 } }],
  preserveFilesystemOnDelete: true,
  metadataServer: { activeCount: 1, activeStandby: true },
});

export const acme = global('cert-manager.io/v1', 'ClusterIssuer', 'corpus-acme', {
  acme: {
    server: 'https://acme-v02.api.letsencrypt.org/directory',
    privateKeySecretRef: { name: 'acme-account' },
    solvers: [{ http01: { ingress: { ingressClassName: 'traefik' } } }],
  },
});
export const hubCertificate = operated('cert-manager.io/v1', 'Certificate', 'hub', {
  secretName: 'hub-tls',
  dnsNames: ['hub.example.org', 'jupyter.example.org'],
  issuerRef: { name: 'corpus-acme', kind: 'ClusterIssuer' },
});
export const hubIngress = made(
  'Ingress',
  'hub',
  {
    metadata: {
      name: 'hub',
      namespace: 'corpus',
      annotations: { 'nginx.ingress.kubernetes.io/whitelist-source-range': '131.225.0.0/16' },
    },
    spec: {
      ingressClassName: 'nginx',
      tls: [{ hosts: ['hub.example.org', 'jupyter.example.org'], secretName: 'hub-tls' }],
      rules: [
        {
          host: 'hub.example.org',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'hub', port: { number: 8081 } } },
              },
            ],
          },
        },
      ],
    },
  },
  'networking.k8s.io/v1',
);

const GATEWAY = 'gateway.networking.k8s.io/v1';
export const gateway = operated(GATEWAY, 'Gateway', 'edge', {
  gatewayClassName: 'traefik',
  listeners: [
    {
      name: 'web',
      port: 443,
      protocol: 'HTTPS',
      hostname: '*.example.org',
      tls: { mode: 'Terminate', certificateRefs: [{ name: 'wildcard' }] },
      allowedRoutes: { namespaces: { from: 'Same' } },
    },
  ],
});
export const hubRoute = operated(GATEWAY, 'HTTPRoute', 'hub', {
  parentRefs: [{ name: 'edge', sectionName: 'web' }],
  hostnames: ['hub.example.org'],
  rules: [{ backendRefs: [{ name: 'hub', port: 8081 }] }],
});

export const prometheus = operated('monitoring.coreos.com/v1', 'Prometheus', 'site', {
  replicas: 2,
  retention: '90d',
  storage: {
    volumeClaimTemplate: {
      spec: { storageClassName: 'corpus-ssd', resources: { requests: { storage: '500Gi' } } },
    },
  },
});
export const addresses = operated('metallb.io/v1beta1', 'IPAddressPool', 'public', {
  addresses: ['192.0.2.0/28'],
  autoAssign: false,
});
export const scaler = made(
  'HorizontalPodAutoscaler',
  'squid',
  {
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'squid' },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } },
        },
      ],
    },
  },
  'autoscaling/v2',
);
export const queue = global('kueue.x-k8s.io/v1beta1', 'ClusterQueue', 'corpus-cms', {
  resourceGroups: [
    {
      coveredResources: ['cpu'],
      flavors: [{ name: 'any', resources: [{ name: 'cpu', nominalQuota: 400 }] }],
    },
  ],
});
