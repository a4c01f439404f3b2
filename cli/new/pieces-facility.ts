import type { NewSite } from './answers';
import { block, type Piece } from './piece';

/** Whether notebooks and tenants are one analysis facility. */
export function isFacility({ scale }: NewSite): boolean {
  return scale.length > 0;
}

/** The analysis facility: tenants, notebooks, and what they scale out to. */
export function facilityPieces(site: NewSite): Piece[] {
  return [
    facility(site),
    ...(site.scale.includes('htcondor') ? [POOL] : []),
    { ...TENANTS, build: stack(site) },
  ];
}

function facility(site: NewSite): Piece {
  const { scale, run } = site;
  const dask = scale.includes('dask');
  const name = dask ? 'facility' : 'facilityWithoutDask';
  return {
    imports: [['AnalysisFacilityStack', 'stacks/analysis-facility-stack']],
    beside: {
      name: 'facility',
      gives: 'facilityOn',
      what: 'the facility',
      text: (prefix) => props(site, prefix),
    },
    taken: [[name, 'facility-facts']],
    schema: `${dask ? 'facility' : `facility: ${name}`},`,
    facts: block(`
# The analysis facility: where images come from, the networks of the site's data, and notebooks: what all sessions together may use, held
# against what is expected, the size of one home, and what people choose from.
facility:
  registries: [quay.io/jupyter${dask ? ', ghcr.io/dask' : ''}]
  dataNetworks: []
  notebooks:
    host: notebooks.example.org
    quota: { cpu: 64, memoryGiB: 256, pods: 100, storageGiB: 2048, claims: 120 }
    homeGiB: 10
    expect: { people: 100, sessions: 50 }
    sessions: { perUser: 1, idleMinutes: 120, longestHours: 24 }
    profiles:
      - name: small
        title: Small
        image: quay.io/jupyter/scipy-notebook:2025-03-14
        cpu: { least: 0.5, most: 2 }
        memoryGiB: { least: 2, most: 4 }
${dask ? DASK_FACTS : ''}`),
    readme: [
      'facility',
      `the hub's host name, its quota, ${run.includes('cvmfs') ? 'your data networks, ' : ''}and the images that people choose from`,
    ],
  };
}

const DASK_FACTS = `  # Clusters run in the tenant's namespace and count against its quota. Limits are for one person.
  dask:
    profiles:
      - name: small
        image: ghcr.io/dask/dask-gateway:2026.3.0
        cpu: { least: 1, most: 2 }
        memoryGiB: { least: 2, most: 4 }
    limits: { clusters: 1, workers: 4, cpu: 8, memoryGiB: 24 }
`;

const POOL: Piece = {
  whole: ['htcondor', 'facility-facts'],
  facts: block(`
# The batch pool. Its name is the part behind the '@' of everybody's name in tokens.
htcondor:
  domain: pool.example.org
  keyRotation: 1
  spoolGiB: 100
  pods: 3
  cores: 8
  memoryGiB: 32
  scratchGiB: 100
`),
  readme: ['htcondor', 'the name of the pool, and how large it is'],
};

const TENANTS: Piece = {
  schemas: ['listOf'],
  taken: [['facilityTenant', 'facility-facts']],
  schema: "tenants: listOf(facilityTenant, 'tenants'),",
  facts: block(`
# Groups of people with a namespace of their own, who share the facility. Groups and users are named as the identity provider names them.
tenants:
  - name: analysis
    quota: { cpu: 16, memoryGiB: 64, pods: 50, storageGiB: 500 }
    admins: { groups: [analysis-admins] }
    editors: { groups: [analysis] }
`),
  readme: ['tenants', 'who gets a namespace, how much of the cluster, and who may do what there'],
};

function stack({ run, scale }: NewSite): string {
  return block(`
new AnalysisFacilityStack(app, 'Facility', {
  ...facilityOn({ ${scale.includes('htcondor') ? 'storage, disks' : 'storage'} }),
  ingress: edge.ingress,
  identity,
${run.includes('cvmfs') ? '  cvmfs,\n' : ''}}).addDependency(edge);
`);
}

/** What the facility is made of, in `facility.ts`. */
function props({ ingress, scale }: NewSite, prefix: string): string {
  // Where the front door is a Traefik of the site's own, it brings the definitions that Dask's proxy needs.
  const dask =
    scale.includes('dask') && ingress === 'traefik'
      ? "    dask: { ...site.facility.dask, proxyDefinitions: 'cluster' },\n"
      : '';
  const pool = scale.includes('htcondor');
  const classes = ['storage', ...(pool ? ['disks'] : [])];
  return `import type { IStorageClass } from '${prefix}/constructs/contracts';
import type { AnalysisFacilityStackProps } from '${prefix}/stacks/analysis-facility-props';
import { site } from './site';

type Classes = Record<${classes.map((one) => `'${one}'`).join(' | ')}, IStorageClass>;
type Facility = Omit<AnalysisFacilityStackProps, 'ingress' | 'identity' | 'cvmfs'>;

const { homeGiB, ...notebooks } = site.facility.notebooks;
${pool ? 'const { domain, keyRotation, spoolGiB, pods, ...execute } = site.htcondor;\n' : ''}
/** The facility, its homes${pool ? ' and the queue of its pool' : ''} on these classes. */
export function facilityOn({ ${classes.join(', ')} }: Classes): Facility {
  return {
    ...site.facility,
    tenants: site.tenants,
    notebooks: {
      ...notebooks,
      homes: { kind: 'claims', storageClass: storage, sizeGiB: homeGiB },
      database: { kind: 'sqlite', storageClass: storage },
    },
${dask}${pool ? POOL_PROPS : ''}${scale.includes('spark') ? '    spark: {},\n' : ''}  };
}
`;
}

const POOL_PROPS = `    htcondor: {
      domain,
      key: { rotation: keyRotation },
      submit: { nodes: 1, spool: { kind: 'claims', storageClass: disks, sizeGiB: spoolGiB } },
      execute: { ...execute, size: { kind: 'fixed', pods } },
    },
`;
