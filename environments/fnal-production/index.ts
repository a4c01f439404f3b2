import { CvmfsSite } from '../../stacks/cvmfs-site';
import { RookStack } from '../../stacks/rook-stack';
import { TenantStack } from '../../stacks/tenant-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

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

    new CvmfsSite(app, 'Cvmfs', {
      ...site.cvmfs,
      maps: { storageClass: storage.shared, sizeGiB: 20 },
    });

    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
