import { DOORED, type NewSite } from './answers';
import { block, type Piece } from './piece';
import { facilityPieces, isFacility } from './pieces-facility';
import { identityPiece } from './pieces-people';
import { BACKUP, cvmfsPiece, notebooksPiece, reanaPiece, registryPiece } from './pieces-services';
import { storagePiece } from './pieces-storage';

/** What a site is made of, in the order in which it is read. */
export function piecesOf(site: NewSite): Piece[] {
  const facility = isFacility(site);
  return [
    clusterPiece(site),
    storagePiece(site),
    ingressPiece(site),
    ...(site.run.includes('welcome') ? [WELCOME] : []),
    identityPiece(site),
    ...(site.run.includes('registry') || site.run.includes('reana') ? [BACKUP] : []),
    ...(site.run.includes('registry') ? [registryPiece(site)] : []),
    ...(site.run.includes('cvmfs') ? [cvmfsPiece(site)] : []),
    ...(site.run.includes('notebooks') && !facility ? [notebooksPiece(site)] : []),
    ...(site.run.includes('reana') ? [reanaPiece(site)] : []),
    ...(facility ? facilityPieces(site) : site.run.includes('tenants') ? [TENANTS] : []),
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
  const named = run.some((item) => DOORED.includes(item)) ? 'const edge = ' : '';
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
      return nginx(named, target.has('ingress-class') ? 'class' : 'annotation');
    case 'none':
      return {};
  }
}

function nginx(named: string, by: 'class' | 'annotation'): Piece {
  return {
    imports: [['EdgeStack', 'stacks/edge-stack']],
    schemas: ['cidr', 'facts', 'label', 'listOf'],
    schema: block(`
ingress: facts({
  by: facts({ ${by}: label }),
  pods: facts({ namespace: label }),
  internalNetworks: listOf(cidr, 'networks'),
}),
`),
    facts: block(`
# The ingress-nginx of the cluster: what its Ingresses are marked by, where its pods are; and the networks whose clients see what is not public.
ingress:
  by: { ${by}: nginx }
  pods: { namespace: ingress-nginx }
  internalNetworks: [192.0.2.0/24]
`),
    build: block(`
${named}new EdgeStack(app, 'Edge', {
  ingress: { kind: 'existing', controller: 'nginx', ...site.ingress },
});
`),
    readme: ['ingress', 'where the ingress-nginx of the cluster is, and the networks of the site'],
  };
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
