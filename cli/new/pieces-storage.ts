import type { NewSite } from './answers';
import { block, type Piece } from './piece';

/** Where claims come from. What needs a class finds it as `storage`. */
export function storagePiece(site: NewSite): Piece {
  const used = needsClass(site);
  switch (site.storage) {
    case 'nfs':
      return {
        ...filer(site.name),
        imports: [['StorageStack', 'stacks/storage-stack']],
        build: block(`
${used ? 'const { nfs: storage } = ' : ''}new StorageStack(app, 'Storage', {
  nfs: { ...site.filer, className: 'nfs', isDefault: true },
});
`),
      };
    case 'nfs-csi':
      return {
        ...filer(site.name),
        imports: [['NfsCsiStack', 'stacks/nfs-csi-stack']],
        build: block(`
const { server, path: share } = site.filer;
${used ? 'const storage = ' : ''}new NfsCsiStack(app, 'Storage', {
  driver: { consent: 'volumes of the filer are mounted by a pod on every node' },
  classes: [{ className: 'nfs', server, share, isDefault: true }],
})${used ? ".classOf('nfs')" : ''};
`),
      };
    case 'rook':
      return rook(used, site.scale.includes('htcondor'));
    case 'ceph':
      return ceph(used);
    case 'existing':
      return existing(used, site.scale.includes('htcondor'));
    case 'none':
      return {};
  }
}

/** Whether something of the site names the class. */
function needsClass({ run }: NewSite): boolean {
  return run.some((item) => item !== 'welcome' && item !== 'tenants');
}

function filer(name: string): Piece {
  return {
    schemas: ['absolutePath', 'facts', 'server'],
    schema: 'filer: facts({ server, path: absolutePath }),',
    facts: block(`
# The NFS server and the directory of it that holds the claims.
filer:
  server: nfs1.${name}.example.org
  path: /export/${name}
`),
    readme: ['filer', 'the NFS server, and the directory that holds the claims'],
  };
}

function rook(used: boolean, disks: boolean): Piece {
  return {
    imports: [['RookStack', 'stacks/rook-stack']],
    whole: ['rook', 'service-facts'],
    facts: block(`
# Ceph by Rook: its nodes by the names that the cluster has for them, and what of their disks it takes. Everything on these is lost.
rook:
  nodes:
    - { name: ceph1.example.org, devices: [nvme0n1] }
    - { name: ceph2.example.org, devices: [nvme0n1] }
    - { name: ceph3.example.org, devices: [nvme0n1] }
  pools: [{ name: block, data: { kind: replicated, copies: 3 } }]
  filesystem: { name: site }
  block: { className: ceph-block, pool: block }
  shared: { className: cephfs, isDefault: true }
  objects: { name: objects }
`),
    build: block(`
const { nodes, ...rook } = site.rook;
${used ? `const { shared: storage${disks ? ', block: disks' : ''} } = ` : ''}new RookStack(app, 'Storage', {
  ...rook,
  operator: { consent: 'Ceph owns the disks of the storage nodes' },
  cluster: { storage: { on: 'devices', nodes } },
});
`),
    readme: ['rook', 'the nodes whose disks Ceph may take, and the disks'],
  };
}

function ceph(used: boolean): Piece {
  return {
    imports: [['CephCsiStack', 'stacks/ceph-csi-stack']],
    whole: ['ceph', 'service-facts'],
    facts: block(`
# The Ceph outside of the cluster: its fsid, its monitors, and the users whose keys are in Secrets of the namespace ceph-csi.
ceph:
  clusterId: 00000000-0000-4000-8000-0000000000ce
  monitors: ['192.0.2.11:6789', '192.0.2.12:6789', '192.0.2.13:6789']
  cephfs:
    users:
      provisioner: { id: csi-cephfs-provisioner, key: { from: secret, name: cephfs-provisioner } }
      node: { id: csi-cephfs-node, key: { from: secret, name: cephfs-node } }
    filesystems: [{ name: site, dataPools: [site-data] }]

# The file system of it that holds the claims.
filesystem: site
`),
    build: block(`
const { filesystem } = site;
${used ? 'const storage = ' : ''}new CephCsiStack(app, 'Storage', {
  ceph: { ...site.ceph, consent: 'the Ceph of the site is mounted by a pod on every node' },
  classes: [{ of: 'cephfs', className: 'cephfs', filesystem, isDefault: true }],
})${used ? ".classOf('cephfs')" : ''};
`),
    schemas: ['label'],
    schema: 'filesystem: label,',
    readme: [
      'ceph',
      'the fsid, the monitors, the users and the file system: `ceph fsid`, `ceph fs ls`',
    ],
  };
}

/** Classes of the cluster: one for claims of one node and of many, and where a queue needs it one of disks. */
function existing(used: boolean, disks: boolean): Piece {
  return {
    schemas: ['label'],
    schema: `storageClass: label,${disks ? '\ndiskClass: label,' : ''}`,
    facts: `# The storage class that the cluster has, for claims of one node and of many.
storageClass: standard${disks ? '\n\n# Its class of block devices, for claims of one node: a queue is no file on NFS.\ndiskClass: disks' : ''}`,
    readme: disks
      ? ['storageClass', 'the name of a class: `kubectl get storageclass`; `diskClass` likewise']
      : ['storageClass', 'the name of a class: `kubectl get storageclass`'],
    entry: disks
      ? block(`
provided: [site.storageClass, site.diskClass].map(
    (name) => \`_/storageclass.storage.k8s.io/\${name}\`,
  ),
`)
      : 'provided: [`_/storageclass.storage.k8s.io/${site.storageClass}`],',
    ...(used
      ? {
          imports: [['ProjectStorageStack', 'stacks/project-storage-stack']],
          build: [
            "const accessModes = ['ReadWriteOnce', 'ReadWriteMany'] as const;",
            given('storage', 'Storage', 'className: site.storageClass, accessModes'),
            ...(disks
              ? [
                  given(
                    'disks',
                    'Disks',
                    "className: site.diskClass, accessModes: ['ReadWriteOnce']",
                  ),
                ]
              : []),
          ].join('\n'),
        }
      : {}),
  };
}

function given(name: string, id: string, storageClass: string): string {
  return block(`
const { storageClass: ${name} } = new ProjectStorageStack(app, '${id}', {
  project: 'storage',
  storageClass: { ${storageClass} },
  claims: [],
});
`);
}
