import { App } from 'cdk8s';
import { Construct } from 'constructs';

import type { IFileShare, IIdentityProvider } from '../../constructs/contracts';
import type {
  AnalysisFacilityStackProps,
  FacilityCvmfs,
  FacilityTenant,
} from '../../stacks/analysis-facility-props';
import { AnalysisFacilityStack } from '../../stacks/analysis-facility-stack';
import { identity as people, ingress, storageClass } from '../constructs/notebooks/support';
import { appFor, Synthesized } from '../support/synth';

const ready = new Construct(new App(), 'there');
export const disk = storageClass('disk', 'ReadWriteOnce');
export const shared = storageClass('shared', 'ReadWriteOnce', 'ReadWriteMany');
export const identity: IIdentityProvider = {
  ...people,
  groups: ['cms', 'cms-admins', 'atlas', 'visitors'],
};

/** `cms.cern.ch` for the namespaces that are named. */
export function cvmfsFor(...readers: readonly string[]): FacilityCvmfs {
  const share: IFileShare = {
    claimName: 'cvmfs-cms-cern-ch',
    readOnly: true,
    userNamespaces: false,
    ready,
  };
  return {
    mountsIn: (namespace) =>
      readers.includes(namespace) ? [{ share, mountPath: '/cvmfs/cms.cern.ch' }] : [],
  };
}

const quota = { cpu: 64, memoryGiB: 256, pods: 100, storageGiB: 1000 };
export const cms: FacilityTenant = {
  name: 'cms',
  quota,
  admins: { groups: ['cms-admins'] },
  editors: { groups: ['cms'], users: ['zoe'] },
  viewers: { groups: ['visitors'] },
  dask: { clusters: 2, workers: 30, cpu: 48, memoryGiB: 200 },
  batch: { percent: 60, users: ['anna'] },
};
export const atlas: FacilityTenant = {
  name: 'atlas-prod',
  quota,
  editors: { groups: ['atlas'] },
  batch: { percent: 40, users: ['ben'] },
};

const size = { cpu: { least: 1, most: 2 }, memoryGiB: { least: 2, most: 4 } };
const image = 'registry.example.org/analysis/notebook:2025-03-14';

/** A facility of two tenants with notebooks, Dask and a pool. */
export const facility: AnalysisFacilityStackProps = {
  ingress,
  identity,
  registries: ['registry.example.org/analysis'],
  cvmfs: cvmfsFor('notebooks', 'htcondor', 'cms', 'atlas-prod'),
  dataNetworks: ['192.0.2.0/24'],
  tenants: [cms, atlas],
  notebooks: {
    host: 'hub.example.org',
    quota: { cpu: 64, memoryGiB: 256, pods: 100, storageGiB: 1000, claims: 60 },
    homes: { kind: 'claims', storageClass: shared, sizeGiB: 10 },
    database: { kind: 'sqlite', storageClass: disk },
    expect: { people: 50, sessions: 40 },
    profiles: [
      { name: 'small', title: 'Small', image, ...size, environment: { OWN: 'yes' } },
      { name: 'large', title: 'Large', image, ...size, tenants: ['cms'] },
    ],
  },
  dask: {
    profiles: [
      { name: 'small', image, ...size },
      { name: 'large', image, ...size, tenants: ['cms', 'atlas-prod'] },
    ],
    limits: { clusters: 1, workers: 10, cpu: 20, memoryGiB: 80 },
  },
  htcondor: {
    domain: 'pool.example.org',
    key: { rotation: 1 },
    submit: { nodes: 1, spool: { kind: 'claims', storageClass: disk, sizeGiB: 50 } },
    execute: { size: { kind: 'fixed', pods: 3 }, cores: 4, memoryGiB: 8, scratchGiB: 20 },
  },
};

/** What a facility renders. */
export function made(
  change: Partial<AnalysisFacilityStackProps> = {},
  target: Parameters<typeof appFor>[0] = 'okd 4.21',
): Synthesized {
  const app = appFor(target);
  new AnalysisFacilityStack(app, 'Facility', { ...facility, ...change });
  return new Synthesized(app);
}
