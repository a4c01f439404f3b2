import { NfsServerStack } from '../../stacks/nfs-server-stack';
import { TenantStack } from '../../stacks/tenant-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** REANA at BNL on Kubernetes, its shared files on an NFS server inside the cluster. */
export const environment = defineEnvironment({
  name: 'bnl-reana',
  target: 'kubernetes 1.34',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  provided: [`_/storageclass.storage.k8s.io/${site.nfs.beneath}`],
  build: (app) => {
    new NfsServerStack(app, 'Storage', {
      server: {
        className: 'reana-shared-volume-storage-class',
        consent: 'REANA needs a shared volume, and this cluster has neither a filer nor a Ceph',
      },
      export: {
        storageClass: { className: site.nfs.beneath, accessModes: ['ReadWriteOnce'] },
        sizeGiB: site.nfs.sizeGiB,
      },
    });

    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
