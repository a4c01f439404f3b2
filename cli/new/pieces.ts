import type { NewSite } from './answers';
import { identityPiece, registryPiece } from './pieces-people';
import { block, type Piece } from './piece';

/** What a site is made of, in the order in which it is read. */
export function piecesOf(site: NewSite): Piece[] {
  return [
    clusterPiece(site),
    storagePiece(site),
    ingressPiece(site),
    ...(site.run.includes('welcome') ? [WELCOME] : []),
    ...(site.identity === 'none' ? [] : [identityPiece(site.identity)]),
    ...(site.run.includes('registry') ? [registryPiece(site)] : []),
    ...(site.run.includes('tenants') ? [TENANTS] : []),
  ];
}

function clusterPiece({ name }: NewSite): Piece {
  return {
    schemas: ['pinnedCluster'],
    schema: 'cluster: pinnedCluster,',
    facts: block(`
# The one cluster this environment may ever be deployed to. Any other is refused.
cluster:
  context: ${name}
  server: https://api.${name}.example.org:6443
  # kubectl get namespace kube-system -o jsonpath={.metadata.uid}
  clusterId: 00000000-0000-4000-8000-000000000000
`),
    readme: [
      'cluster',
      'the context of your kubeconfig, the API server and the id of your cluster',
    ],
  };
}

function storagePiece({ name, storage, run }: NewSite): Piece {
  const filer = {
    schemas: ['absolutePath', 'facts', 'server'],
    schema: 'filer: facts({ server, path: absolutePath }),',
    facts: block(`
# The NFS server and the directory of it that holds the claims.
filer:
  server: nfs1.${name}.example.org
  path: /export/${name}
`),
    readme: ['filer', 'the NFS server, and the directory that holds the claims'],
  } as const;
  switch (storage) {
    case 'nfs':
      return {
        ...filer,
        imports: [['StorageStack', 'stacks/storage-stack']],
        build: run.includes('registry')
          ? block(`
const storage = new StorageStack(app, 'Storage', {
  nfs: { ...site.filer, className: 'nfs', isDefault: true },
}).nfs;
`)
          : block(`
new StorageStack(app, 'Storage', {
  nfs: { ...site.filer, className: 'nfs', isDefault: true },
});
`),
      };
    case 'nfs-csi':
      return {
        ...filer,
        imports: [['NfsCsiStack', 'stacks/nfs-csi-stack']],
        build: block(`
const { server, path: share } = site.filer;
${run.includes('registry') ? 'const csi = ' : ''}new NfsCsiStack(app, 'Storage', {
  driver: { consent: 'volumes of the filer are mounted by a pod on every node' },
  classes: [{ className: 'nfs', server, share, isDefault: true }],
});
${run.includes('registry') ? "const storage = csi.classes.get('nfs');\nif (storage === undefined) throw new Error('the class nfs is not among those of the driver');\n" : ''}`),
      };
    case 'existing':
      return {
        schemas: ['label'],
        schema: 'storageClass: label,',
        facts:
          '# The storage class that the cluster has, for claims of one node and of many.\nstorageClass: standard',
        readme: ['storageClass', 'the name of a class: `kubectl get storageclass`'],
        entry: 'provided: [`_/storageclass.storage.k8s.io/${site.storageClass}`],',
        ...(run.includes('registry') ? GIVEN_CLASS : {}),
      };
    case 'none':
      return {};
  }
}

const GIVEN_CLASS: Piece = {
  imports: [['ProjectStorageStack', 'stacks/project-storage-stack']],
  build: block(`
const { storageClass: storage } = new ProjectStorageStack(app, 'Storage', {
  project: 'registry',
  storageClass: {
    className: site.storageClass,
    accessModes: ['ReadWriteOnce', 'ReadWriteMany'],
  },
  claims: [],
});
`),
};

const NETWORKS = {
  schemas: ['cidr', 'facts', 'listOf'],
  schema: "ingress: facts({ internalNetworks: listOf(cidr, 'networks') }),",
  facts: block(`
# The networks whose clients see what is not public.
ingress:
  internalNetworks: [192.0.2.0/24]
`),
  readme: ['ingress', 'the networks of the site'],
} as const;

function ingressPiece({ ingress, target, run }: NewSite): Piece {
  const named = run.some((item) => item !== 'tenants') ? 'const edge = ' : '';
  const imports = [['EdgeStack', 'stacks/edge-stack']] as const;
  switch (ingress) {
    case 'traefik':
      return {
        ...NETWORKS,
        imports,
        build: block(`
${named}new EdgeStack(app, 'Edge', {
  ingress: { kind: 'traefik', ...site.ingress, exposure: { type: 'LoadBalancer' } },
});
`),
      };
    case 'routes':
      return {
        ...NETWORKS,
        imports,
        build: `${named}new EdgeStack(app, 'Edge', { ingress: { kind: 'routes', ...site.ingress } });`,
      };
    case 'nginx':
      return {
        ...NETWORKS,
        imports,
        build: block(`
${named}new EdgeStack(app, 'Edge', {
  ingress: {
    kind: 'existing',
    controller: 'nginx',
    by: { ${target.has('ingress-class') ? 'class' : 'annotation'}: 'nginx' },
    pods: { namespace: 'ingress-nginx' },
    ...site.ingress,
  },
});
`),
      };
    case 'none':
      return {};
  }
}

const WELCOME: Piece = {
  imports: [['WelcomeStack', 'stacks/welcome-stack']],
  schemas: ['facts', 'hostName'],
  schema: 'welcome: facts({ host: hostName }),',
  facts: block(`
# The page that shows whether the front door works.
welcome:
  host: welcome.example.org
`),
  build: block(`
const welcome = new WelcomeStack(app, 'Welcome', { ...site.welcome, ingress: edge.ingress });
welcome.addDependency(edge);
`),
  readme: ['welcome', 'a host name that leads to the front door'],
};

const TENANTS: Piece = {
  imports: [['TenantStack', 'stacks/tenant-stack']],
  schemas: ['listOf', 'tenant'],
  schema: "tenants: listOf(tenant, 'tenants'),",
  facts: block(`
# Groups of people with a namespace of their own. Groups and users are named as the identity provider names them.
tenants:
  - name: analysis
    quota: { cpu: 16, memoryGiB: 64, pods: 50, storageGiB: 500 }
    admins: { groups: [analysis-admins] }
    editors: { groups: [analysis] }
`),
  build:
    'for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);',
  readme: ['tenants', 'who gets a namespace, how much of the cluster, and who may do what there'],
};
