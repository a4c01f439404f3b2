/** Objects that need what a real cluster has beside its control plane, in the order they are made. */
export const THINGS: readonly { readonly path: string; readonly body: object }[] = [
  storageClass('immediate', { reclaimPolicy: 'Delete', allowVolumeExpansion: true }),
  storageClass('late', { reclaimPolicy: 'Retain', volumeBindingMode: 'WaitForFirstConsumer' }),
  storageClass('gluster', { provisioner: 'kubernetes.io/glusterfs' }),
  claim('now', 'immediate'),
  claim('used', 'late'),
  claim('unused', 'late'),
  claim('old', 'gluster'),
  {
    path: '/api/v1/namespaces/default/pods',
    body: {
      metadata: { name: 'user' },
      spec: {
        containers: [
          { name: 'c', image: 'example.org/c:1', volumeMounts: [{ name: 'v', mountPath: '/v' }] },
        ],
        volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'used' } }],
      },
    },
  },
  {
    path: '/apis/batch/v1/namespaces/default/jobs',
    body: {
      metadata: { name: 'once' },
      spec: {
        template: {
          spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'example.org/c:1' }] },
        },
      },
    },
  },
  {
    path: '/api/v1/namespaces/default/services',
    body: { metadata: { name: 'front' }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } },
  },
  {
    path: '/apis/networking.k8s.io/v1/namespaces/default/ingresses',
    body: {
      metadata: { name: 'front' },
      spec: { defaultBackend: { service: { name: 'front', port: { number: 80 } } } },
    },
  },
  {
    path: '/apis/route.openshift.io/v1/namespaces/default/routes',
    body: {
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name: 'front' },
      spec: { host: 'front.example.org', to: { kind: 'Service', name: 'front' } },
    },
  },
  {
    path: '/apis/user.openshift.io/v1/groups',
    body: {
      apiVersion: 'user.openshift.io/v1',
      kind: 'Group',
      metadata: { name: 'physicists' },
      users: ['ada'],
    },
  },
];

/** The definition of a kind whose operator is not there, as small as it can be. */
export const CEPH_CLUSTERS = {
  path: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  body: {
    metadata: { name: 'cephclusters.ceph.rook.io' },
    spec: {
      group: 'ceph.rook.io',
      scope: 'Namespaced',
      names: { kind: 'CephCluster', plural: 'cephclusters', singular: 'cephcluster' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          },
        },
      ],
    },
  },
};

function storageClass(name: string, fields: object): { path: string; body: object } {
  const body = { metadata: { name }, provisioner: 'example.org/nfs', ...fields };
  return { path: '/apis/storage.k8s.io/v1/storageclasses', body };
}

function claim(name: string, storageClassName: string): { path: string; body: object } {
  const resources = { requests: { storage: '1Gi' } };
  const spec = { accessModes: ['ReadWriteOnce'], storageClassName, resources };
  return {
    path: '/api/v1/namespaces/default/persistentvolumeclaims',
    body: { metadata: { name }, spec },
  };
}
