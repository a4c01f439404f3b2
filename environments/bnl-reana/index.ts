import { TenantStack } from '../../stacks/tenant-stack';
import { defineEnvironment } from '../environment';
import { site } from './site';

/** REANA at BNL on Kubernetes, its shared files on NFS from inside the cluster. */
export const environment = defineEnvironment({
  name: 'bnl-reana',
  target: 'kubernetes 1.34',
  cluster: { kind: 'kubeconfig', ...site.cluster },
  data: 'keep',
  build: (app) => {
    for (const tenant of site.tenants) new TenantStack(app, `Tenant-${tenant.name}`, tenant);
  },
});
