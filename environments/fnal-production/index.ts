import { secretFromConfig } from '../../constructs/kit/secret-value';
import { EDGE_SERVICES } from '../../constructs/tenancy/edge-services';
import { AnalysisFacilityStack } from '../../stacks/analysis-facility-stack';
import { CvmfsSite } from '../../stacks/cvmfs-site';
import { EdgeStack } from '../../stacks/edge-stack';
import { IdentityStack } from '../../stacks/identity-stack';
import { EdgeGrantStack } from '../../stacks/edge-grant-stack';
import { StorageMonitoringStack } from '../../stacks/storage-monitoring-stack';
import { RookStack } from '../../stacks/rook-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** OKD's monitoring of users' workloads takes monitors with any labels. */
const MONITORING = { by: 'prometheus-operator', labels: {} } as const;
const COLLECTORS = ['openshift-user-workload-monitoring'];

/** Fermilab's production cluster: OKD 4 with Ceph by Rook, Gluster gone. */
export const environment = defineEnvironment({
  name: 'fnal-production',
  target: 'okd 4.21',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  build: (app) => {
    const storage = new RookStack(app, 'Storage', {
      operator: { consent: 'Ceph owns the disks of the storage nodes' },
      cluster: { storage: { on: 'devices', nodes: site.storageNodes } },
      pools: [
        { name: 'block', data: { kind: 'replicated', copies: 3 } },
        { name: 'block-data', data: { kind: 'erasure-coded', data: 4, coding: 2 } },
      ],
      filesystem: { name: 'okd' },
      block: { className: 'ceph-block', pool: 'block', dataPool: 'block-data' },
      shared: { className: 'cephfs', isDefault: true },
      capacity: site.capacity,
      objects: { name: 'objects' },
    });

    const cvmfs = new CvmfsSite(app, 'Cvmfs', {
      ...site.cvmfs,
      maps: { storageClass: storage.shared, sizeGiB: 20 },
    });

    const { ingress } = new EdgeStack(app, 'Edge', {
      ingress: { kind: 'routes', internalNetworks: site.internalNetworks },
    });
    const { client, admins, ...provider } = site.identity;
    const { identity } = new IdentityStack(app, 'Identity', {
      people: {
        kind: 'oidc',
        product: 'keycloak',
        ...provider,
        admins: { groups: admins },
        clients: { jupyterhub: { id: client, secret: secretFromConfig('jupyterhubClient') } },
      },
      ingress,
    });

    const { homeGiB, ...notebooks } = site.facility.notebooks;
    const { domain, keyRotation, spoolGiB, pods, ...execute } = site.htcondor;
    new AnalysisFacilityStack(app, 'Facility', {
      ...site.facility,
      ingress,
      identity,
      cvmfs,
      tenants: site.tenants,
      notebooks: {
        ...notebooks,
        homes: { kind: 'claims', storageClass: storage.shared, sizeGiB: homeGiB },
        database: { kind: 'sqlite', storageClass: storage.block },
      },
      htcondor: {
        domain,
        key: { rotation: keyRotation },
        submit: {
          nodes: 1,
          spool: { kind: 'claims', storageClass: storage.block, sizeGiB: spoolGiB },
        },
        execute: { ...execute, size: { kind: 'fixed', pods } },
      },
      monitoring: MONITORING,
      monitoringNamespaces: COLLECTORS,
    });
    new StorageMonitoringStack(app, 'StorageMonitoring', {
      namespace: 'rook-ceph',
      monitoring: MONITORING,
      claims: ['notebooks', 'cvmfs', 'htcondor'],
      ceph: { namespace: 'rook-ceph', monitoringNamespaces: COLLECTORS },
    }).addDependency(storage);

    new EdgeGrantStack(app, 'EdgeGrant', {
      ...EDGE_SERVICES.hostedCe,
      ...site.edge,
      team: 'osg',
      to: 'anywhere',
      longestDays: 200,
    });
  },
});
