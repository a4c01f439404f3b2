import type { NewSite } from './answers';
import { block, type Piece } from './piece';

/** What keeps data in databases: one beginning of how they are dumped. */
export const BACKUP: Piece = {
  build: "const backup = { schedule: '30 1 * * *', keepDays: 30, size: '20Gi', class: storage };",
};

/** The registry, on the site's storage. */
export function registryPiece({ identity }: NewSite): Piece {
  return {
    imports: [['RegistryStack', 'stacks/registry-stack']],
    schemas: ['count', 'facts', 'hostName'],
    schema: "registry: facts({ host: hostName, layersGiB: count('GiB for layers of images', 1) }),",
    facts: block(`
# The registry: where clients push and pull, and room for the layers of images.
registry:
  host: registry.example.org
  layersGiB: 500
`),
    build: block(`
new RegistryStack(app, 'Registry', {
  host: site.registry.host,
  ingress: edge.ingress,
  storage: { kind: 'claim', size: \`\${site.registry.layersGiB}Gi\`, class: storage },
  database: { kind: 'inside', size: '20Gi', class: storage, backup },
  redis: { kind: 'inside', size: '2Gi', class: storage },
  trivy: { size: '10Gi', class: storage },
${identity === 'none' ? '' : '  identity,\n'}}).addDependency(edge);
`),
    readme: ['registry', 'its host name, and room for images'],
  };
}

/** CVMFS for pods that have no privilege. */
export function cvmfsPiece({ name, run, scale, target }: NewSite): Piece {
  const readers = [
    ...(run.includes('tenants') ? ['analysis'] : []),
    ...(run.includes('notebooks') ? ['notebooks'] : []),
    ...(scale.includes('htcondor') ? ['htcondor'] : []),
  ].join(', ');
  const okd = target.flavour === 'okd';
  return {
    imports: [['CvmfsSite', 'stacks/cvmfs-site']],
    whole: ['cvmfs', 'cvmfs-facts'],
    facts: block(`
# CVMFS: proxies, and NFS servers that pods mount from. The image is built from images/cvmfs-export.
cvmfs:
  consent: pods read /cvmfs without a privilege of their own
  image:
    repository: registry.${name}.example.org/beamline/cvmfs-export
    tag: 1.0.0
    cvmfs: 2.12.7
  # One of the first 256 addresses of the range of Services, which no other Service has.
  address: ${okd ? '172.30.0.49' : '10.96.0.49'}
  serviceNetwork: ${okd ? '172.30.0.0/16' : '10.96.0.0/16'}
  nodeNetworks: [192.0.2.0/24]
  podNetworks: [${okd ? '10.128.0.0/14' : '10.244.0.0/16'}]
  replicas: { min: 3, max: 6 }
  cacheGiB: 60
  quotaMiB: 50000
  stratumOnes: [cvmfs-s1-a.example.org, cvmfs-s1-b.example.org]
  # The directory of the image that has a repository's public keys, and the namespaces that get the repository.
  repositories:
    - { name: cms.cern.ch, keys: /etc/cvmfs/keys/cern.ch, readers: [${readers}] }
`),
    build: block(`
${run.includes('notebooks') ? 'const cvmfs = ' : ''}new CvmfsSite(app, 'Cvmfs', {
  ...site.cvmfs,
  maps: { storageClass: storage, sizeGiB: 20 },
});
`),
    readme: [
      'cvmfs',
      'the image that you built, your networks and Stratum-1 servers, the repositories',
    ],
  };
}

/** The hub, its homes on the site's storage. */
export function notebooksPiece({ run }: NewSite): Piece {
  const cvmfs = run.includes('cvmfs');
  return {
    imports: [['NotebooksStack', 'stacks/notebooks-stack']],
    whole: ['notebooks', 'service-facts'],
    facts: block(`
# Notebooks: what all sessions together may use, the size of one home, and what people choose from.
notebooks:
  host: notebooks.example.org
  quota: { cpu: 64, memoryGiB: 256, pods: 100, storageGiB: 2048, claims: 120 }
  homeGiB: 10
  registries: [quay.io/jupyter]
  sessions: { perUser: 1, idleMinutes: 120, longestHours: 24 }
  profiles:
    - name: small
      title: Small
      image: quay.io/jupyter/scipy-notebook:2025-03-14
      cpu: { least: 0.5, most: 2 }
      memoryGiB: { least: 2, most: 4 }
`),
    build: block(`
const { homeGiB, profiles, ...notebooks } = site.notebooks;
${cvmfs ? "const shares = cvmfs.mountsIn('notebooks');\n" : ''}new NotebooksStack(app, 'Notebooks', {
  ...notebooks,
  ingress: edge.ingress,
  identity,
  homes: { kind: 'claims', storageClass: storage, sizeGiB: homeGiB },
  database: { kind: 'sqlite', storageClass: storage },
  profiles${cvmfs ? ': profiles.map((profile) => ({ ...profile, shares }))' : ''},
});
`),
    readme: ['notebooks', 'its host name, its quota, and the images that people choose from'],
  };
}

/** REANA, its workspaces on the site's storage. */
export function reanaPiece({ identity, target }: NewSite): Piece {
  const root = target.has('scc')
    ? "  rootInRuns: { consent: 'the job controller of REANA 0.9.4 begins as root in every run' },\n"
    : '';
  return {
    imports: [['ReanaStack', 'stacks/reana-stack']],
    whole: ['reana', 'service-facts'],
    facts: block(`
# REANA: where people reach it, who runs it, and room for the files of all workflows.
reana:
  host: reana.example.org
  admin: { email: reana-admin@example.org }
  sharedGiB: 1024
`),
    build: block(`
const { sharedGiB, ...reana } = site.reana;
new ReanaStack(app, 'Reana', {
  ...reana,
  namespace: { name: 'reana', made: 'here' },
  ingress: edge.ingress,
  workspaces: { kind: 'claim', class: storage, size: \`\${sharedGiB}Gi\` },
  database: { kind: 'inside', class: storage, size: '20Gi', backup },
  messages: { class: storage, size: '5Gi' },
${root}${identity === 'none' ? '' : '  identity,\n'}});
`),
    readme: ['reana', 'its host name, its admin, and room for the files of workflows'],
  };
}
